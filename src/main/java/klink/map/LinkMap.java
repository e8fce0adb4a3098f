package klink.map;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import klink.elf.Arm;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.input.SectionBytes;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.mem.IntSort;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.resolve.Symbols;
import klink.script.Command;
import klink.script.OutputItem;

/// The link map (`-Map`), in the syntax of GNU ld, which people grep and which 6.12's
/// `scripts/generate_builtin_ranges.awk` reads: output sections with address and size, in each the
/// input sections in order, gaps as `*fill*`, the script's assignments and the global symbols of each
/// input section. A defconfig kernel's has 90,000 lines.
public final class LinkMap {
    private static final int COLUMN = 16;

    private final Symbols symbols;
    private final Placement place;
    private final Sizes sizes;
    private final Addresses at;
    private final StringBuilder out = new StringBuilder(1 << 20);
    private final int[] firstOf;
    private final int[] nextOf;

    private LinkMap(Symbols symbols, Placement place, Sizes sizes, Addresses at) {
        this.symbols = symbols;
        this.place = place;
        this.sizes = sizes;
        this.at = at;
        firstOf = new int[symbols.sectionCount()];
        nextOf = new int[symbols.globalCount()];
        java.util.Arrays.fill(firstOf, -1);
        int[] order = new int[symbols.globalCount()];
        for (int g = 0; g < order.length; g++) {
            order[g] = g;
        }
        IntSort.sort(order, (a, b) -> Long.compareUnsigned(valueOf(b), valueOf(a)));
        for (int g : order) {
            int section = sectionOf(g);
            if (section >= 0) {
                nextOf[g] = firstOf[section];
                firstOf[section] = g;
            }
        }
    }

