package klink.inspect;

import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.inspect.ElfImage.Segment;
import klink.mem.SegmentLE;
import klink.report.BadInput;

/// Compares two finished images by meaning: the first is the reference, the second the one under test.
///
/// Two linkers given one kernel agree on little byte for byte (string tables are merged in another
/// order, section headers come in another), and on nearly everything by meaning. Each difference has a
/// key; the keys are
///
///     header.type machine entry flags
///     section.NAME.present type flags addr offset size align entsize   sections.order
///     segment.N.present type flags offset vaddr paddr filesz memsz align
///     symbol.NAME.present value size type bind visibility other section
///     content.NAME                 bytes of a section, over the common length
///     rela.NAME.present site type target symbol        the relocations kept for a section
///     relative.place addend order                      the words that move with the image
///
/// A second section of one name is `NAME#2`. File offsets are compared only on request: they say where
/// a linker puts padding, not what the kernel sees.
public final class Comparison {
    private static final int PLACES = 3;

    private final ElfImage a;
    private final ElfImage b;
    private final List<Difference> out = new ArrayList<>();

    private Comparison(ElfImage a, ElfImage b) {
        this.a = a;
        this.b = b;
    }

    /// All differences, in file order of the parts; nothing is printed.
    public static List<Difference> of(ElfImage a, ElfImage b, boolean fileOffsets) {
        var c = new Comparison(a, b);
        c.header();
        c.sections(fileOffsets);
        c.segments(fileOffsets);
        new SymbolComparison(a.symbols(), b.symbols(), c.out).compare();
        c.contents();
        new RelocationComparison(a, b, c.out).compare();
        RelativeEntries.of(a).compare(RelativeEntries.of(b), c.out);
        return c.out;
    }

    /// Compares two files and prints what differs, at most `limit` lines of a kind (0: all of them).
    /// Returns 0 if nothing is left after the ignore list, 1 if something is.
    public static int run(Path first, Path second, IgnoreList ignore, boolean fileOffsets, int limit, PrintStream out) {
        var a = ElfImage.open(first);
        var b = ElfImage.open(second);
        var shown = new LinkedHashMap<String, Integer>();
        int ignored = 0;
        int left = 0;
        for (Difference d : of(a, b, fileOffsets)) {
            if (ignore.covers(d.key())) {
                ignored++;
                continue;
            }
            left++;
            int n = shown.merge(d.kind(), 1, Integer::sum);
            if (limit == 0 || n <= limit) {
                out.println(d.text());
            }
        }
        for (Map.Entry<String, Integer> kind : shown.entrySet()) {
            if (limit > 0 && kind.getValue() > limit) {
                out.println(kind.getKey() + ": " + (kind.getValue() - limit) + " more not shown");
            }
        }
        for (String unused : ignore.unused()) {
            out.println("ignore list: matched nothing: " + unused);
        }
        out.println(left + " differences, " + ignored + " ignored");
        return left == 0 ? 0 : 1;
    }

    /// `Comparison [--offsets] [--all] [--ignore=FILE] A B`
    public static void main(String[] args) {
        var files = new ArrayList<Path>();
        var ignore = IgnoreList.none();
        boolean offsets = false;
        int limit = 20;
        try {
            for (String arg : args) {
                if (arg.equals("--offsets")) {
                    offsets = true;
                } else if (arg.equals("--all")) {
                    limit = 0;
                } else if (arg.startsWith("--ignore=")) {
                    ignore = IgnoreList.read(Path.of(arg.substring("--ignore=".length())));
                } else {
                    files.add(Path.of(arg));
                }
            }
            if (files.size() != 2) {
                System.err.println("usage: Comparison [--offsets] [--all] [--ignore=FILE] A B");
                System.exit(2);
            }
            System.exit(run(files.get(0), files.get(1), ignore, offsets, limit, System.out));
        } catch (BadInput e) {
            System.err.println(e.finding().text());
            System.exit(1);
        }
    }

    static String hex(long v) {
        return "0x" + Long.toHexString(v);
    }

    private void field(String key, String x, String y) {
        if (!x.equals(y)) {
            out.add(new Difference(key, x, y));
        }
    }

    private void field(String key, long x, long y) {
        if (x != y) {
            out.add(new Difference(key, hex(x), hex(y)));
        }
    }

    private void header() {
        var x = a.fileHeader();
        var y = b.fileHeader();
        field("header.type", x.type(), y.type());
        field("header.machine", Names.machine(x.machine()), Names.machine(y.machine()));
        field("header.entry", x.entry(), y.entry());
        field("header.flags", x.flags(), y.flags());
    }

    /// Sections by name; further ones of the same name get `#2`, `#3`.
    static Map<String, Section> byName(ElfImage image) {
        var map = new LinkedHashMap<String, Section>();
        for (Section s : image.sections()) {
            String name = s.name();
            for (int n = 2; s.ndx() != 0 && map.containsKey(name); n++) {
                name = s.name() + "#" + n;
            }
            if (s.ndx() != 0) {
                map.put(name, s);
            }
        }
        return map;
    }

    private void sections(boolean fileOffsets) {
        var inA = byName(a);
        var inB = byName(b);
        for (Map.Entry<String, Section> e : inA.entrySet()) {
            Section y = inB.get(e.getKey());
            if (y == null) {
                out.add(new Difference("section." + e.getKey() + ".present", describe(e.getValue()), "-"));
            } else {
                section("section." + e.getKey(), e.getValue(), y, fileOffsets);
            }
        }
        for (Map.Entry<String, Section> e : inB.entrySet()) {
            if (!inA.containsKey(e.getKey())) {
                out.add(new Difference("section." + e.getKey() + ".present", "-", describe(e.getValue())));
            }
        }
        order(inA, inB);
    }

