package klink.inspect;

import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.inspect.LinkMap.Place;
import klink.mem.LongList;
import klink.mem.SegmentLE;
import klink.par.Par;
import klink.report.BadInput;

/// Checks every relocation site of a linked kernel from the outside: only the input objects, a link map and
/// the output are read, nothing of the linker's own state. 1.1 million sites for a kernel without debug
/// information.
///
/// - Where an input section went, the map says.
/// - A local symbol's value is its section's place plus `st_value`; a global's is what the output's symbol
///   table says, and that itself must agree with the place of its definition.
/// - Data of `SHF_MERGE` sections is found by content: the bytes at the address that the site yields must
///   be those that the input referred to. How the linker merged does not matter, so a wrong address passes
///   if it happens to hold the same string outside of every unmerged section; that is seen only for "".
/// - Tables that are sorted after the link are compared as multisets ([SortedTables]).
/// - All other bytes of a placed section must be as they were.
public final class RelocationAudit {
    /// What a site, or a run of bytes, was verified by.
    public enum Rule {
        LOCAL("local symbol: place + st_value"),
        GLOBAL("global symbol: output symbol table"),
        ABSOLUTE("absolute symbol, or none"),
        WEAK_ZERO("undefined weak symbol: 0"),
        MERGED("merged section: same bytes at the target"),
        TABLE("sorted table: same multiset of entries"),
        GOT("GOT slot, or relaxed to a direct use"),
        INDEX("unwind index: entry found for the function"),
        MOVED("word that moves with the image: RELATIVE entry"),
        VENEER("branch: a veneer leads to the target"),
        HALF("merged section: one half of an address only, not verified"),
        CONTENTS("from the table of contents' base: a word of the table, or what it holds"),
        EDITED("word of the table of contents that is not needed"),
        DISCARDED("target in a discarded section"),
        NONE("R_*_NONE: nothing to do"),
        COMPRESSED("not verified: in a compressed input section"),
        DROPPED("not in the output: in a section that the map does not place"),
        COPIED("bytes copied unchanged"),
        REWRITTEN("instructions rewritten to the same effect"),
        SYMBOL("global symbols: output value is place + st_value");

        private final String text;

        Rule(String text) {
            this.text = text;
        }

        boolean isSite() {
            return this != DROPPED && this != COPIED && this != SYMBOL && this != REWRITTEN;
        }
    }

    /// One thing that is not as the inputs demand.
    public record Mismatch(String object, String section, long offset, String type, String symbol, String expected, String found) {
        public String text() {
            return object + ":(" + section + "+0x" + Long.toHexString(offset) + ")" + (type.isEmpty() ? "" : " " + type)
                    + (symbol.isEmpty() ? "" : " " + symbol) + ": expected " + expected + ", found " + found;
        }
    }

    private final ElfImage output;
    private final SortedTables tables;
    private final List<PlacedObject> objects = new ArrayList<>();
    private final Map<String, Long> globals = new HashMap<>();
    /// Per output section, where sections that cannot be merged lie: starts and ends, each sorted.
    private final Map<String, long[][]> whole = new HashMap<>();
    private final long[] counts = new long[Rule.values().length];
    private final List<Mismatch> mismatches = new ArrayList<>();
    private final long extableFlag;
    private final boolean arm64;
    private final int machine;
    private final long contentsBase;
    /// st_other of global names, on a machine where calls depend on it.
    private final Map<String, Integer> others = new HashMap<>();
    private final Arm64Code code;
    private final ArmIndex index;
    /// Global names of functions, whose mode arm's symbol values say.
    private final Set<String> functions = new HashSet<>();
    private final RelativeEntries relative;
    /// By entry: whether a site or a GOT slot needs it. Threads only ever set these.
    private final boolean[] claimed;
    private final Set<Long> spare = ConcurrentHashMap.newKeySet();
    /// Names whose value is a number, not an address.
    private final Set<String> fixed = new HashSet<>();
    private long mismatchCount;

