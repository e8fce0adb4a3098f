package klink.check;

import java.util.Arrays;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.kernel.SectionRules;
import klink.mem.LE;

/// The relocations of one section, three words each: offset, symbol and type, addend. One worker reads all its
/// sections into the same table.
final class Sites {
    private static final int WORDS = 3;
    /// The [#address] of a relocation that modpost cannot read: it is near nothing.
    static final long NOWHERE = Long.MIN_VALUE / 2;

    private long[] words = new long[WORDS << 12];
    private boolean addends;
    private ObjectFile file;
    private int target;

    /// Reads relocation section `rel`.
    /// @return the number of its entries
    int read(ObjectFile object, int rel) {
        file = object;
        target = object.info(rel);
        addends = object.type(rel) == Elf.SHT_RELA;
        boolean wide = object.is64();
        int entry = wide ? addends ? 24 : 16 : addends ? 12 : 8;
        long bytes = object.size(rel);
        if (bytes % entry != 0 || bytes / entry > Integer.MAX_VALUE / WORDS) {
            throw object.bad(object.fileOffset(rel), "relocation section " + rel + " of " + bytes + " bytes, want a multiple of " + entry);
        }
        int n = (int) (bytes / entry);
        if (words.length < n * WORDS) {
            words = new long[Math.max(n * WORDS, words.length * 2)];
        }
        long at = object.fileOffset(rel);
        if (wide && addends) {
            LE.longs(object.segment(), at, words, 0, n * WORDS);
        } else {
            Arrays.fill(words, 0, n * WORDS, 0);
            byte[] entries = LE.copy(object.segment(), at, Math.toIntExact(bytes));
            for (int i = 0; i < n; i++) {
                unpack(i, entries, i * entry, wide);
            }
        }
        if (wide && object.machine() == Elf.EM_MIPS) {
            for (int i = 0; i < n; i++) {
                long info = words[i * WORDS + 1]; // r_sym comes first, then four bytes, the last of them the type
                words[i * WORDS + 1] = info << 32 | info >>> 56;
            }
        }
        return n;
    }

    private void unpack(int i, byte[] entries, int at, boolean wide) {
        if (wide) {
            words[i * WORDS] = LE.i64(entries, at);
            words[i * WORDS + 1] = LE.i64(entries, at + 8);
            return;
        }
        long info = LE.u32(entries, at + 4);
        words[i * WORDS] = LE.u32(entries, at);
        words[i * WORDS + 1] = info >>> 8 << 32 | info & 0xff;
        words[i * WORDS + 2] = addends ? LE.i32(entries, at + 8) : 0;
    }

    /// The first of entries `i` to `n` whose symbol has one of the bits `rows`; `n` if there is none.
    int next(int i, int n, int[] bits, int rows) {
        int symbols = file.symbolCount();
        long[] w = words;
        for (int at = i * WORDS + 1; i < n; i++, at += WORDS) {
            int symbol = (int) (w[at] >>> 32);
            if (Integer.compareUnsigned(symbol, symbols) >= 0) {
                throw file.bad(0, "relocation " + i + " of section " + file.sectionName(target) + " names symbol " + Integer.toUnsignedString(symbol)
                        + ", past the " + symbols + " symbols");
            }
            if ((bits[symbol] & rows) != 0) {
                return i;
            }
        }
        return n;
    }

    long offset(int i) {
        return words[i * WORDS];
    }

    int symbol(int i) {
        return (int) (words[i * WORDS + 1] >>> 32);
    }

    int type(int i) {
        return (int) words[i * WORDS + 1];
    }

    /// Whether modpost passes the entry over.
    boolean isIgnored(int i, SectionRules rules) {
        for (SectionRules.Ignored g : rules.ignored()) {
            if (g.machine() == file.machine() && g.type() == type(i) && (g.from() == null || g.from().equals(file.sectionName(target)))) {
                return true;
            }
        }
        SectionRules.RelTypes types = addends ? null : relTypes(rules);
        return types != null && types.skips(type(i));
    }

    private SectionRules.RelTypes relTypes(SectionRules rules) {
        for (SectionRules.RelTypes t : rules.relTypes()) {
            if (t.machine() == file.machine()) {
                return t;
            }
        }
        return null;
    }

    /// The place that modpost takes the entry to refer to, as an offset in the symbol's section.
    /// @param value of the symbol, where it is defined
    long address(int i, long value, SectionRules rules) {
        if (addends) {
            long addend = words[i * WORDS + 2];
            return rules.symbols().valueCounts() ? value + addend : (int) addend;
        }
        SectionRules.RelTypes types = relTypes(rules);
        if (types == null || !types.decodes(type(i))) {
            return types == null ? 0 : types.otherAddress() < 0 ? NOWHERE : types.otherAddress();
        }
        return RelAddend.address(file, target, offset(i), type(i), value);
    }

    /// Where the entry refers to as the processor sees it: the same without what a PC-relative branch counts from.
    long destination(int i, long value) {
        if (!addends) {
            return RelAddend.isDecoded(file.machine(), type(i)) ? RelAddend.address(file, target, offset(i), type(i), value) : value;
        }
        boolean fromNext = file.machine() == Elf.EM_X86_64 && (type(i) == klink.elf.X86.R_X86_64_PC32 || type(i) == klink.elf.X86.R_X86_64_PLT32);
        return value + words[i * WORDS + 2] + (fromNext ? 4 : 0);
    }
}
