package klink.check;

import static klink.elf.Arm.*;

import klink.elf.Elf;
import klink.input.ObjectFile;

/// Addends that stand in the section itself (REL relocations), as scripts/mod/modpost.c decodes them: of branches,
/// the place branched to, and of half-word moves, the half that the instruction has.
///
/// Arm: ELF for the Arm Architecture, "Relocation types"; the encodings are those of the Arm Architecture
/// Reference Manual (A1 for B and BL, T3 and T4 for Thumb-2 branches). MIPS: the o32 ABI.
final class RelAddend {
    private RelAddend() {}

    /// Whether [#address] knows the type.
    static boolean isDecoded(int machine, int type) {
        return switch (machine) {
            case Elf.EM_386 -> type == 1 || type == 2;
            case Elf.EM_MIPS -> type == 2 || type == 4 || type == 6;
            case Elf.EM_ARM -> switch (type) {
                case R_ARM_PC24, R_ARM_ABS32, R_ARM_REL32, R_ARM_THM_CALL, R_ARM_CALL, R_ARM_JUMP24, R_ARM_THM_JUMP24, R_ARM_MOVW_ABS_NC,
                        R_ARM_MOVT_ABS, R_ARM_THM_MOVW_ABS_NC, R_ARM_THM_MOVT_ABS, R_ARM_THM_JUMP19 -> true;
                default -> false;
            };
            default -> false;
        };
    }

    /// @param value of the symbol; i386 and MIPS do not count it, as the symbol of an unnamed target is its section
    static long address(ObjectFile file, int section, long offset, int type, long value) {
        long at = file.fileOffset(section) + offset;
        if (file.type(section) == Elf.SHT_NOBITS || offset < 0 || offset > file.size(section) - 4) {
            throw file.bad(at, "relocation at 0x" + Long.toHexString(offset) + " lies outside section " + file.sectionName(section));
        }
        int word = file.endian().i32(file.segment(), at);
        word = file.endian().isBig() && isThumb(type) ? word << 16 | word >>> 16 : word; // halfwords in the order of code
        return switch (file.machine()) {
            case Elf.EM_386 -> (word + (type == 2 ? 4 : 0)) & 0xffff_ffffL;
            case Elf.EM_MIPS -> type == 6 ? word & 0xffff : type == 4 ? (word & 0x03ff_ffffL) << 2 : word & 0xffff_ffffL;
            default -> arm(word, type) + value;
        };
    }

    private static boolean isThumb(int type) {
        return switch (type) {
            case R_ARM_THM_CALL, R_ARM_THM_JUMP24, R_ARM_THM_MOVW_ABS_NC, R_ARM_THM_MOVT_ABS, R_ARM_THM_JUMP19 -> true;
            default -> false;
        };
    }

    private static long arm(int word, int type) {
        int upper = word & 0xffff; // a Thumb-2 instruction is two half-words, the upper first
        int lower = word >>> 16;
        return switch (type) {
            case R_ARM_MOVW_ABS_NC, R_ARM_MOVT_ABS -> signed((word & 0xf0000) >> 4 | word & 0xfff, 16);
            case R_ARM_PC24, R_ARM_CALL, R_ARM_JUMP24 -> signed((word & 0xff_ffff) << 2, 26) + 8;
            case R_ARM_THM_MOVW_ABS_NC, R_ARM_THM_MOVT_ABS ->
                signed((upper & 0xf) << 12 | (upper & 0x400) << 1 | (lower & 0x7000) >> 4 | lower & 0xff, 16);
            case R_ARM_THM_JUMP19 -> {
                int s = upper >> 10 & 1;
                int j1 = lower >> 13 & 1;
                int j2 = lower >> 11 & 1;
                yield signed(s << 20 | j2 << 19 | j1 << 18 | (upper & 0x3f) << 12 | (lower & 0x7ff) << 1, 21) + 4;
            }
            case R_ARM_THM_CALL, R_ARM_THM_JUMP24 -> {
                int s = upper >> 10 & 1;
                int i1 = ~(lower >> 13 ^ s) & 1;
                int i2 = ~(lower >> 11 ^ s) & 1;
                yield signed(s << 24 | i1 << 23 | i2 << 22 | (upper & 0x3ff) << 12 | (lower & 0x7ff) << 1, 25) + 4;
            }
            default -> word;
        };
    }

    private static int signed(int value, int bits) {
        return value << 32 - bits >> 32 - bits;
    }
}