    private static String describe(Section s) {
        return Names.sectionType(s.type()) + " " + Names.sectionFlags(s.flags()) + " addr " + hex(s.address()) + " size " + hex(s.size());
    }

    private void section(String key, Section x, Section y, boolean fileOffsets) {
        field(key + ".type", Names.sectionType(x.type()), Names.sectionType(y.type()));
        field(key + ".flags", Names.sectionFlags(x.flags()), Names.sectionFlags(y.flags()));
        field(key + ".addr", x.address(), y.address());
        field(key + ".size", x.size(), y.size());
        field(key + ".align", Math.max(1, x.align()), Math.max(1, y.align()));
        field(key + ".entsize", x.entsize(), y.entsize());
        if (fileOffsets) {
            field(key + ".offset", x.fileOffset(), y.fileOffset());
        }
    }

    /// The first place where the sections that both have come in another order.
    private void order(Map<String, Section> inA, Map<String, Section> inB) {
        var x = inA.keySet().iterator();
        var y = inB.keySet().iterator();
        while (true) {
            String s = next(x, inB);
            String t = next(y, inA);
            if (s == null || t == null) {
                return;
            }
            if (!s.equals(t)) {
                out.add(new Difference("sections.order", s, t));
                return;
            }
        }
    }

    private static String next(java.util.Iterator<String> names, Map<String, Section> common) {
        while (names.hasNext()) {
            String name = names.next();
            if (common.containsKey(name)) {
                return name;
            }
        }
        return null;
    }

    private void segments(boolean fileOffsets) {
        var x = a.segmentList();
        var y = b.segmentList();
        for (int i = 0; i < Math.max(x.size(), y.size()); i++) {
            String key = "segment." + i;
            if (i >= x.size() || i >= y.size()) {
                out.add(new Difference(key + ".present", i < x.size() ? Names.segmentType(x.get(i).type()) : "-",
                        i < y.size() ? Names.segmentType(y.get(i).type()) : "-"));
                continue;
            }
            segment(key, x.get(i), y.get(i), fileOffsets);
        }
    }

    private void segment(String key, Segment x, Segment y, boolean fileOffsets) {
        field(key + ".type", Names.segmentType(x.type()), Names.segmentType(y.type()));
        field(key + ".flags", Names.segmentFlags(x.flags()), Names.segmentFlags(y.flags()));
        field(key + ".vaddr", x.vaddr(), y.vaddr());
        field(key + ".paddr", x.paddr(), y.paddr());
        field(key + ".filesz", x.filesz(), y.filesz());
        field(key + ".memsz", x.memsz(), y.memsz());
        field(key + ".align", x.align(), y.align());
        if (fileOffsets) {
            field(key + ".offset", x.fileOffset(), y.fileOffset());
        }
    }

    /// Bytes of every section that is not a symbol, string or relocation table; those are compared above
    /// by what they say.
    private void contents() {
        var inB = byName(b);
        ElfSymbols.Locator names = null;
        for (Map.Entry<String, Section> e : byName(a).entrySet()) {
            Section x = e.getValue();
            Section y = inB.get(e.getKey());
            if (y == null || !isContent(x) || !isContent(y)) {
                continue;
            }
            long length = Math.min(x.size(), y.size());
            MemorySegment p = a.bytes(x).asSlice(0, length);
            MemorySegment q = b.bytes(y).asSlice(0, length);
            if (p.mismatch(q) >= 0) {
                names = names == null ? a.symbols().locator() : names;
                content(e.getKey(), x, p, q, names);
            }
        }
    }

    private static boolean isContent(Section s) {
        return switch (s.type()) {
            case Elf.SHT_SYMTAB, Elf.SHT_STRTAB, Elf.SHT_RELA, Elf.SHT_REL, Elf.SHT_RELR, Elf.SHT_ANDROID_RELR, Elf.SHT_SYMTAB_SHNDX -> false;
            default -> s.hasBytes();
        };
    }

    private void content(String name, Section x, MemorySegment p, MemorySegment q, ElfSymbols.Locator names) {
        long length = p.byteSize();
        long differing = 0;
        int places = 0;
        var inA = new StringBuilder();
        var inB = new StringBuilder();
        long last = Long.MIN_VALUE / 2;
        for (long at = 0; at < length; at++) {
            long skip = MemorySegment.mismatch(p, at, length, q, at, length);
            if (skip < 0) {
                break;
            }
            at += skip;
            differing++;
            if (at - last > 8 && places++ < PLACES) {
                inA.append(places == 1 ? "" : ", ").append(place(x, at, names)).append(' ').append(dump(p, at));
                inB.append(places == 1 ? "" : ", ").append(dump(q, at));
            }
            last = at;
        }
        out.add(new Difference("content." + name, differing + " of " + length + " bytes differ: " + inA, inB.toString()));
    }

    private static String place(Section x, long at, ElfSymbols.Locator names) {
        return "+0x" + Long.toHexString(at) + (x.isAlloc() ? " (" + names.name(x.address() + at) + ")" : "");
    }

    private static String dump(MemorySegment s, long at) {
        var sb = new StringBuilder();
        for (long i = at; i < Math.min(at + 8, s.byteSize()); i++) {
            sb.append(Character.forDigit(SegmentLE.u8(s, i) >> 4, 16)).append(Character.forDigit(SegmentLE.u8(s, i) & 15, 16));
        }
        return sb.toString();
    }
}
