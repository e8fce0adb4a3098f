package klink.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.layout.Addresses;
import klink.place.OutputSection;

/// What stands between input sections: the fill pattern of the script, else no-operations in code and
/// zeros in data; and the bytes of the script's own data commands.
final class Gaps {
    private final List<Addresses.FillFrom> fills = new ArrayList<>();
    private final List<Addresses.Data> data = new ArrayList<>();
    private final Machine machine;
    private final boolean code;

    Gaps(Addresses at, OutputSection out, Machine machine) {
        this.machine = machine;
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
        code = (out.flags() & Elf.SHF_EXECINSTR) != 0;
    }

    /// Fills `[from, to)` of the section in a buffer whose first byte is offset `base` of it. Where the script
    /// moved the location counter or put data, one gap ends and the pattern starts anew.
    void fill(byte[] buffer, long base, long from, long to) {
        if (from >= to) {
            return;
        }
        for (Addresses.FillFrom f : fills) {
            if (f.offset() > from && f.offset() < to) {
                fillGap(buffer, base, from, f.offset());
                from = f.offset();
            }
        }
        if (from < to) {
            fillGap(buffer, base, from, to);
        }
    }

    private void fillGap(byte[] buffer, long base, long from, long to) {
        byte[] pattern = null;
        for (Addresses.FillFrom f : fills) {
            if (f.offset() <= from) {
                pattern = f.pattern();
            }
        }
        if (pattern == null || pattern.length == 0) {
            if (code) {
                machine.fillCode(buffer, (int) (from - base), to - from);
            } else {
                Arrays.fill(buffer, (int) (from - base), (int) (to - base), (byte) 0);
            }
        } else if (same(pattern)) {
            Arrays.fill(buffer, (int) (from - base), (int) (to - base), pattern[0]);
        } else {
            for (long i = from; i < to; i++) {
                buffer[(int) (i - base)] = pattern[(int) ((i - from) % pattern.length)];
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
    void data(byte[] buffer, long begin, long end) {
        for (Addresses.Data d : data) {
            for (int i = 0; i < d.bytes().length; i++) {
                long o = d.offset() + i;
                if (o >= begin && o < end) {
                    buffer[(int) (o - begin)] = d.bytes()[i];
                }
            }
        }
    }
}
