package klink.inspect;

import klink.mem.LE;

/// A relocation type of AAELF32 ("Relocation codes table") as data. An arm kernel has 700,000 sites; ABS32, CALL, PREL31 and the pairs of MOVW and MOVT
/// are nearly all.
///
/// Objects have no addends of their own (SHT_REL): A is what the field holds before the link ([#addend]). A branch's is counted from where the program
/// counter reads, so that S + A - P is what the field shall hold.
///
/// @param suffix the name without its `R_ARM_`
/// @param field  where the bits are
/// @param of     what is worked out
/// @param bits   of a result that is checked; 0 if none is
/// @param marks  whether X has bit 0 set where S is Thumb code (`| T`)
/// @param group  which group of a group relocation (AAELF32, "Group relocations")
record ArmRelocation(String suffix, Field field, Of of, int bits, boolean marks, int group) implements SiteType {
    enum Field {
        NONE, WORD, HALF, BYTE, BITS31, LOW12, ARM_BRANCH, ARM_MOV, ARM_ALU, ARM_LDR,
        THUMB_BRANCH24, THUMB_BRANCH20, THUMB_BRANCH11, THUMB_BRANCH8, THUMB_BRANCH6, THUMB_MOV, THUMB_ADR, THUMB_LDR, THUMB_LDR8
    }

    /// X; X - P; X - P with P a multiple of 4; the upper 16 bits of X, of X - P.
    enum Of { ABSOLUTE, PLACE, WORD_PLACE, HIGH, PLACE_HIGH }

    static ArmRelocation of(int number) {
        return switch (number) {
            case 0 -> of("NONE", Field.NONE, Of.ABSOLUTE, 0, false);
            case 40 -> of("V4BX", Field.NONE, Of.ABSOLUTE, 0, false);
            case 1 -> of("PC24", Field.ARM_BRANCH, Of.PLACE, 26, false);
            case 2 -> of("ABS32", Field.WORD, Of.ABSOLUTE, 0, true);
            case 3 -> of("REL32", Field.WORD, Of.PLACE, 0, true);
            case 5 -> of("ABS16", Field.HALF, Of.ABSOLUTE, 16, false);
            case 6 -> of("ABS12", Field.LOW12, Of.ABSOLUTE, 12, false);
            case 8 -> of("ABS8", Field.BYTE, Of.ABSOLUTE, 8, false);
            case 10 -> of("THM_CALL", Field.THUMB_BRANCH24, Of.PLACE, 25, false);
            case 11 -> of("THM_PC8", Field.THUMB_LDR8, Of.WORD_PLACE, 10, false);
            case 27 -> of("PLT32", Field.ARM_BRANCH, Of.PLACE, 26, false);
            case 28 -> of("CALL", Field.ARM_BRANCH, Of.PLACE, 26, false);
            case 29 -> of("JUMP24", Field.ARM_BRANCH, Of.PLACE, 26, false);
            case 30 -> of("THM_JUMP24", Field.THUMB_BRANCH24, Of.PLACE, 25, false);
            case 38 -> of("TARGET1", Field.WORD, Of.ABSOLUTE, 0, true);
            case 42 -> of("PREL31", Field.BITS31, Of.PLACE, 31, true);
            case 43 -> of("MOVW_ABS_NC", Field.ARM_MOV, Of.ABSOLUTE, 0, true);
            case 44 -> of("MOVT_ABS", Field.ARM_MOV, Of.HIGH, 0, false);
            case 45 -> of("MOVW_PREL_NC", Field.ARM_MOV, Of.PLACE, 0, true);
            case 46 -> of("MOVT_PREL", Field.ARM_MOV, Of.PLACE_HIGH, 0, false);
            case 47 -> of("THM_MOVW_ABS_NC", Field.THUMB_MOV, Of.ABSOLUTE, 0, true);
            case 48 -> of("THM_MOVT_ABS", Field.THUMB_MOV, Of.HIGH, 0, false);
            case 49 -> of("THM_MOVW_PREL_NC", Field.THUMB_MOV, Of.PLACE, 0, true);
            case 50 -> of("THM_MOVT_PREL", Field.THUMB_MOV, Of.PLACE_HIGH, 0, false);
            case 51 -> of("THM_JUMP19", Field.THUMB_BRANCH20, Of.PLACE, 21, false);
            case 52 -> of("THM_JUMP6", Field.THUMB_BRANCH6, Of.PLACE, 8, false);
            case 53 -> of("THM_ALU_PREL_11_0", Field.THUMB_ADR, Of.WORD_PLACE, 13, true);
            case 54 -> of("THM_PC12", Field.THUMB_LDR, Of.WORD_PLACE, 13, false);
            case 55 -> of("ABS32_NOI", Field.WORD, Of.ABSOLUTE, 0, false);
            case 56 -> of("REL32_NOI", Field.WORD, Of.PLACE, 0, false);
            case 57 -> new ArmRelocation("ALU_PC_G0_NC", Field.ARM_ALU, Of.PLACE, 0, true, 0);
            case 58 -> new ArmRelocation("ALU_PC_G0", Field.ARM_ALU, Of.PLACE, 1, true, 0);
            case 59 -> new ArmRelocation("ALU_PC_G1_NC", Field.ARM_ALU, Of.PLACE, 0, true, 1);
            case 60 -> new ArmRelocation("ALU_PC_G1", Field.ARM_ALU, Of.PLACE, 1, true, 1);
            case 61 -> new ArmRelocation("ALU_PC_G2", Field.ARM_ALU, Of.PLACE, 1, true, 2);
            case 4 -> new ArmRelocation("LDR_PC_G0", Field.ARM_LDR, Of.PLACE, 1, false, 0);
            case 62 -> new ArmRelocation("LDR_PC_G1", Field.ARM_LDR, Of.PLACE, 1, false, 1);
            case 63 -> new ArmRelocation("LDR_PC_G2", Field.ARM_LDR, Of.PLACE, 1, false, 2);
            case 102 -> of("THM_JUMP11", Field.THUMB_BRANCH11, Of.PLACE, 12, false);
            case 103 -> of("THM_JUMP8", Field.THUMB_BRANCH8, Of.PLACE, 9, false);
            default -> null;
        };
    }

