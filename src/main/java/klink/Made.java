package klink;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import klink.arch.Machine;
import klink.dynamic.Movable;
import klink.elf.Elf;
import klink.got.Got;
import klink.image.Image;
import klink.image.MovingWords;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.layout.TocEdit;
import klink.merge.MergedSections;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;
import klink.veneer.Aids;
import klink.veneer.Labels;
import klink.veneer.Patches;
import klink.veneer.Veneers;

/// The sections that klink makes itself: kallsyms, types, the build id, tables of moving words, addresses for veneers. Each exists as a synthetic
/// object from the start, has its size settled from names, and is filled when addresses are known. A part that the link has not is null.
final class Made {
    private final LinkOptions opt;
    private final Machine machine;
    private final KernelNames names;
    private final Types types;
    private final BuildIdNote buildId;
    private final MovingTables moving;
    private final BranchTable branchTable;
    private SaveRestore saveRestore;

    private Made(LinkOptions opt, Machine machine, Types types) {
        this.opt = opt;
        this.machine = machine;
        this.types = types;
        names = KernelNames.plan(opt, machine);
        buildId = BuildIdNote.plan(opt, machine);
        moving = MovingTables.plan(opt, machine);
        branchTable = BranchTable.plan(opt, machine);
    }

    /// Decides what is made for this link.
    /// @param types what makes `.BTF`, or null
    static Made plan(LinkOptions opt, Machine machine, Types types) {
        return new Made(opt, machine, types);
    }

    /// The inputs with what is linked before them, and functions that they expect of a linker.
    Inputs amid(Inputs inputs) {
        if (opt.relocatable || !machine.hasContents() && !leadsWithNote()) {
            return inputs;
        }
        var items = new ArrayList<>(inputs.items());
        if (buildId != null && leadsWithNote()) {
            items.addFirst(new Inputs.Definite(buildId.object()));
        }
        if (!machine.hasContents()) {
            return new Inputs(items);
        }
        if (moving != null && moving.first() != null) {
            items.addFirst(new Inputs.Definite(moving.first()));
        }
        saveRestore = SaveRestore.of(inputs, machine.number());
        if (saveRestore != null) {
            items.add(new Inputs.Definite(saveRestore.object()));
        }
        return new Inputs(items);
    }

    /// Whether the build id stands before the notes of the first file: GNU ld for arm and powerpc makes it part of an object of its own.
    private boolean leadsWithNote() {
        return machine.number() == Elf.EM_ARM || machine.number() == Elf.EM_PPC64;
    }

    /// The object that is linked second; null if there is none.
    ObjectFile second() {
        return buildId == null || leadsWithNote() ? null : buildId.object();
    }

    /// The objects that are linked last.
    List<ObjectFile> last() {
        var last = new ArrayList<ObjectFile>();
        if (names.object() != null) {
            last.add(names.object());
        }
        if (types != null) {
            last.add(types.object());
        }
        if (moving != null) {
            last.addAll(moving.tables());
        }
        if (branchTable != null) {
            last.add(branchTable.object());
        }
        if (moving != null) {
            last.addAll(moving.last());
        }
        return last;
    }

    /// The sizes that follow from the options alone.
    Sizes knownSizes(Symbols symbols, Sizes sizes) {
        return buildId == null ? sizes : sizes.with(section(symbols, buildId.object()), buildId.size(), 4);
    }

    /// Finds the words that hold addresses of weak names which nothing defines, if those are listed.
    /// @return whether a name is to be in the symbol table for that
    IntPredicate findWeak(Symbols symbols, Placement place, TocEdit edit) {
        return moving == null ? _ -> false : moving.findWeak(symbols, place, edit);
    }

    /// Id of the section with words for veneers; -1 if there is none.
    private int branchTable(Symbols symbols) {
        return branchTable == null ? -1 : section(symbols, branchTable.object());
    }

    /// What veneers need.
    Aids veneerAids(Symbols symbols) {
        return branchTable == null ? Aids.NONE : new Aids(branchTable(symbols), saveRestore == null ? -1 : symbols.fileOfSection(section(symbols, saveRestore.object())),
                saveRestore == null ? new byte[0] : saveRestore.bytes());
    }

