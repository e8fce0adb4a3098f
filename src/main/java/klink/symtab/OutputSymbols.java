package klink.symtab;

import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.mem.IntList;
import klink.mem.LE;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.Placement;
import klink.resolve.NameTable;
import klink.resolve.Symbols;

/// The image's symbol table before addresses: which symbols it holds and in what order. kallsyms,
/// System.map, the relocations that `--emit-relocs` keeps and `.symtab` itself all follow this list.
///
/// Order: the null symbol; a section symbol per output section if relocations are kept; the local
/// symbols of each file in file order; the script's HIDDEN symbols, which are local in the image; those of veneers,
/// which [#plus] adds once there are addresses; then the globals. A defconfig kernel has 130,000.
public final class OutputSymbols {
    /// What to leave out of the symbol table.
    /// @param locals    which local symbols to drop
    /// @param stripAll  no symbols at all (`-s`)
    /// @param sections  emit a section symbol for each output section (`--emit-relocs`)
    /// @param groups    the image has section groups (`-r`), and with them the symbols that name them
    /// @param hides     what is hidden is local: GNU ld does so in images that a dynamic linker could see
    /// @param named     by global id: whether anything in the image refers to an undefined name
    public record Policy(Discard locals, boolean stripAll, boolean stripDebug, boolean sections, boolean groups,
            boolean hides, java.util.function.IntPredicate named) {}

    /// `--discard-none`, the default (compiler labels in merged sections), `-X`, `-x`.
    public enum Discard { NONE, MERGED_LABELS, LABELS, ALL }

    private final Symbols symbols;
    private final Placement place;
    private final int[] local;
    private final int[] localFile;
    private final int[] global;
    private final int hidden;
    private final int[] sections;
    private final int[] indexOfSection;
    private final int[] indexOfLocal;
    private final int[] indexOfGlobal;
    /// Local symbols that the linker adds once it has addresses: those of veneers, between the HIDDEN symbols and the globals.
    private final int added;

    private OutputSymbols(OutputSymbols list, int added) {
        symbols = list.symbols;
        place = list.place;
        local = list.local;
        localFile = list.localFile;
        global = list.global;
        hidden = list.hidden;
        sections = list.sections;
        indexOfSection = list.indexOfSection;
        indexOfLocal = list.indexOfLocal;
        indexOfGlobal = list.indexOfGlobal;
        this.added = added;
    }

    private OutputSymbols(Symbols symbols, Placement place, int[] localFile, int[] local, int[] global, int hidden, int[] sections) {
        this.symbols = symbols;
        this.place = place;
        this.localFile = localFile;
        this.local = local;
        this.global = global;
        this.hidden = hidden;
        this.sections = sections;
        added = 0;
        indexOfSection = new int[place.sections().size()];
        for (int i = 0; i < sections.length; i++) {
            indexOfSection[sections[i]] = 1 + i;
        }
        indexOfLocal = new int[symbols.symbolCount()];
        indexOfGlobal = new int[symbols.globalCount()];
        int n = 1 + sections.length;
        for (int i = 0; i < local.length; i++) {
            indexOfLocal[symbols.firstSymbol(localFile[i]) + local[i]] = n++;
        }
        for (int g : global) {
            indexOfGlobal[g] = n++;
        }
    }

    /// Lists the symbols of the image.
    /// @param kept  per output section: whether it is in the image
    /// @param order the files in the order of their local symbols; null: as they are linked
    public static OutputSymbols list(Symbols symbols, Placement place, MergedSections merged, boolean[] kept, Policy policy, int[] order, int threads) {
        var sections = new IntList();
        for (int s = 0; policy.sections() && !policy.stripAll() && s < kept.length; s++) {
            if (kept[s]) {
                sections.add(s);
            }
        }
        if (policy.stripAll()) {
            return new OutputSymbols(symbols, place, new int[0], new int[0], new int[0], 0, new int[0]);
        }
        var perFile = new IntList[symbols.fileCount()];
        Par.loop(perFile.length, threads, (f, _) -> perFile[f] = locals(symbols, place, merged, f, policy));
        int n = 0;
        for (IntList l : perFile) {
            n += l.size();
        }
        var file = new int[n];
        var ndx = new int[n];
        n = 0;
        for (int k = 0; k < perFile.length; k++) {
            int f = order == null ? k : order[k];
            for (int i = 0; i < perFile[f].size(); i++) {
                file[n] = f;
                ndx[n++] = perFile[f].get(i);
            }
        }
        var hidden = new IntList();
        var visible = new IntList();
        for (int g = 0; g < symbols.globalCount(); g++) {
            if (isListed(symbols, place, policy, g)) {
                (symbols.isLocal(g) || policy.hides() && isHidden(symbols, g) ? hidden : visible).add(g);
            }
        }
        var globals = new int[hidden.size() + visible.size()];
        System.arraycopy(hidden.toArray(), 0, globals, 0, hidden.size());
        System.arraycopy(visible.toArray(), 0, globals, hidden.size(), visible.size());
        return new OutputSymbols(symbols, place, file, ndx, globals, hidden.size(), sections.toArray());
    }

    private static boolean isHidden(Symbols symbols, int g) {
        int visibility = symbols.visibility(g);
        return (visibility == Elf.STV_HIDDEN || visibility == Elf.STV_INTERNAL) && symbols.kind(g) > Symbols.UNDEFINED;
    }