    private static ArmRelocation of(String name, Field field, Of of, int bits, boolean marks) {
        return new ArmRelocation(name, field, of, bits, marks, 0);
    }

    @Override
    public String name() {
        return "R_ARM_" + suffix;
    }

    @Override
    public int width() {
        return switch (field) {
            case NONE -> 0;
            case BYTE -> 1;
            case HALF, THUMB_BRANCH11, THUMB_BRANCH8, THUMB_BRANCH6, THUMB_LDR8 -> 2;
            default -> 4;
        };
    }

    /// A branch that a veneer may make longer, and whose instruction depends on the mode of its target.
    boolean isCall() {
        return field == Field.ARM_BRANCH || field == Field.THUMB_BRANCH24;
    }

    @Override
    public boolean throughGot() {
        return false;
    }

    @Override
    public boolean isWholeAddress() {
        return field == Field.WORD && of == Of.ABSOLUTE;
    }

    private static long extend(long v, int bits) {
        return v << 64 - bits >> 64 - bits;
    }

    /// A: what the field's bits say as a number.
    long addend(long raw) {
        return switch (field) {
            case NONE -> 0;
            case WORD -> (int) raw;
            case HALF, ARM_MOV, THUMB_MOV -> (short) raw;
            case BYTE -> (byte) raw;
            case BITS31 -> extend(raw, 31);
            case LOW12 -> raw & 0xfff;
            case ARM_BRANCH -> extend(raw, 24) << 2;
            case THUMB_BRANCH24 -> extend(raw, 24) << 1;
            case THUMB_BRANCH20 -> extend(raw, 20) << 1;
            case THUMB_BRANCH11 -> extend(raw, 11) << 1;
            case THUMB_BRANCH8 -> extend(raw, 8) << 1;
            case THUMB_BRANCH6 -> raw << 1;
            case THUMB_LDR8 -> raw << 2;
            case ARM_LDR, THUMB_LDR, THUMB_ADR -> (raw & 0x1000) != 0 ? raw & 0xfff : -(raw & 0xfff);
            case ARM_ALU -> {
                long v = Integer.rotateRight((int) raw & 0xff, (int) (raw >> 8 & 15) * 2) & 0xffff_ffffL;
                yield (raw & 0x1000) != 0 ? v : -v;
            }
        };
    }

