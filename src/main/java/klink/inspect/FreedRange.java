package klink.inspect;

import java.util.ArrayList;
import java.util.List;
import klink.elf.Elf;

/// Memory of the kernel image that the running kernel gives back once it has booted, and says so in its log:
/// `Freeing WHAT memory: 828K`. A defconfig x86_64 kernel frees 1.6 MiB of init code and data, 48 KiB of lock
/// addresses, and up to 4 MiB that lie in the image only to keep permissions apart by 2 MiB pages.
///
/// Every range ends at symbols of the linker script, so what is freed can be told from the image alone. What is
/// freed without being part of the image (the initrd) is not here.
///
/// @param what      as in the kernel's log
/// @param gap       nothing is meant to be in it; its name for that
/// @param from      first address
/// @param to        the address behind the last
/// @param condition on what it depends that it is freed at all; empty: it always is
record FreedRange(String what, String gap, long from, long to, String condition) {
    /// Pages are freed whole. 4 KiB is the smallest that Linux has; scripts align to their own page size anyway.
    static final long PAGE = 4096;

    /// One call that frees a piece of the image, by machine (0: any other) and the symbols it is given.
    private record Fact(int machine, String what, String gap, String from, String to, String condition) {}

    /// In the order of the log. What they say: free_reserved_area(), mm/page_alloc.c; what they free on x86:
    /// alternative_instructions(), arch/x86/kernel/alternative.c; mem_encrypt_free_decrypted_mem(),
    /// arch/x86/mm/mem_encrypt_amd.c; free_initmem(), arch/x86/mm/init.c; mark_rodata_ro(), arch/x86/mm/init_64.c;
    /// on arm64: free_initmem(), arch/arm64/mm/init.c; elsewhere: free_initmem_default(), include/linux/mm.h.
    /// The same in 6.1 and 6.12.
    private static final List<Fact> FACTS = List.of(
            new Fact(Elf.EM_X86_64, "SMP alternatives", "", "__smp_locks", "__smp_locks_end", "not when it boots on one CPU and others may come"),
            new Fact(Elf.EM_X86_64, "unused decrypted", "unused decrypted memory", "__start_bss_decrypted_unused", "__end_bss_decrypted", ""),
            new Fact(Elf.EM_X86_64, "unused kernel image (initmem)", "", "__init_begin", "__init_end", ""),
            new Fact(Elf.EM_X86_64, "unused kernel image (text/rodata gap)", "text/rodata gap", "_etext", "__start_rodata", "not with rodata=off"),
            new Fact(Elf.EM_X86_64, "unused kernel image (rodata/data gap)", "rodata/data gap", "__end_rodata", "_sdata", "not with rodata=off"),
            new Fact(Elf.EM_AARCH64, "unused kernel", "", "__init_begin", "__init_end", ""),
            new Fact(0, "unused kernel image (initmem)", "", "__init_begin", "__init_end", ""));

    /// The ranges of an image, those without a page left out.
    static List<FreedRange> of(ElfImage image) {
        int machine = image.fileHeader().machine();
        boolean known = FACTS.stream().anyMatch(f -> f.machine == machine);
        var symbols = image.symbols();
        var found = new ArrayList<FreedRange>();
        for (Fact f : FACTS) {
            int from = symbols.global(f.from);
            int to = symbols.global(f.to);
            if (f.machine != (known ? machine : 0) || from < 0 || to < 0) {
                continue;
            }
            long begin = symbols.value(from) + PAGE - 1 & -PAGE;
            long end = symbols.value(to) & -PAGE;
            if (Long.compareUnsigned(begin, end) < 0) {
                found.add(new FreedRange(f.what, f.gap, begin, end, f.condition));
            }
        }
        return found;
    }

    long bytes() {
        return to - from;
    }

    /// The line of the kernel's log.
    String message() {
        return "Freeing " + what + " memory: " + bytes() / 1024 + "K";
    }

    boolean covers(long address) {
        return Long.compareUnsigned(address, from) >= 0 && Long.compareUnsigned(address, to) < 0;
    }
}
