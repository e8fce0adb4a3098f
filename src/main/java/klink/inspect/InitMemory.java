package klink.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.inspect.ElfImage.Segment;
import klink.report.BadInput;

/// Whose the memory is that a kernel frees after boot: each byte of its [FreedRange]s is given to the section,
/// the object and the symbol that holds it, and what nothing holds is named as what it is, so that the parts of
/// every list add up to what the kernel says. Some 15 sections, 700 objects and 6,000 symbols.
///
/// Addresses here are those at which the kernel frees. They are not always those of the symbols: x86's per-CPU
/// data is linked to address 0 and loaded inside the init memory (PERCPU_VADDR), from where each CPU's copy is made.
final class InitMemory {
    /// @param name   section, directory, object or symbol
    /// @param bytes  what is freed of it
    /// @param detail where else it belongs: of a symbol, its section and object
    /// @param real   false for memory that nobody owns: padding and gaps
    record Part(String name, long bytes, String detail, boolean real) {}

    /// Something that occupies memory: `size` bytes from `address`. Pieces of one owner are one part.
    private record Piece(long address, long size, String owner, String name, String detail) {}

    private final ElfImage image;
    private final LinkMap map;
    private final List<FreedRange> ranges;
    private final long[] moved;

    /// @param map null without one: then nothing is known of objects
    InitMemory(ElfImage image, LinkMap map) {
        this.image = image;
        this.map = map;
        ranges = FreedRange.of(image);
        if (ranges.isEmpty()) {
            throw new BadInput(image.file(), 0, image.symbols().count() == 0 ? "no symbol table: nothing tells what the kernel frees"
                    : "no __init_begin and __init_end: not a kernel, or one that frees nothing");
        }
        moved = new long[image.sections().size()];
        long offset = mappingOffset();
        for (Section s : image.sections()) {
            moved[s.ndx()] = s.isAlloc() ? loadAddress(s, offset) - s.address() : 0;
        }
    }

    List<FreedRange> ranges() {
        return ranges;
    }

    boolean hasObjects() {
        return map != null;
    }

    long total() {
        long sum = 0;
        for (FreedRange r : ranges) {
            sum += r.bytes();
        }
        return sum;
    }

    /// How far above its physical address the kernel sees its image, told by the segment that holds init memory.
    private long mappingOffset() {
        for (FreedRange r : ranges) {
            for (Segment s : image.segmentList()) {
                if (s.type() == Elf.PT_LOAD && r.gap().isEmpty() && Long.compareUnsigned(r.to() - 1 - s.vaddr(), s.memsz()) < 0) {
                    return s.vaddr() - s.paddr();
                }
            }
        }
        return 0;
    }

    private long loadAddress(Section section, long offset) {
        for (Segment s : image.segmentList()) {
            long into = section.address() - s.vaddr();
            boolean inFile = !section.hasBytes() || section.fileOffset() - s.fileOffset() == into;
            if (s.type() == Elf.PT_LOAD && inFile && Long.compareUnsigned(into, s.memsz()) < 0) {
                return s.paddr() + into + offset;
            }
        }
        return section.address();
    }

    /// Where the kernel has what is linked to `address` in a section.
    long addressOf(int shndx, long address) {
        return shndx > 0 && shndx < moved.length ? address + moved[shndx] : address;
    }

    /// Whether the kernel frees an address, one of [#addressOf].
    boolean isFreed(long address) {
        for (FreedRange r : ranges) {
            if (r.covers(address)) {
                return true;
            }
        }
        return false;
    }