    private static boolean isListed(Symbols symbols, Placement place, Policy policy, int g) {
        byte kind = symbols.kind(g);
        if (kind == Symbols.ABSENT) {
            return false;
        }
        if (kind == Symbols.DEFINED || kind == Symbols.DEFINED_WEAK) {
            int f = symbols.definingFile(g);
            int section = symbols.file(f).symbolSection(symbols.definingSymbol(g));
            return section <= 0 || place.isPlaced(symbols.firstSection(f) + section);
        }
        return kind > Symbols.UNDEFINED || policy.named().test(g);
    }

    private static IntList locals(Symbols symbols, Placement place, MergedSections merged, int f, Policy policy) {
        ObjectFile file = symbols.file(f);
        var kept = new IntList(file.firstGlobal());
        int fileSymbol = 0;
        for (int i = 1; i < file.firstGlobal(); i++) {
            int type = Elf.type(file.symbolInfo(i));
            if (type == Elf.STT_FILE) {
                fileSymbol = i;
                continue;
            }
            int section = file.symbolSection(i);
            if (type == Elf.STT_SECTION || section == Elf.SHN_UNDEF || policy.locals() == Discard.ALL) {
                continue;
            }
            if (section > 0) {
                int id = symbols.firstSection(f) + section;
                if (!place.isPlaced(id) && !(policy.groups() && isKeptGroup(symbols, place, f, section)) || policy.locals() != Discard.NONE && isLabel(file, i)
                        && (policy.locals() == Discard.LABELS || merged.isMerged(id))) {
                    continue;
                }
            }
            if (fileSymbol != 0) {
                kept.add(fileSymbol);
                fileSymbol = 0;
            }
            kept.add(i);
        }
        return kept;
    }

    /// Whether a section is a group that has members left, and its symbol a name that goes with it.
    private static boolean isKeptGroup(Symbols symbols, Placement place, int f, int section) {
        ObjectFile file = symbols.file(f);
        if (file.type(section) != Elf.SHT_GROUP) {
            return false;
        }
        for (long at = 4; at + 4 <= file.size(section); at += 4) {
            if (place.isPlaced(symbols.firstSection(f) + LE.i32(file.segment(), file.fileOffset(section) + at))) {
                return true;
            }
        }
        return false;
    }

    /// A name that the assembler or compiler made for itself: `.L...`, `..`, `_.L_`, `L0\001`.
    private static boolean isLabel(ObjectFile file, int i) {
        byte[] t = file.symbolNames();
        int at = file.symbolNameOffset(i);
        byte c = t[at];
        if (c == '.') {
            return t[at + 1] == 'L' || t[at + 1] == '.';
        }
        if (c == '_') {
            return t[at + 1] == '.' && t[at + 2] == 'L' && t[at + 3] == '_';
        }
        return c == 'L' && t[at + 1] == '0' && t[at + 2] == 1;
    }

    /// The same list with room for more local symbols, behind the others; none if it is empty.
    public OutputSymbols plus(int locals) {
        return local.length + global.length == 0 ? this : new OutputSymbols(this, locals);
    }

    /// How many [#plus] made room for.
    public int addedCount() {
        return added;
    }

    /// Entries of the symbol table, the null symbol included.
    public int count() {
        return 1 + sections.length + local.length + added + global.length;
    }

    /// sh_info: one more than the index of the last local symbol.
    public int firstGlobal() {
        return 1 + sections.length + local.length + hidden + added;
    }

    /// Section symbols, at indices 1 and on.
    public int sectionCount() {
        return sections.length;
    }

    /// The output section of section symbol number `i`, from 0.
    public int section(int i) {
        return sections[i];
    }

    /// The index of an output section's symbol; 0 if it has none.
    public int indexOfSection(int out) {
        return indexOfSection[out];
    }

    /// Local symbols that follow the section symbols.
    public int localCount() {
        return local.length;
    }

    /// The file of local number `i`.
    public int localFile(int i) {
        return localFile[i];
    }

    /// The symbol index in [#localFile] of local number `i`.
    public int localSymbol(int i) {
        return local[i];
    }

    /// Globals that follow the locals; the first [#hiddenCount] are local in the image.
    public int globalCount() {
        return global.length;
    }

    public int hiddenCount() {
        return hidden;
    }

    /// The global id of global number `i`.
    public int global(int i) {
        return global[i];
    }

    /// Symbol table index of a symbol of file `f`; 0 if the table does not hold it.
    public int indexOf(int f, int ndx) {
        return ndx >= symbols.file(f).firstGlobal() ? indexOfGlobal(symbols.global(f, ndx)) : indexOfLocal[symbols.firstSymbol(f) + ndx];
    }

    /// Symbol table index of a global id; 0 if the table does not hold it.
    public int indexOfGlobal(int g) {
        int index = indexOfGlobal[g];
        return index >= firstGlobal() - added ? index + added : index;
    }

    /// The string table that holds the name of local number `i`.
    public byte[] localNames(int i) {
        return symbols.file(localFile[i]).symbolNames();
    }

    public int localNameOffset(int i) {
        return symbols.file(localFile[i]).symbolNameOffset(local[i]);
    }

    public NameTable globalNames() {
        return symbols.names();
    }

    /// The output section of local number `i`, or -1 if it is absolute.
    public int localOutput(int i) {
        int section = symbols.file(localFile[i]).symbolSection(local[i]);
        return section > 0 ? place.outputOf(symbols.firstSection(localFile[i]) + section) : -1;
    }
}