    private RelocationAudit(ElfImage output, LinkMap map, List<LinkedObject> inputs) {
        int machine = output.fileHeader().machine();
        if (machine != Elf.EM_X86_64 && machine != Elf.EM_AARCH64 && machine != Elf.EM_PPC64 && machine != Elf.EM_ARM) {
            throw output.bad(18, "relocations of " + Names.machine(machine) + " cannot be audited, only x86_64, aarch64, arm and ppc64le");
        }
        this.output = output;
        this.machine = machine;
        arm64 = machine == Elf.EM_AARCH64;
        Section got = machine != Elf.EM_PPC64 ? null : output.section(".got").orElse(null);
        contentsBase = got == null ? 0 : got.address() + 0x8000;
        index = machine == Elf.EM_ARM ? new ArmIndex(output) : null;
        code = new Arm64Code(this);
        relative = RelativeEntries.of(output);
        claimed = new boolean[relative.count()];
        tables = new SortedTables(output);
        int flag = output.symbols().find("main_extable_sort_needed");
        extableFlag = flag < 0 ? -1 : output.symbols().value(flag);
        for (LinkedObject o : inputs) {
            objects.add(new PlacedObject(o, map));
        }
        collectWhole();
    }

    private void collectWhole() {
        var starts = new HashMap<String, LongList>();
        var ends = new HashMap<String, LongList>();
        for (PlacedObject o : objects) {
            for (Section s : o.image.sections()) {
                Place p = o.place(s.ndx());
                if (p != null && s.size() > 0 && !o.isMerged(s.ndx())) {
                    starts.computeIfAbsent(p.outputSection, n -> new LongList()).add(p.address);
                    ends.computeIfAbsent(p.outputSection, n -> new LongList()).add(p.address + s.size());
                }
            }
        }
        starts.forEach((name, list) -> {
            var pair = new long[][] {list.toArray(), ends.get(name).toArray()};
            Arrays.sort(pair[0]);
            Arrays.sort(pair[1]);
            whole.put(name, pair);
        });
    }

    /// Whether an address lies in a section that no linker may have put merged data into. Places do not
    /// overlap, so more starts than ends at or below it say so.
    private boolean isInWhole(String outputSection, long address) {
        long[][] pair = whole.get(outputSection);
        return pair != null && atOrBelow(pair[0], address) > atOrBelow(pair[1], address);
    }

    private static int atOrBelow(long[] sorted, long address) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (sorted[middle] <= address) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Audits `vmlinux` against the objects and archives it was linked from; names in the map are relative
    /// to `base`, where the linker ran.
    public static RelocationAudit of(Path base, List<String> files, Path map, Path vmlinux, int threads) {
        return of(ElfImage.open(vmlinux), LinkMap.read(map), LinkedObject.open(base, files), threads);
    }

    static RelocationAudit of(ElfImage output, LinkMap map, List<LinkedObject> inputs, int threads) {
        var audit = new RelocationAudit(output, map, inputs);
        audit.collectGlobals();
        audit.sites(threads);
        audit.unclaimed();
        if (audit.index != null) {
            audit.index.check(audit, (table, what) -> audit.add(new Mismatch(audit.output.file(), table, 0, "", "", "an index in order, of the inputs' entries", what)));
        }
        audit.tables.check((table, what) -> audit.add(new Mismatch(audit.output.file(), table, 0, "", "", "the inputs' entries", what)));
        return audit;
    }

    /// Audits and prints. Returns 0 if every site is as the inputs demand, 1 if not.
    public static int run(Path base, List<String> files, Path map, Path vmlinux, int limit, PrintStream out) {
        var audit = of(base, files, map, vmlinux, Runtime.getRuntime().availableProcessors());
        int shown = 0;
        for (Mismatch m : audit.mismatches) {
            if (limit == 0 || shown++ < limit) {
                out.println(m.text());
            }
        }
        for (Rule rule : Rule.values()) {
            if (audit.count(rule) > 0) {
                out.printf("%,14d  %s%n", audit.count(rule), rule.text);
            }
        }
        out.printf("%,14d  sites in all, %,d mismatches%n", audit.sites(), audit.mismatchCount());
        return audit.mismatchCount() == 0 ? 0 : 1;
    }