    /// Whether an object's input section of this name is where the linker put `address`; false without a map.
    /// Tools name the same object from different directories, so that the end of a name is enough.
    boolean isIn(String object, String section, long address) {
        if (map == null) {
            return false;
        }
        for (String name : map.objects()) {
            if (name.equals(object) || name.endsWith("/" + object) || object.endsWith("/" + name)) {
                for (LinkMap.Place p : map.of(name)) {
                    if (p.section.equals(section) && Long.compareUnsigned(address - p.address, p.size) < 0) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    List<Part> bySection() {
        var pieces = new ArrayList<Piece>();
        for (Section s : image.sections()) {
            if (holdsMemory(s)) {
                String detail = moved[s.ndx()] == 0 ? "" : "each CPU has a copy";
                pieces.add(new Piece(s.address() + moved[s.ndx()], s.size(), s.name(), s.name(), detail));
            }
        }
        return parts(pieces, "alignment between sections");
    }

    private static boolean holdsMemory(Section s) {
        boolean threads = (s.flags() & Elf.SHF_TLS) != 0 && !s.hasBytes();
        return s.isAlloc() && s.size() != 0 && !threads;
    }

    /// By object file, named as in the map without the directory that all have in common.
    List<Part> byObject() {
        return parts(placed(), "alignment, and what the script adds");
    }

    /// By the first two directories of the object's name: `drivers/net` for all below it.
    List<Part> byDirectory() {
        var pieces = new ArrayList<Piece>();
        for (Piece p : placed()) {
            String directory = directory(p.name);
            pieces.add(new Piece(p.address, p.size, directory, directory, ""));
        }
        return parts(pieces, "alignment, and what the script adds");
    }

    /// By symbol; of several at one place the largest has it, and a global name before a local one.
    List<Part> bySymbol() {
        var symbols = image.symbols();
        var order = new ArrayList<Integer>();
        for (int i = 1; i < symbols.count(); i++) {
            if (symbols.size(i) != 0 && symbols.isInSection(i) && symbols.type(i) != Elf.STT_SECTION && image.sections().get(symbols.shndx(i)).isAlloc()
                    && isFreed(addressOf(symbols.shndx(i), symbols.value(i)))) {
                order.add(i);
            }
        }
        order.sort(Comparator.comparingInt((Integer i) -> symbols.bind(i) == Elf.STB_LOCAL ? 1 : 0).thenComparing(symbols::name));
        var owners = map == null ? null : new Owners(placed());
        var pieces = new ArrayList<Piece>(order.size());
        for (int i : order) {
            long address = addressOf(symbols.shndx(i), symbols.value(i));
            String object = owners == null ? null : owners.of(address);
            String where = symbols.sectionName(i) + (object == null ? "" : "  " + object);
            pieces.add(new Piece(address, symbols.size(i), "#" + i, symbols.name(i), where));
        }
        return parts(pieces, "what no sized symbol names");
    }

    private static String directory(String object) {
        int name = object.lastIndexOf('/', object.indexOf('(') < 0 ? object.length() : object.indexOf('('));
        if (name < 0) {
            return ".";
        }
        int first = object.indexOf('/', 1);
        int second = first < 0 ? -1 : object.indexOf('/', first + 1);
        return object.substring(0, second < 0 || second > name ? name : second);
    }

    /// The input sections, each under its object's name.
    private List<Piece> placed() {
        if (map == null) {
            throw new IllegalStateException("no link map");
        }
        Map<String, Long> bySection = new HashMap<>();
        for (Section s : image.sections()) {
            bySection.putIfAbsent(s.name(), moved[s.ndx()]);
        }
        var objects = map.objects();
        int common = commonDirectory(objects);
        var pieces = new ArrayList<Piece>(map.count());
        for (String object : objects) {
            String name = object.startsWith("/") ? object.substring(common) : object;
            for (LinkMap.Place p : map.of(object)) {
                if (p.size != 0 && bySection.containsKey(p.outputSection)) {
                    pieces.add(new Piece(p.address + bySection.get(p.outputSection), p.size, name, name, ""));
                }
            }
        }
        return pieces;
    }

    /// The length of what all absolute names have in common, up to its last slash.
    private static int commonDirectory(List<String> objects) {
        String common = null;
        for (String o : objects) {
            if (o.startsWith("/")) {
                common = common == null ? o : common.substring(0, commonLength(common, o));
            }
        }
        return common == null ? 0 : common.lastIndexOf('/') + 1;
    }

    private static int commonLength(String a, String b) {
        int n = 0;
        while (n < a.length() && n < b.length() && a.charAt(n) == b.charAt(n)) {
            n++;
        }
        return n;
    }

    /// Gives each byte of every range to the piece that is there. Pieces that overlap: who begins first has the
    /// bytes, of equals the larger, and of those the first in the list.
    private List<Part> parts(List<Piece> pieces, String padding) {
        var sorted = inOrder(pieces);
        Map<String, Long> bytes = new HashMap<>();
        Map<String, Piece> owners = new HashMap<>();
        Map<String, Long> nobodys = new HashMap<>();
        for (FreedRange r : ranges) {
            long at = r.from();
            long unowned = 0;
            for (Piece p : sorted) {
                long begin = max(p.address, at);
                long end = min(p.address + p.size, r.to());
                if (Long.compareUnsigned(begin, end) < 0) {
                    bytes.merge(p.owner, end - begin, Long::sum);
                    owners.put(p.owner, p);
                    unowned += begin - at;
                    at = end;
                }
            }
            unowned += r.to() - at;
            nobodys.merge(r.gap().isEmpty() ? padding : r.gap(), unowned, Long::sum);
        }
        var list = new ArrayList<Part>();
        bytes.forEach((owner, n) -> list.add(new Part(owners.get(owner).name, n, owners.get(owner).detail, true)));
        list.sort(Comparator.comparingLong((Part p) -> -p.bytes).thenComparing(Part::name).thenComparing(Part::detail));
        nobodys.entrySet().stream().filter(e -> e.getValue() != 0).sorted(Map.Entry.comparingByKey())
                .forEach(e -> list.add(new Part(e.getKey(), e.getValue(), "", false)));
        return list;
    }

    private static List<Piece> inOrder(List<Piece> pieces) {
        var sorted = new ArrayList<>(pieces);
        sorted.sort((a, b) -> a.address != b.address ? Long.compareUnsigned(a.address, b.address) : Long.compareUnsigned(b.size, a.size));
        return sorted;
    }

    private static long max(long a, long b) {
        return Long.compareUnsigned(a, b) >= 0 ? a : b;
    }

    private static long min(long a, long b) {
        return Long.compareUnsigned(a, b) <= 0 ? a : b;
    }

    /// Which object's input section holds an address.
    static final class Owners {
        private final List<Piece> pieces;

        private Owners(List<Piece> placed) {
            pieces = inOrder(placed);
        }

        String of(long address) {
            int low = 0;
            int high = pieces.size();
            while (low < high) {
                int middle = low + high >>> 1;
                if (Long.compareUnsigned(pieces.get(middle).address, address) <= 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low > 0 && address - pieces.get(low - 1).address < pieces.get(low - 1).size ? pieces.get(low - 1).name : null;
        }
    }
}
