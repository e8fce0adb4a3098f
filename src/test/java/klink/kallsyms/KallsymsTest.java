package klink.kallsyms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import klink.kernel.KallsymsTable;
import klink.kernel.Kernel;
import klink.mem.Endian;
import klink.oracle.KernelSource;
import klink.report.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our tables against those of the kernel's scripts/kallsyms: the same symbols, every byte of the section.
class KallsymsTest {
    @TempDir
    Path dir;

    private final Report report = new Report(new PrintStream(OutputStream.nullOutputStream()), 0);

    /// Ours, from names first and addresses later.
    private Kallsyms.Filled tables(MapText map, Kernel kernel, Kallsyms.Options o, List<Kallsyms.Label> labels, int threads) {
        var bounds = map.bounds();
        var k = Kallsyms.names(map.nm, map.nm.keptBy(kernel.systemMap()), o.all() ? null : map.inText(bounds),
            o.absolutePercpu() ? map.inPercpu(bounds) : null, o, kernel, threads, report);
        labels.addAll(k.labels());
        var filled = k.fill(map.address, bounds, Endian.LITTLE, report);
        assertEquals(k.size(), filled.bytes().length);
        assertEquals(k.relocationCount(), filled.relocations().length);
        return filled;
    }

    private static List<String> flags(Kallsyms.Options o) {
        var flags = new ArrayList<String>();
        if (o.all()) {
            flags.add("--all-symbols");
        }
        if (o.absolutePercpu()) {
            flags.add("--absolute-percpu");
        }
        if (o.baseRelative()) {
            flags.add("--base-relative");
        }
        if (o.ltoClang()) {
            flags.add("--lto-clang");
        }
        return flags;
    }