    /// The text of the map, Latin-1.
    public static byte[] text(Symbols symbols, Placement place, Sizes sizes, Addresses at) {
        var map = new LinkMap(symbols, place, sizes, at);
        map.out.append("\nLinker script and memory map\n\n");
        for (int f = 0; f < symbols.fileCount(); f++) {
            if (!symbols.file(f).isSynthetic()) {
                map.out.append("LOAD ").append(symbols.file(f).name()).append('\n');
            }
        }
        for (Placement.Step step : place.steps()) {
            switch (step) {
                case Placement.Statement(Command.Assign a) -> map.assignment(a);
                case Placement.Statement _ -> { }
                case Placement.Section(OutputSection s) -> map.section(s);
            }
        }
        return map.out.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private long valueOf(int g) {
        byte k = symbols.kind(g);
        return k == Symbols.DEFINED || k == Symbols.DEFINED_WEAK ? symbols.file(symbols.definingFile(g)).symbolValue(symbols.definingSymbol(g)) : 0;
    }

    private int sectionOf(int g) {
        byte k = symbols.kind(g);
        if (k != Symbols.DEFINED && k != Symbols.DEFINED_WEAK) {
            return -1;
        }
        int f = symbols.definingFile(g);
        int ndx = symbols.file(f).symbolSection(symbols.definingSymbol(g));
        return ndx > 0 ? symbols.firstSection(f) + ndx : -1;
    }

    private void assignment(Command.Assign a) {
        if (a.toDot()) {
            return;
        }
        int g = symbols.find(a.target());
        if (g >= 0 && symbols.kind(g) == Symbols.SCRIPT) {
            pad(0);
            hex(at.scriptAddress(g)).append("                ").append(a.target()).append(" = ").append(a.value()).append('\n');
        }
    }

    private void section(OutputSection s) {
        int id = s.id();
        out.append('\n').append(s.name());
        if (!at.isKept(id)) {
            out.append('\n');
            items(s, 0);
            return;
        }
        pad(s.name().length());
        hex(at.address(id));
        size(at.size(id));
        if (s.isAlloc() && at.loadAddress(id) != at.address(id)) {
            out.append(" load address ");
            hex(at.loadAddress(id));
        }
        out.append('\n');
        items(s, at.size(id));
    }

    private void items(OutputSection s, long size) {
        long end = 0;
        for (OutputSection.Item item : s.items()) {
            switch (item) {
                case OutputSection.Inputs in -> {
                    for (int section : in.sections()) {
                        if (sizes.isAbsent(section) || at.offset(section) < 0) {
                            input(s, section, end); // all its strings stand in other sections
                            continue;
                        }
                        end = ahead(s, section, end);
                        fill(s, end, at.offset(section));
                        input(s, section, at.offset(section));
                        veneers(s, section);
                        end = Math.max(end, at.offset(section) + sizes.extent(section, at.addressOfInput(section)));
                    }
                }
                case OutputSection.Scripted(Command.Assign a) -> assignment(a);
                case OutputSection.Scripted(OutputItem.InputSections _) -> { }
                case OutputSection.Scripted _ -> { }
            }
        }
        fill(s, end, size);
    }

    private long ahead(OutputSection s, int section, long end) {
        if (sizes.ahead(section) == 0) {
            return end;
        }
        long offset = at.lead(section) - at.address(s.id());
        fill(s, end, offset);
        veneers(at.lead(section), sizes.ahead(section));
        return offset + sizes.ahead(section);
    }

    private void veneers(long address, int bytes) {
        out.append(" *veneers*");
        pad(10);
        hex(address);
        size(bytes);
        out.append('\n');
    }

    /// Veneers stand behind the section that their branches reach, as a line of their own.
    private void veneers(OutputSection s, int section) {
        if (sizes.veneers(section) > 0) {
            long address = at.addressOfInput(section);
            veneers(address + sizes.toVeneers(section, address), sizes.veneers(section));
        }
    }

    private void fill(OutputSection s, long from, long to) {
        if (to > from && s.hasInputs()) {
            out.append(" *fill*");
            pad(7);
            hex(at.address(s.id()) + from);
            size(to - from);
            out.append(' ').append(HexFormat.of().formatHex(pattern(s.id(), from))).append('\n');
        }
    }

    /// What fills a gap that begins there. scripts/generate_builtin_ranges.awk ends a module's range at a gap with a pattern.
    private byte[] pattern(int section, long offset) {
        byte[] pattern = {};
        for (Addresses.FillFrom f : at.fills()) {
            if (f.section() == section && f.offset() <= offset) {
                pattern = f.pattern();
            }
        }
        return pattern;
    }

    private void input(OutputSection s, int section, long offset) {
        int f = symbols.fileOfSection(section);
        ObjectFile file = symbols.file(f);
        int ndx = section - symbols.firstSection(f);
        String name = file.sectionName(ndx);
        out.append(' ').append(name);
        pad(name.length() + 1);
        hex(at.address(s.id()) + offset);
        size(sizes.size(section));
        out.append(' ').append(file.name()).append('\n');
        long before = file.isSynthetic() ? sizes.size(section) : SectionBytes.size(file, ndx);
        if (((file.flags(ndx) & Elf.SHF_MERGE) != 0 || name.equals(".toc") || file.type(ndx) == Arm.SHT_ARM_EXIDX) && before != sizes.size(section)) {
            pad(0);
            out.append("                  ");
            size(before);
            out.append(" (size before relaxing)\n");
        }
        for (int g = firstOf[section]; g >= 0; g = nextOf[g]) {
            pad(0);
            hex(at.address(s.id()) + offset + valueOf(g)).append("                ").append(symbols.names().name(g)).append('\n');
        }
    }

    /// To the address column; a name that is too long takes a line of its own.
    private void pad(int used) {
        if (used >= COLUMN) {
            out.append('\n');
            used = 0;
        }
        out.repeat(' ', COLUMN - used);
    }

    private StringBuilder hex(long v) {
        String s = Long.toHexString(v);
        out.append("0x");
        out.repeat('0', 16 - s.length());
        return out.append(s);
    }

    private void size(long v) {
        String s = "0x" + Long.toHexString(v);
        out.repeat(' ', Math.max(1, 11 - s.length()));
        out.append(s);
    }
}
