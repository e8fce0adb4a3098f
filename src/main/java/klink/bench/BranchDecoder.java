package klink.bench;

import java.util.List;

/// What [BranchCheck] knows of a machine's assembly language, as objdump prints it.
interface BranchDecoder {
    /// Of no branch.
    long NONE = -1;

    /// @param machine `aarch64`, `arm`, `powerpc64le`: what binutils' names begin with
    /// @param base    the base of the table of contents, or 0
    static BranchDecoder of(String machine, long base) {
        return machine.startsWith("powerpc") ? new Ppc64(base) : machine.startsWith("arm") ? new ArmDecoder() : new Arm64();
    }

    /// The relocation types of branches.
    List<String> types();

    /// Whether relocations of an image say how far from its symbol a target is.
    default boolean hasAddends() {
        return true;
    }

    /// Takes the next instruction.
    /// @param at   its address
    /// @param text mnemonic and operands
    void take(long at, String text);

    /// Where the last instruction branches to, or [#NONE].
    long target();

    /// Where what may be a veneer begins that the last instruction ends, or [#NONE].
    long begun();

    /// Where it begins if what does nothing before it is a part of it, or [#NONE].
    default long begunEarlier() {
        return NONE;
    }

    /// Where that veneer goes.
    long end();

    /// The number at a place of a line; -1 if there is none.
    static long number(String text, int from, int radix) {
        int end = from;
        while (end < text.length() && Character.digit(text.charAt(end), radix) >= 0) {
            end++;
        }
        return end == from ? -1 : Long.parseUnsignedLong(text, from, end, radix);
    }

    /// `adrp x16, ..; add x16, x16, #0x..; br x16`.
    final class Arm64 implements BranchDecoder {
        private long target;
        private long address;
        private long start;
        private long done;

        @Override
        public List<String> types() {
            return List.of("R_AARCH64_CALL26", "R_AARCH64_JUMP26");
        }

        @Override
        public void take(long at, String text) {
            target = text.startsWith("bl\t") || text.startsWith("b\t") ? number(text, text.indexOf('\t') + 1, 16) : NONE;
            done = NONE;
            if (text.startsWith("adrp\tx16, ")) {
                address = number(text, 10, 16);
                start = at;
            } else if (text.startsWith("add\tx16, x16, #0x") && at == start + 4) {
                address += number(text, 17, 16);
            } else if (text.equals("br\tx16") && at == start + 8) {
                done = start;
            }
        }

        @Override
        public long target() {
            return target;
        }

        @Override
        public long begun() {
            return done;
        }

        @Override
        public long end() {
            return address;
        }
    }

    /// `addis r12,r2,..; addi r12,r12,..; mtctr r12; bctr`, or `pla r12,..; mtctr r12; bctr` with room around it, or `b`; any of them behind `std r2,24(r1)`.
    final class Ppc64 implements BranchDecoder {
        private final long base;
        private long target;
        private long address;
        /// Where the veneer begins, where its next instruction is to be, and how many it has; 0: none is begun.
        private long start;
        private long next;
        private int steps;
        private long done;
        /// Where the last `nop` is, and the veneer's start if that is the one before it.
        private long idle = NONE;
        private long earlier = NONE;

        Ppc64(long base) {
            this.base = base;
        }

        @Override
        public List<String> types() {
            return List.of("R_PPC64_REL24", "R_PPC64_REL24_NOTOC", "R_PPC64_REL14");
        }

        @Override
        public void take(long at, String text) {
            int blank = text.indexOf(' ');
            String op = blank < 0 ? text : text.substring(0, blank);
            String operands = blank < 0 ? "" : text.substring(blank).strip();
            target = op.startsWith("b") ? goal(operands) : NONE;
            done = NONE;
            boolean follows = steps > 0 && at == next;
            next = at + 4;
            if (op.equals("nop")) {
                idle = at;
                steps = 0;
            } else if (op.equals("std") && operands.equals("r2,24(r1)")) {
                begin(at, 1);
            } else if (op.equals("addis") && operands.startsWith("r12,r2,")) {
                begin(follows && steps == 1 ? start : at, 2);
                address = base + (Long.parseLong(operands.substring(7)) << 16);
            } else if (op.equals("addi") && operands.startsWith("r12,r12,") && follows && steps == 2) {
                address += Long.parseLong(operands.substring(8));
                steps = 3;
            } else if (op.equals("pla") && operands.startsWith("r12,")) {
                begin(at, 3);
                int comment = operands.indexOf("# ");
                address = comment < 0 ? 0 : number(operands, comment + 2, 16);
                next = at + 8;
                earlier = idle == start - 4 ? idle : NONE;
            } else if (op.equals("mtctr") && operands.equals("r12") && follows && steps == 3) {
                steps = 4;
            } else if (op.equals("bctr") && follows && steps == 4) {
                done = start;
                steps = 0;
            } else if (op.equals("b") && target != NONE) {
                done = at;
                address = target;
                steps = 0;
            } else {
                steps = 0;
            }
        }

        private void begin(long at, int count) {
            start = at;
            steps = count;
            earlier = NONE;
        }

        /// `cr7,c000000000010000 <name>`: the last operand.
        private static long goal(String operands) {
            int end = operands.indexOf(" <");
            int from = operands.lastIndexOf(',', end < 0 ? operands.length() : end) + 1;
            return end < 0 ? NONE : number(operands, from, 16);
        }

        @Override
        public long target() {
            return target;
        }

        @Override
        public long begun() {
            return done;
        }

        @Override
        public long begunEarlier() {
            return earlier;
        }

        @Override
        public long end() {
            return address;
        }
    }
}
