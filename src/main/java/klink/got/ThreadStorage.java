package klink.got;

import klink.elf.Elf;
import klink.layout.Addresses;

/// Where the image's thread-local storage template stands (psABI, "Thread-Local Storage", variant II):
/// a thread's copy ends at its thread pointer, so that offsets from it are negative.
///
/// @param start   address of the template
/// @param pointer the address in the template that the thread pointer stands for
public record ThreadStorage(long start, long pointer) {
    /// Of the output sections that are SHF_TLS.
    public static ThreadStorage of(Addresses at) {
        long start = -1;
        long end = 0;
        long align = 1;
        for (int s = 0; s < at.sectionCount(); s++) {
            if (at.isKept(s) && (at.flags(s) & Elf.SHF_TLS) != 0) {
                start = start == -1 ? at.address(s) : start;
                end = at.address(s) + at.size(s);
                align = Math.max(align, at.alignment(s));
            }
        }
        return start == -1 ? new ThreadStorage(0, 0) : new ThreadStorage(start, start + (end - start + align - 1 & -align));
    }

    /// TPOFF of an address in the template.
    public long threadOffset(long address) {
        return address - pointer;
    }

    /// DTPOFF of an address in the template.
    public long moduleOffset(long address) {
        return address - start;
    }
}
