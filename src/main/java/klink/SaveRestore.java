package klink;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import klink.elf.Elf;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.mem.LE;

/// The functions that save and restore a powerpc function's non-volatile registers out of line, which compilers call where
/// size counts (CONFIG_CC_OPTIMIZE_FOR_SIZE) and the linker provides (Power Architecture 64-Bit ELF V2 ABI, "Register Saving and
/// Restoring Functions"). They stand in `.sfpr`: of each kind, from the lowest register that is asked for on. A kernel
/// needs at most 600 bytes of it, most kernels none.
final class SaveRestore {
    private static final int BLR = 0x4e80_0020;
    private static final int MTLR_R0 = 0x7c08_03a6;
    private static final int STD = 0xf800_0000;
    private static final int LD = 0xe800_0000;
    private static final int STFD = 0xd800_0000;
    private static final int LFD = 0xc800_0000;
    private static final int LI_R12 = 0x3980_0000;
    private static final int STVX = 0x7c00_01ce;
    private static final int LVX = 0x7c00_00ce;

    /// Functions that run into each other: `prefix`N does its work for register N, then for all above it.
    /// @param insn a load or store of one register
    /// @param base register that the save area ends at
    /// @param link what the last one does with the link register: -1 restores it, 1 saves it, 0 neither
    private record Kind(String prefix, int first, int last, int insn, int base, int link) {
        /// Bytes of the save area per register.
        int step() {
            return insn == STVX || insn == LVX ? 16 : 8;
        }
    }

    /// Restoring starts to load the link register early: there are two runs, as one may be entered at 30 (the ABI's own code).
    private static final List<Kind> KINDS = List.of(
            new Kind("_savegpr0_", 14, 31, STD, 1, 1),
            new Kind("_restgpr0_", 14, 29, LD, 1, -1),
            new Kind("_restgpr0_", 30, 31, LD, 1, -1),
            new Kind("_savegpr1_", 14, 31, STD, 12, 0),
            new Kind("_restgpr1_", 14, 31, LD, 12, 0),
            new Kind("_savefpr_", 14, 31, STFD, 1, 1),
            new Kind("_restfpr_", 14, 29, LFD, 1, -1),
            new Kind("_restfpr_", 30, 31, LFD, 1, -1),
            new Kind("_savevr_", 20, 31, STVX, 0, 0),
            new Kind("_restvr_", 20, 31, LVX, 0, 0));

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final List<String> labels = new ArrayList<>();
    private final List<Integer> offsets = new ArrayList<>();
    private ObjectFile object;

    private SaveRestore() {}

    /// What the inputs ask for and do not define; null if nothing.
    static SaveRestore of(Inputs inputs, int machine) {
        var wanted = new TreeSet<String>();
        var defined = new HashSet<String>();
        for (Inputs.Item item : inputs.items()) {
            if (item instanceof Inputs.Definite(ObjectFile file)) {
                for (int i = file.firstGlobal(); i < file.symbolCount(); i++) {
                    if (file.symbolSection(i) != Elf.SHN_UNDEF) {
                        continue;
                    }
                    String name = isCandidate(file, i) ? file.symbolName(i) : "";
                    if (isOurs(name)) {
                        wanted.add(name);
                    }
                }
            }
        }
        if (wanted.isEmpty()) {
            return null;
        }
        for (Inputs.Item item : inputs.items()) {
            if (item instanceof Inputs.Definite(ObjectFile file)) {
                for (int i = file.firstGlobal(); i < file.symbolCount(); i++) {
                    if (file.symbolSection(i) != Elf.SHN_UNDEF && isCandidate(file, i)) {
                        defined.add(file.symbolName(i));
                    }
                }
            }
        }
        wanted.removeAll(defined);
        return wanted.isEmpty() ? null : new SaveRestore().make(wanted, defined, machine);
    }

    private static boolean isCandidate(ObjectFile file, int symbol) {
        byte[] names = file.symbolNames();
        int at = file.symbolNameOffset(symbol);
        return at + 5 < names.length && names[at] == '_' && (names[at + 1] == 's' && names[at + 2] == 'a' || names[at + 1] == 'r' && names[at + 2] == 'e');
    }

    private static boolean isOurs(String name) {
        for (Kind k : KINDS) {
            if (name.startsWith(k.prefix)) {
                return true;
            }
        }
        return false;
    }

    private SaveRestore make(Set<String> wanted, Set<String> defined, int machine) {
        for (Kind k : KINDS) {
            int from = k.first;
            while (from <= k.last && !wanted.contains(k.prefix + from)) {
                from++;
            }
            for (int r = from; r <= k.last; r++) {
                if (!defined.contains(k.prefix + r)) {
                    labels.add(k.prefix + r);
                    offsets.add(code.size());
                }
                write(k, r);
            }
        }
        object = ObjectFile.synthetic("<save and restore>", machine, ".sfpr", Elf.SHT_PROGBITS, Elf.SHF_ALLOC | Elf.SHF_EXECINSTR, 4, code.size(),
                labels.toArray(String[]::new));
        for (int i = 0; i < labels.size(); i++) {
            object.settleLabel(i + 1, offsets.get(i));
        }
        object.settleFunctions();
        return this;
    }

    private void write(Kind k, int r) {
        boolean last = r == k.last;
        if (last && k.link < 0) {
            word(LD | 1 << 16 | 16);
        }
        one(k, r);
        if (last && k.link < 0) {
            word(MTLR_R0);
            for (int above = r + 1; above < 32; above++) {
                one(k, above);
            }
        }
        if (last && k.link > 0) {
            word(STD | 1 << 16 | 16);
        }
        if (last) {
            word(BLR);
        }
    }

    private void one(Kind k, int r) {
        int offset = -k.step() * (32 - r) & 0xffff;
        if (k.step() == 16) {
            word(LI_R12 | offset);
            word(k.insn | r << 21 | 12 << 16);
        } else {
            word(k.insn | r << 21 | k.base << 16 | offset);
        }
    }

    private void word(int insn) {
        var bytes = new byte[4];
        LE.put32(bytes, 0, insn);
        code.writeBytes(bytes);
    }

    ObjectFile object() {
        return object;
    }

    byte[] bytes() {
        return code.toByteArray();
    }
}