    @Override
    public long result(long x, long p) {
        return switch (of) {
            case ABSOLUTE -> (int) x;
            case PLACE -> (int) (x - p);
            case WORD_PLACE -> (int) (x - (p & -4));
            case HIGH -> (int) x >>> 16;
            case PLACE_HIGH -> (int) (x - p) >>> 16;
        };
    }

    @Override
    public boolean fits(long r) {
        return bits == 0 || switch (field) {
            case HALF, BYTE -> extend(r, bits) == r || r >>> bits == 0;
            case LOW12, THUMB_LDR8 -> r >>> bits == 0;
            case THUMB_BRANCH6 -> r + 4 >= 0 && r + 4 < 132;
            case ARM_ALU -> rest(r, group + 1) == 0;
            case ARM_LDR -> rest(r, group) < 0x1000;
            case THUMB_LDR, THUMB_ADR -> Math.abs(r) < 0x1000;
            default -> extend(r, bits) == r;
        };
    }

    /// What is left of a distance when the highest eight bits, at an even place, were taken from it so many times.
    private static long rest(long distance, int times) {
        long left = Math.abs(distance);
        for (int i = 0; i < times; i++) {
            left -= left >> place(left) << place(left);
        }
        return left;
    }

    /// The lowest even place at which eight bits take in the highest bit that is set.
    private static int place(long v) {
        int place = 0;
        while (v >> place > 0xff) {
            place += 2;
        }
        return place;
    }

    @Override
    public long truncate(long r) {
        return switch (field) {
            case NONE -> 0;
            case WORD -> r & 0xffff_ffffL;
            case HALF, ARM_MOV, THUMB_MOV -> r & 0xffff;
            case BYTE -> r & 0xff;
            case BITS31 -> r & 0x7fff_ffff;
            case LOW12 -> r & 0xfff;
            case ARM_BRANCH -> r >> 2 & 0xff_ffff;
            case THUMB_BRANCH24 -> r >> 1 & 0xff_ffff;
            case THUMB_BRANCH20 -> r >> 1 & 0xf_ffff;
            case THUMB_BRANCH11 -> r >> 1 & 0x7ff;
            case THUMB_BRANCH8 -> r >> 1 & 0xff;
            case THUMB_BRANCH6 -> r >> 1 & 0x3f;
            case THUMB_LDR8 -> r >> 2 & 0xff;
            case THUMB_LDR, THUMB_ADR -> (r < 0 ? 0 : 0x1000) | Math.abs(r) & 0xfff;
            case ARM_LDR -> (r < 0 ? 0 : 0x1000) | rest(r, group) & 0xfff;
            case ARM_ALU -> {
                long left = rest(r, group);
                int place = place(left);
                yield (r < 0 ? 0 : 0x1000) | (16 - place / 2 & 15) << 8 | left >> place;
            }
        };
    }

    /// The two halfwords of a Thumb instruction, the first one above.
    private static int thumb(byte[] b, int at) {
        return LE.u16(b, at) << 16 | LE.u16(b, at + 2);
    }

