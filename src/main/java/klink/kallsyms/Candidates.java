package klink.kallsyms;

import klink.elf.Elf;
import klink.layout.Addresses;
import klink.merge.MergedSections;
import klink.place.Placement;
import klink.resolve.NameTable;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;

/// The image's symbols as nm would list them: names and letters from an early layout, addresses from the
/// final one. What an early layout decides for good is which section a symbol belongs to, and with it
/// its letter; [#letters] of both must be equal, and the link checks that.
public final class Candidates {
    private final Symbols symbols;
    private final MergedSections merged;
    private final OutputSymbols list;
    private final NmList nm;
    private final int[] source;

    private Candidates(Symbols symbols, MergedSections merged, OutputSymbols list, NmList nm, int[] source) {
        this.symbols = symbols;
        this.merged = merged;
        this.list = list;
        this.nm = nm;
        this.source = source;
    }

    /// @param at a layout that has settled which output sections stay and where script symbols belong
    public static Candidates of(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses at) {
        int files = symbols.fileCount();
        var blobs = new byte[files + 1][];
        for (int f = 0; f < files; f++) {
            blobs[f] = symbols.file(f).symbolNames();
        }
        NameTable names = symbols.names();
        int bytes = 0;
        for (int i = 0; i < list.globalCount(); i++) {
            bytes += names.length(list.global(i));
        }
        var globals = new byte[bytes];
        blobs[files] = globals;
        var nm = new NmList(blobs, list.localCount() + list.globalCount());
        var source = new int[list.localCount() + list.globalCount()];
        byte[] sections = sectionLetters(place, at);
        for (int i = 0; i < list.localCount(); i++) {
            int f = list.localFile(i);
            int ndx = list.localSymbol(i);
            int info = symbols.file(f).symbolInfo(ndx);
            if (Elf.type(info) == Elf.STT_FILE) {
                continue;
            }
            int out = list.localOutput(i);
            int offset = list.localNameOffset(i);
            byte section = out >= 0 ? sections[out] : NmLetter.ABSOLUTE;
            int k = nm.add(f, offset, NameTable.length(blobs[f], offset), NmLetter.of(Elf.STB_LOCAL, Elf.type(info), section));
            source[k] = i;
        }
        int at0 = 0;
        for (int i = 0; i < list.globalCount(); i++) {
            int g = list.global(i);
            int length = names.length(g);
            System.arraycopy(names.table(g), names.offset(g), globals, at0, length);
            int k = nm.add(files, at0, length, globalLetter(symbols, place, at, sections, g, i < list.hiddenCount()));
            source[k] = list.localCount() + i;
            at0 += length;
        }
        return new Candidates(symbols, merged, list, nm, source);
    }

    private static byte[] sectionLetters(Placement place, Addresses at) {
        var letters = new byte[place.sections().size()];
        for (int s = 0; s < letters.length; s++) {
            letters[s] = NmLetter.ofSection(place.sections().get(s).name(), at.type(s), at.flags(s));
        }
        return letters;
    }

    private static byte globalLetter(Symbols symbols, Placement place, Addresses at, byte[] sections, int g, boolean hidden) {
        switch (symbols.kind(g)) {
            case Symbols.SCRIPT -> {
                int s = at.scriptSection(g);
                return NmLetter.of(hidden ? Elf.STB_LOCAL : Elf.STB_GLOBAL, at.scriptType(g), s >= 0 ? sections[s] : NmLetter.ABSOLUTE);
            }
            case Symbols.DEFINED, Symbols.DEFINED_WEAK -> {
                int f = symbols.definingFile(g);
                int ndx = symbols.definingSymbol(g);
                int info = symbols.file(f).symbolInfo(ndx);
                int section = symbols.file(f).symbolSection(ndx);
                int out = section > 0 ? place.outputOf(symbols.firstSection(f) + section) : -1;
                return NmLetter.of(hidden ? Elf.STB_LOCAL : Elf.bind(info), Elf.type(info), out >= 0 ? sections[out] : NmLetter.ABSOLUTE);
            }
            default -> {
                return NmLetter.of(symbols.kind(g) == Symbols.UNDEFINED_WEAK ? Elf.STB_WEAK : Elf.STB_GLOBAL, Elf.STT_NOTYPE, NmLetter.UNDEFINED);
            }
        }
    }

    /// The list for [Kallsyms#names] and System.map.
    public NmList nm() {
        return nm;
    }

    /// The address of each symbol of [#nm].
    public long[] addresses(Addresses at) {
        var a = new long[nm.count()];
        for (int k = 0; k < a.length; k++) {
            int i = source[k];
            if (i < list.localCount()) {
                a[k] = at.symbolAddress(list.localFile(i), list.localSymbol(i), merged);
            } else {
                a[k] = at.globalAddress(list.global(i - list.localCount()), merged);
            }
        }
        return a;
    }

    /// The addresses that bound what kallsyms selects.
    public Kallsyms.Bounds bounds(Addresses at) {
        return new Kallsyms.Bounds(address(at, "_text"), address(at, "_stext"), address(at, "_etext"), address(at, "_sinittext"),
                address(at, "_einittext"), address(at, "__per_cpu_start"), address(at, "__per_cpu_end"));
    }

    private long address(Addresses at, String name) {
        int g = symbols.find(name);
        return g < 0 ? 0 : at.globalAddress(g, merged);
    }

    /// Per symbol: whether its address lies in the text ranges of `bounds`, as scripts/kallsyms.c has it:
    /// symbols exactly on an end count only if they are that end's own.
    /// @param nm the symbols of the addresses: [#nm], or more
    public boolean[] inText(long[] addresses, Kallsyms.Bounds b, NmList nm) {
        var in = new boolean[addresses.length];
        for (int k = 0; k < in.length; k++) {
            long a = addresses[k];
            in[k] = b.inText(a) && !(a == b.etext() && !nm.name(k).equals("_etext")) && !(a == b.einittext() && !nm.name(k).equals("_einittext"));
        }
        return in;
    }

    /// Per symbol: whether its address lies in the percpu range, ends included.
    public boolean[] inPercpu(long[] addresses, Kallsyms.Bounds b) {
        var in = new boolean[addresses.length];
        for (int k = 0; k < in.length; k++) {
            in[k] = b.inPercpu(addresses[k]);
        }
        return in;
    }

    /// Whether another layout gives every symbol the same letter.
    public boolean sameLetters(Candidates other) {
        return java.util.Arrays.equals(nm.letter, other.nm.letter);
    }

}
