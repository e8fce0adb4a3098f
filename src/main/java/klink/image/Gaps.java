package klink.image;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import klink.arch.X86_64;
import klink.elf.Elf;
import klink.layout.Addresses;
import klink.mem.LE;
import klink.place.OutputSection;

/// What stands between input sections: the fill pattern of the script, else no-operations in code and
/// zeros in data; and the bytes of the script's own data commands.
final class Gaps {
    private final List<Addresses.FillFrom> fills = new ArrayList<>();
    private final List<Addresses.Data> data = new ArrayList<>();
    private final boolean code;

    Gaps(Addresses at, OutputSection out, int machine) {
        for (Addresses.FillFrom f : at.fills()) {
            if (f.section() == out.id()) {
                fills.add(f);
            }
        }
        for (Addresses.Data d : at.data()) {
            if (d.section() == out.id()) {
                data.add(d);
            }
        }
        code = (out.flags() & Elf.SHF_EXECINSTR) != 0 && machine == Elf.EM_X86_64;
    }

    /// Fills `[from, to)` of the section in a buffer whose first byte is offset `base` of it.
    void fill(MemorySegment buffer, long base, long from, long to) {
        if (from >= to) {
            return;
        }
        byte[] pattern = null;
        for (Addresses.FillFrom f : fills) {
            if (f.offset() <= from) {
                pattern = f.pattern();
            }
        }
        if (pattern == null || pattern.length == 0) {
            if (code) {
                X86_64.nops(buffer, from - base, to - from);
            } else {
                buffer.asSlice(from - base, to - from).fill((byte) 0);
            }
        } else if (same(pattern)) {
            buffer.asSlice(from - base, to - from).fill(pattern[0]);
        } else {
            for (long i = from; i < to; i++) {
                LE.put8(buffer, i - base, pattern[(int) ((i - from) % pattern.length)]);
            }
        }
    }

    private static boolean same(byte[] pattern) {
        for (byte b : pattern) {
            if (b != pattern[0]) {
                return false;
            }
        }
        return true;
    }

    /// Writes the script's data that lies in `[begin, end)`.
    void data(MemorySegment buffer, long begin, long end) {
        for (Addresses.Data d : data) {
            for (int i = 0; i < d.bytes().length; i++) {
                long o = d.offset() + i;
                if (o >= begin && o < end) {
                    LE.put8(buffer, o - begin, d.bytes()[i]);
                }
            }
        }
    }
}
