package klink.image;

import klink.arch.Machine;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.layout.Toc;
import klink.layout.TocEdit;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.Placement;
import klink.resolve.Symbols;

/// S of every relocation: the final address of each symbol table entry of each input file, by symbol
/// id, computed once before the copy so that the relocation loop is a table look-up.
///
/// A few entries need more than a look-up: their [#state] says why.
final class SymbolValues {
    static final byte PLAIN = 0;
    /// A section symbol of a merged section: the addend says which piece is meant.
    static final byte MERGED_SECTION = 1;
    /// Strong and defined nowhere.
    static final byte UNDEFINED = 2;
    /// Its section was discarded.
    static final byte DISCARDED = 3;
    /// Weak and defined nowhere: 0, but for what the machine's ABI says of branches and distances.
    static final byte NOWHERE = 4;
    /// A section symbol of a part of the table of contents that is edited: the addend says which word is meant.
    static final byte CONTENTS = 5;

    /// The base of the table of contents, in an image that does not move and has it in the low 2 GiB: code may name it as it is.
    static final byte FIXED_BASE = 6;

    private final long[] value;
    private final byte[] state;

    private final Machine machine;
    private final TocEdit edit;
    /// Bytes to the local entry point of a function, where a machine has such.
    private final byte[] entry;

    /// The name of [#FIXED_BASE], or -1.
    private int fixedBase = -1;

    private SymbolValues(int n, Machine machine, TocEdit edit) {
        this.edit = edit;
        value = new long[n];
        state = new byte[n];
        this.machine = machine;
        entry = machine.hasContents() ? new byte[n] : null;
    }

    /// @param edit what becomes of the table of contents; null if that stays as it is
    /// @param fixed whether the image does not move, and code may be changed for that
    static SymbolValues of(Symbols symbols, Placement place, MergedSections merged, Addresses at, Machine machine, TocEdit edit, boolean fixed, int threads) {
        var v = new SymbolValues(symbols.symbolCount(), machine, edit);
        long toc = fixed ? Toc.base(symbols, machine, at, merged) + 0x8000_8000L : -1;
        v.fixedBase = toc >>> 32 == 0 && machine.hasContents() ? symbols.find(Toc.NAME) : -1;
        Par.loop(symbols.fileCount(), threads, (f, _) -> v.file(symbols, place, merged, at, f));
        return v;
    }

    private void file(Symbols symbols, Placement place, MergedSections merged, Addresses at, int f) {
        ObjectFile file = symbols.file(f);
        int base = symbols.firstSymbol(f);
        int firstGlobal = file.firstGlobal();
        for (int i = 1; i < file.symbolCount(); i++) {
            if (i < firstGlobal) {
                local(symbols, place, merged, at, f, i);
                continue;
            }
            int g = symbols.global(f, i);
            switch (symbols.kind(g)) {
                case Symbols.SCRIPT -> {
                    value[base + i] = at.scriptAddress(g) | at.scriptMode(g);
                    if (entry != null) {
                        entry[base + i] = (byte) machine.localEntry(at.scriptOther(g));
                    }
                    state[base + i] = g == fixedBase ? FIXED_BASE : PLAIN;
                }
                case Symbols.UNDEFINED -> state[base + i] = UNDEFINED;
                case Symbols.DEFINED, Symbols.DEFINED_WEAK -> {
                    int df = symbols.definingFile(g);
                    int ndx = symbols.definingSymbol(g);
                    int section = symbols.file(df).symbolSection(ndx);
                    if (section > 0 && !place.isPlaced(symbols.firstSection(df) + section)) {
                        state[base + i] = DISCARDED;
                    } else {
                        value[base + i] = at.symbolAddress(df, ndx, merged) | symbols.file(df).symbolMode(ndx);
                        if (entry != null) {
                            entry[base + i] = (byte) machine.localEntry(symbols.file(df).symbolOther(ndx));
                        }
                    }
                }
                case Symbols.UNDEFINED_WEAK -> state[base + i] = NOWHERE;
                default -> { }
            }
        }
    }

    private void local(Symbols symbols, Placement place, MergedSections merged, Addresses at, int f, int i) {
        ObjectFile file = symbols.file(f);
        int id = symbols.firstSymbol(f) + i;
        int section = file.symbolSection(i);
        if (section <= 0) {
            value[id] = section == Elf.SHN_UNDEF ? 0 : file.symbolValue(i);
            return;
        }
        if (entry != null) {
            entry[id] = (byte) machine.localEntry(file.symbolOther(i));
        }
        int s = symbols.firstSection(f) + section;
        if (!place.isPlaced(s)) {
            state[id] = DISCARDED;
        } else if (!merged.isMerged(s)) {
            value[id] = at.addressOfInput(s) + file.symbolValue(i) | file.symbolMode(i);
            state[id] = edit != null && edit.edits(f, section) ? CONTENTS : PLAIN;
        } else if (Elf.type(file.symbolInfo(i)) == Elf.STT_SECTION) {
            state[id] = MERGED_SECTION;
        } else {
            value[id] = at.symbolAddress(f, i, merged);
        }
    }

    /// S, by symbol id; 0 for [#MERGED_SECTION], whose addend decides.
    long[] values() {
        return value;
    }

    byte[] states() {
        return state;
    }

    /// By symbol id, what a call adds to S; null on a machine without local entry points.
    byte[] localEntries() {
        return entry;
    }
}