    @Override
    public long read(byte[] b, int at) {
        return switch (field) {
            case NONE -> 0;
            case WORD -> LE.u32(b, at);
            case HALF -> LE.u16(b, at);
            case BYTE, THUMB_BRANCH8, THUMB_LDR8 -> b[at] & 0xff;
            case BITS31 -> LE.u32(b, at) & 0x7fff_ffff;
            case LOW12 -> LE.u32(b, at) & 0xfff;
            case ARM_BRANCH -> LE.u32(b, at) & 0xff_ffff;
            case ARM_MOV -> LE.i32(b, at) >> 4 & 0xf000 | LE.i32(b, at) & 0xfff;
            case ARM_LDR -> LE.i32(b, at) >> 11 & 0x1000 | LE.i32(b, at) & 0xfff;
            // ADD has bit 23, SUB bit 22; with both or neither it is something else
            case ARM_ALU -> LE.i32(b, at) >> 11 & 0x1000 | LE.i32(b, at) & 0xfff | ((LE.i32(b, at) >> 22 & 1) == (LE.i32(b, at) >> 23 & 1) ? 0x2000 : 0);
            case THUMB_BRANCH11 -> LE.u16(b, at) & 0x7ff;
            case THUMB_BRANCH6 -> LE.u16(b, at) >> 4 & 0x20 | LE.u16(b, at) >> 3 & 0x1f;
            case THUMB_MOV -> immediate(thumb(b, at)) | thumb(b, at) >> 4 & 0xf000;
            case THUMB_LDR -> thumb(b, at) >> 11 & 0x1000 | thumb(b, at) & 0xfff;
            case THUMB_ADR -> immediate(thumb(b, at)) | ((thumb(b, at) & 0xa0_0000) == 0 ? 0x1000 : 0);
            case THUMB_BRANCH24 -> branch24(thumb(b, at));
            case THUMB_BRANCH20 -> {
                int i = thumb(b, at);
                yield (i >> 26 & 1) << 19 | (i >> 11 & 1) << 18 | (i >> 13 & 1) << 17 | (i >> 16 & 0x3f) << 11 | i & 0x7ff;
            }
        };
    }

    /// i:imm3:imm8.
    private static int immediate(int i) {
        return i >> 15 & 0x800 | i >> 4 & 0x700 | i & 0xff;
    }

    /// S:I1:I2:imm10:imm11, where I is the exclusive or of J and S, turned round.
    private static int branch24(int i) {
        int s = i >> 26 & 1;
        return s << 23 | (i >> 13 & 1 ^ s ^ 1) << 22 | (i >> 11 & 1 ^ s ^ 1) << 21 | (i >> 16 & 0x3ff) << 11 | i & 0x7ff;
    }

    /// Bits of the instruction that are the field's.
    private int mask() {
        return switch (field) {
            case NONE -> 0;
            case WORD -> -1;
            case HALF -> 0xffff;
            case BYTE, THUMB_BRANCH8, THUMB_LDR8 -> 0xff;
            case BITS31 -> 0x7fff_ffff;
            case LOW12 -> 0xfff;
            case ARM_BRANCH -> 0xff_ffff;
            case ARM_MOV -> 0xf_0fff;
            case ARM_LDR -> 0x80_0fff;
            case ARM_ALU -> 0xc0_0fff;
            case THUMB_BRANCH11 -> 0x7ff;
            case THUMB_BRANCH6 -> 0x2f8;
            case THUMB_MOV -> 0x40f_70ff;
            case THUMB_LDR -> 0x80_0fff;
            case THUMB_ADR -> 0x4a0_70ff;
            case THUMB_BRANCH24 -> 0x7ff_2fff;
            case THUMB_BRANCH20 -> 0x43f_2fff;
        };
    }

    /// Takes the field over from another copy of the instruction.
    void copy(byte[] from, byte[] to, int at) {
        int mask = isThumbWord() ? mask() << 16 | mask() >>> 16 : mask();
        for (int i = 0; i < width(); i++) {
            to[at + i] = (byte) (to[at + i] & ~(mask >> 8 * i) | from[at + i] & mask >> 8 * i);
        }
    }

    private boolean isThumbWord() {
        return width() == 4 && field.compareTo(Field.THUMB_BRANCH24) >= 0;
    }

    /// Only words of tables that are sorted are worked out; all other sites are read.
    @Override
    public void write(byte[] b, int at, long raw) {
        if (field != Field.WORD) {
            throw new IllegalStateException(name() + " in a sorted table");
        }
        LE.put32(b, at, (int) raw);
    }

    @Override
    public long known() {
        return field == Field.WORD || field == Field.BITS31 ? -1 : field != Field.ARM_MOV && field != Field.THUMB_MOV ? 0
                : of == Of.ABSOLUTE ? 0xffff : of == Of.HIGH ? -0x1_0000L : 0;
    }

    @Override
    public long target(long raw, long p) {
        long v = field == Field.BITS31 ? extend(raw, 31) : raw;
        return (of == Of.PLACE ? v + p : of == Of.HIGH ? v << 16 : v) & 0xffff_ffffL;
    }
}