    /// The sizes with so many of these words.
    Sizes withBranchWords(Symbols symbols, Sizes sizes, int count) {
        return branchTable == null ? sizes : branchTable.with(count, sizes, branchTable(symbols));
    }

    /// Settles the sizes of the tables of names; see [KernelNames].
    Sizes settle(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses early, Sizes sizes, Patches known, Report report) {
        return names.settle(symbols, place, merged, list, early, sizes, known, names.object() == null ? -1 : section(symbols, names.object()), report);
    }

    /// Settles the sizes of the tables of moving words; only if the image moves.
    Sizes settleMoves(Symbols symbols, Placement place, Movable moves, Got got, TocEdit edit, Addresses early, Sizes sizes) {
        return moving.settle(symbols, place, moves, got, edit, early, names, branchTable == null ? 0 : branchTable.words(), sizes, o -> section(symbols, o));
    }

    /// Settles the size of `.BTF`, once the types are made.
    Sizes settleTypes(Symbols symbols, Sizes sizes) {
        return types == null ? sizes : sizes.with(section(symbols, types.object()), types.size(), 1);
    }

    /// Grows what the settled addresses show to be too small; null if nothing is, and all is settled.
    Sizes grown(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses early, Sizes sizes, Veneers settled, Report report) {
        Sizes grown = !names.misses(settled, report) ? null
                : names.settleAgain(symbols, place, merged, list, early, sizes, settled, names.object() == null ? -1 : section(symbols, names.object()), report);
        int more = branchTable == null ? 0 : settled.table().length - branchTable.words();
        if (more > 0) {
            grown = withBranchWords(symbols, grown == null ? sizes : grown, settled.table().length);
            grown = moving == null ? grown : moving.grown(more, grown, o -> section(symbols, o));
        }
        Sizes repacked = moving == null ? null : moving.repacked(settled.addresses(), grown == null ? sizes : grown);
        return repacked == null ? grown : repacked;
    }

    /// What lists the moving words as they are relocated; only if the image moves.
    /// @param at where all is
    MovingWords movingWords(Symbols symbols, Movable moves, Addresses at) {
        return moving.movingWords(moves, at, o -> section(symbols, o));
    }

    /// How many relocations each made section will bring, by section id.
    Map<Integer, Integer> relocationCounts(Symbols symbols) {
        return names.relocationCount() == 0 ? Map.of() : Map.of(section(symbols, names.object()), names.relocationCount());
    }

    /// The text of System.map; null if this link makes none.
    /// @param veneers symbols that the list of names does not have
    byte[] systemMap(Addresses at, Sizes sizes, Labels veneers) {
        return names.systemMap(at, sizes, veneers);
    }

    /// Makes the contents, now that addresses are known.
    List<Image.Synthetic> fill(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses at, Sizes sizes, Report report) {
        var made = new ArrayList<Image.Synthetic>();
        if (buildId != null) {
            made.add(new Image.Synthetic(section(symbols, buildId.object()), buildId.empty(), new long[0]));
        }
        Image.Synthetic tables = names.fill(symbols, place, merged, list, at, sizes, names.object() == null ? -1 : section(symbols, names.object()), report);
        if (tables != null) {
            made.add(tables);
        }
        if (saveRestore != null) {
            made.add(new Image.Synthetic(section(symbols, saveRestore.object()), saveRestore.bytes(), new long[0]));
        }
        if (moving != null) {
            made.addAll(moving.fill(symbols, place, merged, at, sizes, o -> section(symbols, o)));
        }
        if (types != null) {
            made.add(types.fill(symbols, place, at, section(symbols, types.object())));
        }
        return made;
    }

    /// Writes the words for veneers.
    void fillBranchWords(Symbols symbols, Veneers veneers, Image image) {
        if (branchTable != null) {
            branchTable.fill(veneers, image, branchTable(symbols));
        }
    }

    /// Writes the build id, once all else is written.
    void buildId(Image image, Addresses at, Placement place, Symbols symbols) {
        if (buildId != null) {
            buildId.write(image, at, place, section(symbols, buildId.object()));
        }
    }

    private static int section(Symbols symbols, ObjectFile file) {
        for (int f = symbols.fileCount() - 1; f >= 0; f--) {
            if (symbols.file(f) == file) {
                return symbols.firstSection(f) + 1;
            }
        }
        throw new IllegalStateException(file.name());
    }
}
