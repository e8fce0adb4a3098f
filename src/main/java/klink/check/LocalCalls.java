package klink.check;

import java.util.BitSet;
import java.util.Map;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.mem.LE;
import klink.mem.LongList;

/// Calls and jumps that the assembler has settled itself: to a function of the same section that is local to the object.
/// No relocation tells of them, so the code is searched for branches that land on the function's first byte.
///
/// x86-64: CALL and JMP rel32, Jcc rel32 (Intel SDM vol. 2); AArch64: B and BL; Arm: B and BL (A32); Power: b and bl.
final class LocalCalls {
    private LocalCalls() {}

    /// Adds the offsets in `section` of branches to those of the functions that they lead to. All functions at once, as
    /// in a merged object many are in one section of some 20 MB.
    /// @param sites by where a function starts
    static void find(ObjectFile file, int section, Map<Long, LongList> sites) {
        long size = file.size(section);
        if (file.type(section) != Elf.SHT_PROGBITS || (file.flags(section) & Elf.SHF_EXECINSTR) == 0 || size > Integer.MAX_VALUE - 16) {
            return;
        }
        var code = new byte[(int) size];
        LE.bytes(file.segment(), file.fileOffset(section), code, 0, code.length);
        if (file.machine() == Elf.EM_X86_64 || file.machine() == Elf.EM_386) {
            x86(file, section, code, sites);
        } else {
            for (int at = 0; at + 4 <= code.length; at += 4) {
                long distance = distance(file.machine(), file.endian().i32(code, at));
                LongList found = distance == 0 ? null : sites.get(at + distance);
                if (found != null) {
                    found.add(at);
                }
            }
        }
    }

    /// The displacement is what relocations would change, so a place that has one is none of these.
    private static void x86(ObjectFile file, int section, byte[] code, Map<Long, LongList> sites) {
        BitSet relocated = null;
        for (int at = 0; at + 5 <= code.length; at++) {
            int opcode = code[at] & 0xff;
            boolean branch = opcode == 0xe8 || opcode == 0xe9 || at > 0 && code[at - 1] == 0x0f && (opcode & 0xf0) == 0x80;
            LongList found = branch ? sites.get(at + 5 + (long) LE.i32(code, at + 1)) : null;
            if (found != null) {
                relocated = relocated == null ? relocated(file, section) : relocated;
                if (!relocated.get(at + 1)) {
                    found.add(at);
                }
            }
        }
    }

    private static BitSet relocated(ObjectFile file, int section) {
        var offsets = new BitSet();
        var sites = new Sites();
        for (int rel = 1; rel < file.sectionCount(); rel++) {
            if ((file.type(rel) == Elf.SHT_RELA || file.type(rel) == Elf.SHT_REL) && file.info(rel) == section) {
                int n = sites.read(file, rel);
                for (int i = 0; i < n; i++) {
                    if (sites.offset(i) >= 0 && sites.offset(i) < file.size(section)) {
                        offsets.set((int) sites.offset(i));
                    }
                }
            }
        }
        return offsets;
    }

    /// Bytes from a branch to its target; 0 if the instruction is none, or waits for a relocation.
    private static long distance(int machine, int insn) {
        return switch (machine) {
            case Elf.EM_AARCH64 -> (insn & 0x7c00_0000) == 0x1400_0000 ? (long) (insn << 6 >> 6) << 2 : 0;
            case Elf.EM_ARM -> (insn & 0x0e00_0000) == 0x0a00_0000 && insn >>> 28 != 0xf && (insn & 0xff_ffff) != 0xff_fffe ? ((long) (insn << 8 >> 8) << 2) + 8 : 0;
            case Elf.EM_PPC64 -> insn >>> 26 == 18 && (insn & 2) == 0 ? insn << 6 >> 6 & ~3 : 0;
            default -> 0;
        };
    }
}
