package klink.veneer;

import java.util.Arrays;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.mem.IntList;
import klink.mem.IntSort;

/// Where instructions begin in the Thumb code of a section, as its mapping symbols (AAELF32, "Mapping symbols") tell. Places are asked for in
/// rising order.
final class ThumbCode {
    /// Forms of 32-bit branches.
    static final int NONE = 0;
    /// `b<cond>.w`
    static final int CONDITIONAL = 1;
    /// `b.w`
    static final int JUMP = 2;
    /// `bl`
    static final int CALL = 3;
    /// `blx`
    static final int SWITCHING_CALL = 4;

    private final ObjectFile file;
    private final long start;
    /// Where runs of code or data begin, and what they are: `t`, `a`, `d`.
    private final long[] from;
    private final byte[] kind;
    /// What was decoded last: the run, the place behind it, whether the instruction there is one of 32 bits and no branch.
    private int run = -1;
    private long next;
    private boolean wide;

    ThumbCode(ObjectFile file, int section) {
        this.file = file;
        start = file.fileOffset(section);
        var found = new IntList();
        for (int i = 1; i < file.firstGlobal(); i++) {
            if (file.symbolSection(i) == section && Elf.type(file.symbolInfo(i)) == Elf.STT_NOTYPE && isMapping(file.symbolName(i))) {
                found.add(i);
            }
        }
        var order = new int[found.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = found.get(i);
        }
        IntSort.sort(order, (a, b) -> file.symbolValue(a) != file.symbolValue(b) ? Long.compare(file.symbolValue(a), file.symbolValue(b)) : Integer.compare(a, b));
        from = new long[order.length];
        kind = new byte[order.length];
        for (int i = 0; i < order.length; i++) {
            from[i] = file.symbolValue(order[i]);
            kind[i] = (byte) file.symbolName(order[i]).charAt(1);
        }
    }

    private static boolean isMapping(String name) {
        return name.length() > 1 && name.charAt(0) == '$' && "atd".indexOf(name.charAt(1)) >= 0 && (name.length() == 2 || name.charAt(2) == '.');
    }

    /// Whether an instruction begins at `offset`, in Thumb code and behind one of 32 bits that is no branch.
    boolean isBehindWide(long offset) {
        int found = Arrays.binarySearch(from, offset);
        int k = found >= 0 ? found : -found - 2;
        while (k >= 0 && k + 1 < from.length && from[k + 1] <= offset) {
            k++;
        }
        if (k < 0 || kind[k] != 't') {
            return false;
        }
        if (k != run || next > offset) {
            run = k;
            next = from[k];
            wide = false;
        }
        while (next < offset) {
            int insn = file.endian().u16(file.segment(), start + next);
            boolean two = isWide(insn);
            wide = two && branch(insn << 16 | file.endian().u16(file.segment(), start + next + 2)) == NONE;
            next += two ? 4 : 2;
        }
        return next == offset && wide;
    }

    /// Whether a halfword is the first of two (Arm Architecture Reference Manual, "Thumb instruction set encoding").
    static boolean isWide(int halfword) {
        return halfword >>> 11 > 0b11100;
    }

    /// The form of a 32-bit instruction that is a branch; the first halfword is the upper one. Of what is encoded as conditional branches with
    /// conditions that there are not GNU ld leaves out `msr` alone, and so takes `nop.w`, `mrs` and barriers for branches. Where that matters,
    /// the workaround is to have the sites that it has.
    static int branch(int insn) {
        if ((insn & 0xf800_8000) != 0xf000_8000) {
            return NONE;
        }
        return switch (insn >>> 12 & 5) {
            case 1 -> JUMP;
            case 5 -> CALL;
            case 4 -> SWITCHING_CALL;
            default -> (insn & 0x07f0_0000) == 0x0380_0000 ? NONE : CONDITIONAL;
        };
    }

    /// How far from the program counter's value a branch goes.
    static int distance(int insn) {
        int s = insn >> 26 & 1;
        int j1 = insn >> 13 & 1;
        int j2 = insn >> 11 & 1;
        int low = (insn & 0x7ff) << 1;
        if (branch(insn) == CONDITIONAL) {
            return (s << 20 | j2 << 19 | j1 << 18 | (insn >> 16 & 0x3f) << 12 | low) << 11 >> 11;
        }
        int d = (s << 24 | (j1 ^ s ^ 1) << 23 | (j2 ^ s ^ 1) << 22 | (insn >> 16 & 0x3ff) << 12 | low) << 7 >> 7;
        return branch(insn) == SWITCHING_CALL ? d & -4 : d;
    }
}
