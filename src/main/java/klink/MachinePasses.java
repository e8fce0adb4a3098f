package klink;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import klink.arch.Machine;
import klink.dynamic.Movable;
import klink.elf.Elf;
import klink.got.Got;
import klink.image.Image;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.layout.TocEdit;
import klink.layout.UnwindIndex;
import klink.merge.MergedSections;
import klink.place.Liveness;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.Symbols;
import klink.veneer.Erratum;
import klink.veneer.Patches;

/// The passes that only the links of some machines have: arm's build attributes and unwind index, powerpc's table of contents, arm64's erratum,
/// a global offset table, the words of an image that may be loaded anywhere. [Link] says when each of them comes; which there
/// are, and what they made, is known here. What a link has not is null.
final class MachinePasses {
    private final LinkOptions opt;
    private final Machine machine;
    private final Report report;
    private Got got;
    private AttributeSections attributes;
    private TocEdit contents;
    private UnwindIndex unwind;
    private Movable moves;

    MachinePasses(LinkOptions opt, Machine machine, Report report) {
        this.opt = opt;
        this.machine = machine;
        this.report = report;
    }

    /// The symbols with the sections of a global offset table, if relocations ask for one.
    Symbols withOffsetTable(Symbols symbols, Liveness live) throws IOException {
        if (!mayNeedOffsetTable()) {
            return symbols;
        }
        got = report.pass("got", () -> Got.scan(symbols, id -> live == null || live.isLive(id), machine.number(), opt.movable, opt.threads));
        return got == null ? symbols : symbols.with(got.objects());
    }

    /// Not in an x86-64 kernel, whose script allows none, so that a scan of a million relocations would find nothing.
    private boolean mayNeedOffsetTable() {
        return machine.number() != Elf.EM_ARM && (opt.kernel == null || opt.movable) && !opt.relocatable;
    }

    /// Looks for sections that become one in a way of their own; before placement.
    void unite(Symbols symbols) {
        attributes = AttributeSections.of(symbols, machine);
    }

    /// Whether another section stands in the place of this one.
    boolean drops(int section) {
        return AttributeSections.drops(attributes, section);
    }

    /// The sizes with those of the sections that became one.
    Sizes united(Placement place, Sizes sizes) {
        return AttributeSections.sized(attributes, place, sizes);
    }

    /// Finds what becomes of the table of contents, and of the code that reads it.
    void editContents(Symbols symbols, Placement place, Addresses early) throws IOException {
        if (machine.hasContents() && opt.editToc && !opt.relocatable) {
            contents = report.pass("toc", () -> TocEdit.of(symbols, place, early, opt.movable, opt.threads));
        }
    }

    /// The edit of the table of contents.
    TocEdit contents() {
        return contents;
    }

    /// The workarounds for a processor's erratum that the early layout calls for: their names are in kallsyms, so they are counted before
    /// addresses are settled.
    Patches foreseePatches(Symbols symbols, Placement place, MergedSections merged, Addresses early, Sizes sizes) throws IOException {
        return erratum() == Erratum.NONE ? Patches.none()
                : report.pass("erratum", () -> Patches.foresee(erratum(), symbols, place, merged, machine, early, sizes, Target.dynamicSections(opt), opt.threads));
    }

    /// The erratum that is worked around.
    Erratum erratum() {
        return Target.erratum(machine, opt);
    }

    /// Settles which entries the unwind index has, and which words move with the image.
    /// @return the sizes with that, and with the edited table of contents
    Sizes settle(Symbols symbols, Placement place, Made made, Addresses early, Sizes sizes) throws IOException {
        Sizes settled = sizes;
        if (machine.number() == Elf.EM_ARM && !opt.unique) {
            unwind = report.pass("unwind", () -> UnwindIndex.of(symbols, place, early, !opt.keepsUnwindEntries, opt.relocatable));
            settled = unwind == null ? settled : unwind.sized(settled);
        }
        if (opt.movable) {
            moves = report.pass("moves", () -> Movable.of(symbols, place, early, opt.threads));
        }
        settled = contents == null ? settled : contents.sized(settled);
        return moves == null ? settled : made.settleMoves(symbols, place, moves, got, contents, early, settled);
    }

    /// How many relocations made sections will bring, by section id, with those of entries added to the unwind index.
    Map<Integer, Integer> withAdded(Map<Integer, Integer> relocations) {
        if (unwind == null) {
            return relocations;
        }
        var all = new HashMap<>(relocations);
        unwind.promise(all);
        return all;
    }

    /// Hands the image all that was made, now that addresses are known.
    void use(Image image, Symbols symbols, MergedSections merged, Made made, Addresses at) {
        if (got != null) {
            image.supplies().use(got.at(symbols, merged, at, moves));
        }
        if (unwind != null) {
            image.supplies().use(unwind);
        }
        if (attributes != null) {
            image.supplies().replace(attributes.section(), attributes.bytes());
        }
        if (moves != null) {
            image.supplies().use(made.movingWords(symbols, moves, at));
        }
    }
}