    /// `RelocationAudit [--all] [-C DIR] --map=MAP VMLINUX OBJECTS...`
    public static void main(String[] args) {
        Path base = Path.of("");
        Path map = null;
        int limit = 40;
        var files = new ArrayList<String>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--all")) {
                limit = 0;
            } else if (args[i].equals("-C") && i + 1 < args.length) {
                base = Path.of(args[++i]);
            } else if (args[i].startsWith("--map=")) {
                map = Path.of(args[i].substring("--map=".length()));
            } else {
                files.add(args[i]);
            }
        }
        if (map == null || files.size() < 2) {
            System.err.println("usage: RelocationAudit [--all] [-C DIR] --map=MAP VMLINUX OBJECTS...");
            System.exit(2);
        }
        try {
            System.exit(run(base, files.subList(1, files.size()), map, Path.of(files.get(0)), limit, System.out));
        } catch (BadInput e) {
            System.err.println(e.finding().text());
            System.exit(1);
        }
    }

    public long count(Rule rule) {
        return counts[rule.ordinal()];
    }

    /// Relocation sites that were looked at and found right.
    public long sites() {
        long sum = 0;
        for (Rule rule : Rule.values()) {
            sum += rule.isSite() ? count(rule) : 0;
        }
        return sum;
    }

    public long mismatchCount() {
        return mismatchCount;
    }

    /// In input order; of an object with very many, the first fifty.
    public List<Mismatch> mismatches() {
        return List.copyOf(mismatches);
    }

    ElfImage output() {
        return output;
    }

    SortedTables tables() {
        return tables;
    }

    /// The address of `main_extable_sort_needed`, which the build clears after the link; -1 if there is none.
    long extableFlag() {
        return extableFlag;
    }

    /// The output's value of a global symbol; null if it has none.
    Long global(String name) {
        return globals.get(name);
    }

    int machine() {
        return machine;
    }

    /// What r2 holds in powerpc code: 32 KiB behind the start of the table of contents (ELF V2 ABI, "TOC").
    long contentsBase() {
        return contentsBase;
    }

    /// st_other of a global name.
    int other(String name) {
        return others.getOrDefault(name, 0);
    }

    boolean isArm64() {
        return arm64;
    }

    Arm64Code code() {
        return code;
    }

    RelativeEntries relative() {
        return relative;
    }

    /// Whether the output can be loaded elsewhere than where it was linked for.
    boolean isMovable() {
        return output.fileHeader().type() == Elf.ET_DYN || machine == Elf.EM_PPC64 && relative.count() > 0; // GNU ld's -pie away from address 0 is ET_EXEC
    }

    boolean globalMoves(String name) {
        return !fixed.contains(name);
    }

    /// The page of the global offset table.
    long tablePage() {
        int symbol = output.symbols().find("_GLOBAL_OFFSET_TABLE_");
        return symbol < 0 ? 0 : output.symbols().value(symbol) & -0x1000L;
    }

    /// An entry that something needs.
    void claim(int entry) {
        claimed[entry] = true;
    }

    /// The linker went round the slot of a symbol of this value, which may still be there.
    void spareSlot(long s) {
        spare.add(s);
    }

    /// RELATIVE entries that no input asks for: startup code would overwrite whatever is there.
    ///
    /// Except one: the base of kallsyms, which a linker that makes the table itself has no input for. Whether it is right,
    /// the table's own checks say.
    private void unclaimed() {
        int base = output.symbols().find("kallsyms_relative_base");
        for (int i = 0; i < claimed.length; i++) {
            boolean isSpare = spare.contains(relative.addend(i)) && relative.place(i) % 8 == 0 && !isInWhole(relative.place(i));
            if (!claimed[i] && !isSpare && (base < 0 || relative.place(i) != output.symbols().value(base))) {
                long place = relative.place(i);
                Section home = output.sectionAt(place, 1).orElse(null);
                add(new Mismatch(output.file(), home == null ? "" : home.name(), home == null ? place : place - home.address(), "RELATIVE", "", "no entry",
                        "one for 0x" + Long.toHexString(relative.addend(i)) + " that no input asks for"));
            }
        }
    }

    /// The 8 bytes of the output at an address; 0 outside of it.
    long word(long address) {
        return relative.word(address);
    }

    /// The 8 bytes that the file has at an address, whatever startup code makes of them; 0 outside of it.
    long raw(long address) {
        Section s = output.sectionAt(address, 8).orElse(null);
        return s == null || !s.hasBytes() ? 0 : SegmentLE.i64(output.data(), s.fileOffset() + (address - s.address()));
    }

    /// The instruction of the output at an address; 0, which is none, outside of its code.
    int instruction(long address) {
        Section s = output.sectionAt(address, 4).orElse(null);
        return s == null || (s.flags() & Elf.SHF_EXECINSTR) == 0 ? 0 : SegmentLE.i32(output.data(), s.fileOffset() + (address - s.address()));
    }

    /// Whether an address lies in an input section that is not merged.
    boolean isInWhole(long address) {
        Section s = output.sectionAt(address, 1).orElse(null);
        return s != null && isInWhole(s.name(), address);
    }

    private void add(Mismatch m) {
        mismatchCount++;
        mismatches.add(m);
    }

    /// The output's globals; then, for symbols that were global only until the link (hidden ones become
    /// local), the value of their definition. Definitions that the output knows are checked against it.
    private void collectGlobals() {
        ElfSymbols symbols = output.symbols();
        for (int i = 1; i < symbols.count(); i++) {
            if (symbols.bind(i) != Elf.STB_LOCAL && symbols.shndx(i) != Elf.SHN_UNDEF) {
                globals.put(symbols.name(i), symbols.value(i));
                others.put(symbols.name(i), symbols.other(i));
                mark(symbols, i);
                if (symbols.shndx(i) == Elf.SHN_ABS) {
                    fixed.add(symbols.name(i));
                }
            }
        }
        hiddenInOutput();
        if (contentsBase != 0) {
            globals.putIfAbsent(".TOC.", contentsBase);
        }
        var fromOutput = new HashMap<>(globals);
        var defined = new HashMap<String, Boolean>();
        for (int strength : new int[] {Elf.STB_GLOBAL, Elf.STB_WEAK}) {
            for (PlacedObject o : objects) {
                definitions(o, strength, fromOutput, defined);
            }
        }
    }

    /// Hidden names are local in an image that can be loaded elsewhere; what only the script defines has no other trace. Of
    /// several locals of a name, none is taken.
    private void hiddenInOutput() {
        var wanted = new HashSet<String>();
        for (PlacedObject o : objects) {
            ElfSymbols symbols = o.image.symbols();
            for (int i = 1; i < symbols.count(); i++) {
                if (symbols.bind(i) != Elf.STB_LOCAL && symbols.shndx(i) == Elf.SHN_UNDEF && !globals.containsKey(symbols.name(i))) {
                    wanted.add(symbols.name(i));
                }
            }
        }
        ElfSymbols symbols = output.symbols();
        var local = new HashMap<String, Integer>();
        for (int i = 1; i < symbols.count() && !wanted.isEmpty(); i++) {
            if (symbols.bind(i) == Elf.STB_LOCAL && symbols.shndx(i) != Elf.SHN_UNDEF && symbols.type(i) != Elf.STT_FILE && symbols.type(i) != Elf.STT_SECTION
                    && wanted.contains(symbols.name(i))) {
                local.merge(symbols.name(i), i, (a, b) -> 0);
            }
        }
        local.forEach((name, i) -> {
            if (i > 0) {
                globals.put(name, symbols.value(i));
                others.put(name, symbols.other(i));
                mark(symbols, i);
                if (symbols.shndx(i) == Elf.SHN_ABS) {
                    fixed.add(name);
                }
            }
        });
    }

    private void mark(ElfSymbols symbols, int i) {
        if (symbols.type(i) == Elf.STT_FUNC) {
            functions.add(symbols.name(i));
        }
    }

    boolean isFunction(String name) {
        return functions.contains(name);
    }

    ArmIndex index() {
        return index;
    }

    /// Whether an input section ends at an address.
    boolean isEnd(long address) {
        for (long[][] pair : whole.values()) {
            if (Arrays.binarySearch(pair[1], address) >= 0) {
                return true;
            }
        }
        return false;
    }

    /// The 4 bytes of the output at an address; 0 outside of it.
    long word32(long address) {
        Section s = output.sectionAt(address, 4).orElse(null);
        return s == null ? 0 : output.endian().u32(output.data(), s.fileOffset() + (address - s.address()));
    }

    private void definitions(PlacedObject o, int strength, Map<String, Long> fromOutput, Map<String, Boolean> defined) {
        ElfSymbols symbols = o.image.symbols();
        for (int i = 1; i < symbols.count(); i++) {
            if (symbols.bind(i) != strength || !symbols.isInSection(i)) {
                continue;
            }
            Place p = o.place(symbols.shndx(i));
            String name = symbols.name(i);
            if (p == null || defined.putIfAbsent(name, true) != null) {
                continue;
            }
            Long at = fromOutput.get(name);
            boolean merged = o.isMerged(symbols.shndx(i));
            if (at == null && !merged) {
                globals.put(name, p.address + symbols.value(i));
                others.put(name, symbols.other(i));
                mark(symbols, i);
            } else if (at != null) {
                String wrong = merged ? samePiece(o, symbols.shndx(i), symbols.value(i), at)
                        : at == p.address + symbols.value(i) ? null : "0x" + Long.toHexString(at);
                if (wrong == null) {
                    counts[Rule.SYMBOL.ordinal()]++;
                } else {
                    add(new Mismatch(o.object.name(), o.image.sections().get(symbols.shndx(i)).name(), symbols.value(i), "", name,
                            merged ? "the same bytes" : "0x" + Long.toHexString(p.address + symbols.value(i)), wrong));
                }
            }
        }
    }

    private void sites(int threads) {
        var audits = new SiteAudit[objects.size()];
        Par.loop(audits.length, threads, (i, worker) -> {
            var a = new SiteAudit(this, objects.get(i));
            a.run();
            audits[i] = a;
        });
        for (SiteAudit a : audits) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] += a.counts[i];
            }
            mismatchCount += a.mismatchCount;
            mismatches.addAll(a.mismatches);
        }
    }

    /// Whether the output has at `address` what the input has at `offset` of a merged section: the rest of
    /// the string, or the whole constant. Null if so, else what is wrong.
    String samePiece(PlacedObject o, int ndx, long offset, long address) {
        Section from = o.image.sections().get(ndx);
        Section to = (o.place(ndx) != null ? output.section(o.place(ndx).outputSection)
                : from.isAlloc() ? output.sectionAt(address, 1) : output.section(from.name())).orElse(null);
        if (to == null || !to.hasBytes()) {
            return "not in " + (o.place(ndx) != null ? o.place(ndx).outputSection : "the output");
        }
        if (offset < 0 || offset >= from.size()) {
            return "the input's reference is outside its section";
        }
        long unit = from.entsize();
        boolean strings = (from.flags() & Elf.SHF_STRINGS) != 0;
        long start = strings ? offset : offset - offset % unit;
        long end = strings ? stringEnd(o.image, from, offset, unit) : start + unit;
        long at = address - to.address() - (offset - start);
        if (end > from.size() || at < 0 || at > to.size() || end - start > to.size() - at) {
            return "not in " + to.name();
        }
        if (isInWhole(to.name(), address)) {
            return "in the middle of a section that is not merged";
        }
        long differs = MemorySegment.mismatch(o.image.data(), from.fileOffset() + start, from.fileOffset() + end,
                output.data(), to.fileOffset() + at, to.fileOffset() + at + (end - start));
        return differs < 0 ? null : "other bytes are there";
    }

    /// Just past the NUL character that ends the string at `offset`; past the section if there is none.
    private static long stringEnd(ElfImage image, Section s, long offset, long unit) {
        for (long at = offset; at + unit <= s.size(); at += unit) {
            boolean nul = true;
            for (long b = 0; b < unit && nul; b++) {
                nul = SegmentLE.u8(image.data(), s.fileOffset() + at + b) == 0;
            }
            if (nul) {
                return at + unit;
            }
        }
        return s.size() + 1;
    }
}
