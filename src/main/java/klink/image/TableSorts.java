package klink.image;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.kernel.Config;
import klink.kernel.Kernel;
import klink.kernel.SortedTable;
import klink.layout.Addresses;
import klink.mem.Endian;
import klink.merge.MergedSections;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.Symbols;

/// Puts in order what kbuild's scripts/sorttable orders in the finished vmlinux: same tables, same
/// bytes. Runs after the copy, on the few megabytes concerned.
public final class TableSorts {
    private final Image image;
    private final Endian endian;
    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    private final Addresses at;
    private final Report report;
    private final String name;

    private TableSorts(Image image, Endian endian, Symbols symbols, Placement place, MergedSections merged, Addresses at, Report report, String name) {
        this.image = image;
        this.endian = endian;
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.at = at;
        this.report = report;
        this.name = name;
    }

    /// Sorts what `kernel` sorts for this machine and configuration.
    /// @param name the image, for messages
    public static void sort(Image image, Machine machine, Kernel kernel, Config config, Symbols symbols, Placement place, MergedSections merged,
            Addresses at, Report report, String name) {
        if (!config.has("CONFIG_BUILDTIME_TABLE_SORT")) {
            return;
        }
        var sorts = new TableSorts(image, machine.endian(), symbols, place, merged, at, report, name);
        for (SortedTable t : kernel.sortedTables()) {
            if (t.machine() == machine.number() && config.has(t.option())) {
                sorts.sort(t);
            }
        }
    }

    private void sort(SortedTable t) {
        switch (t.kind()) {
            case EXTABLE -> extable(t);
            case ORC -> orc(t);
            case MCOUNT -> mcount(t);
        }
    }

    private void extable(SortedTable t) {
        OutputSection s = place.find(t.start());
        if (s == null || !at.isKept(s.id())) {
            report.error("no " + t.start() + " section in the image, which CONFIG_BUILDTIME_TABLE_SORT asks to sort");
            return;
        }
        ExtableSort.Shape shape = t.relative() == 0 ? ExtableSort.Shape.ABSOLUTE_32
                : t.entry() == 12 ? ExtableSort.Shape.RELATIVE_WITH_DATA : ExtableSort.Shape.RELATIVE;
        edit(s.id(), 0, at.size(s.id()), bytes -> ExtableSort.sort(bytes, shape, name));
        image.clearKeptRelocations(s.id());
        int g = symbols.find(SortedTable.SORT_NEEDED);
        if (g < 0 || symbols.kind(g) != Symbols.DEFINED) {
            report.error("no symbol " + SortedTable.SORT_NEEDED + " in the image, which tells the kernel that its exception table is sorted");
            return;
        }
        int f = symbols.definingFile(g);
        int ndx = symbols.definingSymbol(g);
        int section = symbols.file(f).symbolSection(ndx);
        if (section <= 0 || Elf.type(symbols.file(f).symbolInfo(ndx)) != Elf.STT_OBJECT) {
            report.error(SortedTable.SORT_NEEDED + " is not an object in a section");
            return;
        }
        int out = place.outputOf(symbols.firstSection(f) + section);
        long offset = at.globalAddress(g, merged) - at.address(out);
        image.edit(out, offset, 4, bytes -> ExtableSort.clearSortNeeded(bytes, 0, name));
    }

    /// Has a table of 32-bit words sorted, in any order of bytes; wider ones are of little-endian images.
    private void edit(int out, long offset, long size, Consumer<MemorySegment> sort) {
        image.edit(out, offset, size, bytes -> {
            endian.words(bytes, 0, size);
            sort.accept(bytes);
            endian.words(bytes, 0, size);
        });
    }

    private void orc(SortedTable t) {
        OutputSection ip = place.find(t.start());
        OutputSection orc = place.find(t.companion());
        if (ip == null || orc == null || !at.isKept(ip.id()) || !at.isKept(orc.id())) {
            report.error("no " + t.start() + " and " + t.companion() + " sections in the image, which CONFIG_UNWINDER_ORC needs");
            return;
        }
        var shape = new OrcSort.Shape(t.companionEntry(), 4, t.terminatorMask());
        image.edit(ip.id(), 0, at.size(ip.id()), ips ->
                image.edit(orc.id(), 0, at.size(orc.id()), entries -> OrcSort.sort(ips, entries, shape, name)));
    }

    private void mcount(SortedTable t) {
        int start = symbols.find(t.start());
        int stop = symbols.find(t.stop());
        if (start < 0 || stop < 0 || symbols.kind(start) != Symbols.SCRIPT || symbols.kind(stop) != Symbols.SCRIPT) {
            return; // no function tracer in this kernel
        }
        int out = at.scriptSection(start);
        long from = at.scriptAddress(start);
        long to = at.scriptAddress(stop);
        if (out < 0 || to <= from) {
            return;
        }
        FunctionRanges functions = t.dropsOutsideFunctions() ? FunctionRanges.of(symbols, place, merged, at) : null;
        edit(out, from - at.address(out), to - from, bytes -> McountSort.sort(bytes, t.entry(), functions, name));
    }
}