    private void compare(Path tree, SampleSymbols sample, Kallsyms.Options o) throws Exception {
        Path nmOutput = Files.write(dir.resolve("nm"), sample.nmOrder());
        byte[] systemMap = KernelScripts.mksysmap(tree, dir, KernelScripts.printer(dir), nmOutput);
        byte[] source = KernelScripts.kallsyms(tree, dir, systemMap, flags(o));
        assertNotNull(source, "scripts/kallsyms failed");
        var theirs = new AssemblerTables(source, o.wordSize(), sample.text());

        var labels = new ArrayList<Kallsyms.Label>();
        var ours = tables(new MapText(SampleSymbols.lines(sample.symbols())), Kernel.V6_1, o, labels, 1 + sample.symbols().size() % 2);
        var labelMap = new LinkedHashMap<String, Integer>();
        labels.forEach(l -> labelMap.put(l.name(), l.offset()));
        assertEquals(theirs.labels(), labelMap, o.toString());
        assertEquals(-1, Arrays.mismatch(theirs.bytes(), ours.bytes()), o + ": first difference");
        assertArrayEquals(theirs.textRelative().keySet().stream().mapToInt(i -> i).toArray(), ours.relocations());
        if (o.baseRelative()) {
            assertEquals(theirs.textRelative().get(ours.relocations()[0]), ours.base() - sample.text());
        }
        assertEquals(0, report.errors());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void likeScriptsKallsyms(long seed) throws Exception {
        Path tree = KernelSource.tree().orElse(null);
        assumeTrue(tree != null, KernelSource.MISSING);
        for (int wordSize : new int[] {8, 4}) {
            var sample = new SampleSymbols(seed * 10 + wordSize, 700 + (int) seed * 1100, wordSize);
            for (int bits = 0; bits < 16; bits++) {
                // a 32-bit kernel at 3 GB has offsets that fit only without percpu symbols as low as 0
                boolean relative = (bits & 4) != 0;
                boolean percpu = (bits & 2) != 0 || (wordSize == 8 && relative && (bits & 1) != 0);
                compare(tree, sample, new Kallsyms.Options((bits & 1) != 0, percpu, relative, (bits & 8) != 0, wordSize));
            }
        }
    }

    /// As many symbols as a small kernel: all 256 codes are in use and names need two-byte lengths.
    @Test
    void likeScriptsKallsymsAtSize() throws Exception {
        Path tree = KernelSource.tree().orElse(null);
        assumeTrue(tree != null, KernelSource.MISSING);
        compare(tree, new SampleSymbols(77, 30_000, 8), new Kallsyms.Options(true, true, true, false, 8));
    }

    /// A handful of symbols: the pairs run out before the codes do, and code 0 is not reached.
    @Test
    void likeScriptsKallsymsWhenPairsRunOut() throws Exception {
        Path tree = KernelSource.tree().orElse(null);
        assumeTrue(tree != null, KernelSource.MISSING);
        compare(tree, new SampleSymbols(5, 1, 8), new Kallsyms.Options(true, true, true, false, 8));
    }

    /// 6.1 reads words: the name of a symbol that has none is the next line's address, and that line is lost, or what its letter makes of it.
    @ParameterizedTest
    @ValueSource(strings = {"t next", "T next", "D __start_rodata", "d next", "b _x", "t ", "r next"})
    void symbolsWithoutAName(String next) throws Exception {
        Path tree = KernelSource.tree().orElse(null);
        assumeTrue(tree != null, KernelSource.MISSING);
        String text = "c0008000 T _stext\nc0008000 T _text\nc0009000 t one\nc000a004 t \nc000a008 " + next + "\nc000b000 t two\nc000c000 T _etext\nc000d000 D last\n";
        byte[] source = KernelScripts.kallsyms(tree, dir, text.getBytes(), List.of("--all-symbols", "--base-relative"));
        assertNotNull(source);
        var o = new Kallsyms.Options(true, false, true, false, 4);
        var theirs = new AssemblerTables(source, 4, 0xc0008000L);
        var map = new MapText(text.replaceAll("(?m)^", "00000000").replaceAll("00000000$", "").getBytes());
        var order = new int[map.nm.count()];
        Arrays.setAll(order, i -> i);
        var reader = WordReader.of(map.nm, order, map.address, 8);
        var k = Kallsyms.names(reader.nm(), reader.listed(), null, null, o, Kernel.V6_1, 1, report);
        assertEquals(-1, Arrays.mismatch(theirs.bytes(), k.fill(reader.addresses(map.address), map.bounds(), Endian.LITTLE, report).bytes()));
        assertEquals(0, report.errors());
    }

    @Test
    void refusesWhatScriptsKallsymsRefuses() throws Exception {
        Path tree = KernelSource.tree().orElse(null);
        assumeTrue(tree != null, KernelSource.MISSING);
        byte[] map = ("ffffffff81000000 T _text\n" + "fffffffe00000000 t too_far_below\n").getBytes();
        assertNull(KernelScripts.kallsyms(tree, dir, map, List.of("--all-symbols", "--base-relative")));
        tables(new MapText(map), Kernel.V6_1, new Kallsyms.Options(true, false, true, false, 8), new ArrayList<>(), 1);
        assertEquals(1, report.errors());
    }

    /// The order of the symbol table and the number of threads leave no trace, nor do addresses in
    /// anything that is promised before layout.
    @Test
    void dependsOnNothingElse() {
        var sample = new SampleSymbols(11, 3000, 8);
        var shuffled = new ArrayList<>(sample.symbols());
        Collections.shuffle(shuffled, new Random(1));
        var o = new Kallsyms.Options(true, true, true, false, 8);
        var labels = new ArrayList<Kallsyms.Label>();
        var otherLabels = new ArrayList<Kallsyms.Label>();
        byte[] a = tables(new MapText(SampleSymbols.lines(sample.symbols())), Kernel.V6_1, o, labels, 1).bytes();
        byte[] b = tables(new MapText(SampleSymbols.lines(shuffled)), Kernel.V6_1, o, otherLabels, 2).bytes();
        assertArrayEquals(a, b);

        var moved = new MapText(SampleSymbols.lines(sample.symbols()));
        boolean[] percpu = moved.inPercpu(moved.bounds());
        for (int i = 0; i < moved.address.length; i++) {
            moved.address[i] += percpu[i] ? 0 : 0x200000 + 16 * (i % 7);
        }
        byte[] c = tables(moved, Kernel.V6_1, o, otherLabels, 1).bytes();
        assertFalse(Arrays.equals(a, c));
        assertEquals(labels, otherLabels.subList(0, labels.size()));
        assertEquals(labels, otherLabels.subList(labels.size(), otherLabels.size()));
        assertArrayEquals(table(a, labels, KallsymsTable.TOKEN_TABLE), table(c, labels, KallsymsTable.TOKEN_TABLE));
        assertArrayEquals(table(a, labels, KallsymsTable.TOKEN_INDEX), table(c, labels, KallsymsTable.TOKEN_INDEX));
    }

    /// 6.12 has the tables of 6.1 in another order, if no name is filtered differently.
    @Test
    void sixTwelveReordersTheTables() {
        var sample = new SampleSymbols(12, 2000, 8);
        var both = new ArrayList<SampleSymbols.Symbol>();
        for (var s : sample.symbols()) {
            if (drops(Kernel.V6_1, s) == drops(Kernel.V6_12, s)) {
                both.add(s);
            }
        }
        var o = new Kallsyms.Options(true, true, true, false, 8);
        var old = new ArrayList<Kallsyms.Label>();
        var now = new ArrayList<Kallsyms.Label>();
        byte[] a = tables(new MapText(SampleSymbols.lines(both)), Kernel.V6_1, o, old, 1).bytes();
        byte[] b = tables(new MapText(SampleSymbols.lines(both)), Kernel.V6_12, o, now, 1).bytes();
        assertEquals(List.of("kallsyms_num_syms", "kallsyms_names", "kallsyms_markers", "kallsyms_token_table", "kallsyms_token_index",
            "kallsyms_offsets", "kallsyms_relative_base", "kallsyms_seqs_of_names"), now.stream().map(Kallsyms.Label::name).toList());
        for (KallsymsTable t : Kernel.V6_12.kallsymsOrder()) {
            byte[] mine = table(b, now, t);
            byte[] theirs = table(a, old, t);
            int common = Math.min(mine.length, theirs.length); // padding follows a table only if another does
            assertTrue(Math.abs(mine.length - theirs.length) < 8);
            assertArrayEquals(Arrays.copyOf(theirs, common), Arrays.copyOf(mine, common), t.label());
        }
    }

    /// Without KALLSYMS_ALL 6.12 keeps section bounds wherever they are.
    @Test
    void sixTwelveKeepsStartAndStop() {
        byte[] map = """
            ffffffff81000000 T _text
            ffffffff81000000 T _stext
            ffffffff81000100 t inside
            ffffffff81000200 T _etext
            ffffffff81000300 D __start_table
            ffffffff81000300 D __end_table
            ffffffff81000308 D __stop_table
            """.getBytes();
        assertEquals(4, countWithoutAll(map, Kernel.V6_1));
        assertEquals(6, countWithoutAll(map, Kernel.V6_12));
    }

    private int countWithoutAll(byte[] text, Kernel kernel) {
        var map = new MapText(text);
        var o = new Kallsyms.Options(false, false, true, false, 8);
        return Kallsyms.names(map.nm, map.nm.keptBy(kernel.systemMap()), map.inText(map.bounds()), null, o, kernel, 1, report).count();
    }

    /// A selection by section that addresses contradict is reported, not written.
    @Test
    void noticesAWrongSelection() {
        byte[] text = "ffffffff81000000 T _text\nffffffff81000000 T _stext\nffffffff81000200 T _etext\nffffffff81000300 d beyond\n".getBytes();
        var map = new MapText(text);
        var o = new Kallsyms.Options(false, false, true, false, 8);
        var k = Kallsyms.names(map.nm, map.nm.keptBy(Kernel.V6_1.systemMap()), new boolean[] {true, true, true, true}, null, o, Kernel.V6_1, 1, report);
        k.fill(map.address, map.bounds(), Endian.LITTLE, report);
        assertEquals(1, report.errors());
    }

    @Test
    void reportsAnEmptyList() {
        var map = new MapText("0000000000000010 A _text\n".getBytes());
        tables(map, Kernel.V6_1, new Kallsyms.Options(true, true, true, false, 8), new ArrayList<>(), 1);
        assertEquals(1, report.errors());
    }

    @Test
    void reportsNamesThatAreTooLong() {
        byte[] text = ("ffffffff81000000 T _text\nffffffff81000000 T " + "x".repeat(512) + "\n").getBytes();
        var map = new MapText(text);
        var k = Kallsyms.names(map.nm, map.nm.keptBy(Kernel.V6_12.systemMap()), null, null, new Kallsyms.Options(true, false, true, false, 8),
            Kernel.V6_12, 1, report);
        assertEquals(1, k.count());
        assertEquals(1, report.warnings());
    }

    private static boolean drops(Kernel kernel, SampleSymbols.Symbol s) {
        byte[] name = s.name().getBytes(StandardCharsets.UTF_8);
        byte letter = (byte) s.letter();
        return kernel.systemMap().drops(letter, name, 0, name.length) || kernel.kallsyms().drops(letter, name, 0, name.length);
    }

    private static byte[] table(byte[] section, List<Kallsyms.Label> labels, KallsymsTable t) {
        for (int i = 0; i < labels.size(); i++) {
            if (labels.get(i).name().equals(t.label())) {
                int end = i + 1 < labels.size() ? labels.get(i + 1).offset() : section.length;
                return Arrays.copyOfRange(section, labels.get(i).offset(), end);
            }
        }
        throw new AssertionError(t.label() + " is not in " + Map.of("labels", labels));
    }
}
