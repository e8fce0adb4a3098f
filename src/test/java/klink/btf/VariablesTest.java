package klink.btf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import klink.FileTypes;
import klink.KernelJob;
import klink.Link;
import klink.LinkOptions;
import klink.input.InputSpec;
import klink.inspect.BtfComparison;
import klink.kernel.Config;
import klink.kernel.Kernel;
import klink.oracle.KernelSource;
import klink.report.Report;
import klink.script.Script;
import klink.script.Source;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which variables get types, per CPU or all, where a kernel asks for what newer versions of pahole do. What is expected here is what
/// pahole 1.30 made of the same images; where that one is installed, it is asked.
class VariablesTest {
    static final String FEATURES = "--btf_features=encode_force,var,float,enum64,decl_tag,type_tag,optimized_func,consistent_func,decl_tag_kfuncs";
    private static final int RECENT = 130;
    private static final String SCRIPT = """
            SECTIONS {
              .data..percpu 0 : { *(.data..percpu) }
              . = 0x400000;
              .text : { *(.text*) }
              .BTF : { KEEP(*(.BTF)) }
              .data : { *(.data) }
              .init.data : { *(.init.data) }
              .bss : { *(.bss) *(COMMON) }
              .rodata : { *(.rodata*) }
              /DISCARD/ : { *(.discard) }
            }
            """;
    /// Local ones, names that macros of the kernel make up, sizes that symbols say otherwise, types whose size nothing says, what is discarded
    /// and so seems to be at address 0.
    private static final String ONE = """
            #define percpu __attribute__((section(".data..percpu")))
            percpu int first = 3;
            percpu char empty[0];
            percpu struct { int a; char n[]; } flexible = { 1, "abcdefgh" };
            percpu static int hidden = 4;
            percpu int __UNIQUE_ID_x12 = 3;
            percpu int __pcpu_dummy = 3;
            extern percpu int declared;
            percpu int declared = 4;
            int f(void) { static percpu int local = 3; { static percpu int deeper = 3; deeper++; } return local++ + hidden++ + declared; }
            static inline int g(void) { static percpu int inlined = 3; return inlined++; }
            int h(void) { return g() + g(); }
            percpu long sized = 3;
            asm(".size sized, 4");
            __attribute__((section(".discard"))) int discarded = 5;
            const int constant = 3; static const int hidden_constant = 4; const int *keeps = &hidden_constant;
            int zeroes; static int hidden_zeroes; int *keeps_too = &hidden_zeroes;
            char big[100000];
            enum { A1, B1 } of_an_enum = B1;
            void *pointer; typedef struct { int q; } pair; pair array[3][2]; const long qualified[2] = {1};
            __attribute__((section(".init.data"))) int initial = 3;
            """;
    /// GCC has the definition refer to the declaration, whose type has no size.
    private static final String GROWS = "extern percpu int grows[]; percpu int grows[3] = {1};";
    private static final String TWO = """
            static int hidden = 7; int *shows = &hidden; extern int zeroes; int *refers = &zeroes;
            __attribute__((section(".data..percpu"))) double another = 4;
            """;
    private static final String PERCPU = ".data..percpu: __pcpu_dummy/4 another/8 declared/4 first/4 flexible/4 hidden/4 sized/8";

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"gcc -gdwarf-4 -O1", "gcc -gdwarf-5 -O2", "clang-19 -gdwarf-4 -O1", "clang-19 -gdwarf-5 -O2"})
    void ofAllSections(String compiler) throws Exception {
        assumeTrue(BtfEncoderTest.runs(compiler.substring(0, compiler.indexOf(' '))), "needs " + compiler);
        compile(compiler, "one", ONE + (compiler.startsWith("gcc") ? GROWS : ""));
        compile(compiler, "two", TWO);
        same(FEATURES, List.of(PERCPU));
        same(FEATURES + ",global_var", List.of(".bss: array/24 big/100000 hidden_zeroes/4 pointer/8 zeroes/4",
                PERCPU, ".data: keeps/8 keeps_too/8 of_an_enum/4 refers/8 shows/8 hidden/4", ".init.data: initial/4", ".rodata: constant/4 hidden_constant/4 qualified/16"));
        same("--btf_features=encode_force", List.of());
    }

    /// pahole 1.30 lists a weak variable beside the one that replaced it; and of what Clang makes, a number that got a single byte, into which its type
    /// does not fit, and two constants that the linker has made one. The kernel refuses types of which two overlap.
    @ParameterizedTest
    @CsvSource({"gcc -g -O2, .bss: shrunk/4, first_table/8 second_table/8", "clang-19 -g -O2, , first_table/8"})
    void noneOverlap(String compiler, String bss, String tables) throws Exception {
        assumeTrue(BtfEncoderTest.runs(compiler.substring(0, compiler.indexOf(' '))), "needs " + compiler);
        compile(compiler, "one", """
                __attribute__((weak)) long replaced = 1; int one = 2; __attribute__((section(".data..percpu"))) int zero = 3;
                static int shrunk; void set(void) { shrunk = 1; } int get(void) { return shrunk; }
                static const char first_table[8] = {1, 2, 3, 5, 7, 11, 13, 17}; int first(int i) { return first_table[i]; }
                """);
        compile(compiler, "two", "long replaced = 4; static const char second_table[8] = {1, 2, 3, 5, 7, 11, 13, 17}; int second(int i) { return second_table[i]; }");
        var expected = new ArrayList<>(List.of(".data..percpu: zero/4", ".data: one/4 replaced/8", ".rodata: " + tables));
        if (bss != null) {
            expected.addFirst(bss);
        }
        images(FEATURES + ",global_var");
        for (String image : List.of("theirs", "ours")) {
            encode(image, FEATURES + ",global_var");
            assertEquals(expected, variables(dir.resolve("btf"), image));
        }
        compare("btf", "ours");
    }

    private void compile(String compiler, String name, String source) throws IOException {
        Files.writeString(dir.resolve(name + ".c"), source);
        var line = new ArrayList<>(List.of(compiler.split(" ")));
        line.addAll(List.of("-w", "-ffreestanding", "-fno-pic", "-c", name + ".c"));
        KernelSource.run(dir, line);
    }

    private void encode(String image, String flags) throws Exception {
        Files.write(dir.resolve("btf"), new FileTypes(BtfOptions.of(flags), 2, new Report(System.err, 0)).encode(List.of(dir.resolve(image).toString())));
    }

    /// An image that ld links, and one that klink links with types of its own.
    private void images(String flags) throws Exception {
        link(flags);
        Files.writeString(dir.resolve("image.lds"), SCRIPT);
        KernelSource.run(dir, "ld", "--no-warn-rwx-segments", "-e", "0", "-T", "image.lds", "-o", "theirs", "one.o", "two.o");
    }

    private void same(String flags, List<String> expected) throws Exception {
        images(flags);
        for (String image : List.of("theirs", "ours")) {
            encode(image, flags);
            assertEquals(expected.stream().map(VariablesTest::sorted).toList(), variables(dir.resolve("btf"), image), image);
            if (PaholeTest.version() >= RECENT) {
                Files.deleteIfExists(dir.resolve("pahole")); // which does not cut it off where what it writes is shorter
                KernelSource.run(dir, "pahole", "-J", flags, "--btf_encode_detached=pahole", image);
                compare("pahole", "btf");
            }
        }
        compare("btf", "ours");
    }

    private static String sorted(String line) {
        return line.substring(0, line.indexOf(' ')) + " " + String.join(" ", new TreeSet<>(List.of(line.substring(line.indexOf(' ') + 1).split(" "))));
    }

    private void compare(String a, String b) {
        var printed = new ByteArrayOutputStream();
        int status = BtfComparison.run(dir.resolve(a), dir.resolve(b), null, 0, new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertEquals(0, status, printed.toString(StandardCharsets.UTF_8));
    }

    private void link(String flags) throws IOException {
        var opt = new LinkOptions();
        opt.inputs = List.of(new InputSpec(dir.resolve("one.o").toString(), false, 0), new InputSpec(dir.resolve("two.o").toString(), false, 0));
        opt.output = dir.resolve("ours");
        opt.entry = "0";
        opt.threads = 2;
        opt.kernel = new KernelJob(Kernel.V6_12, Config.parse("CONFIG_DEBUG_INFO_BTF=y\n".getBytes(StandardCharsets.UTF_8), "config"), null, KernelJob.Btf.MADE, null, flags, null, null);
        byte[] script = SCRIPT.getBytes(StandardCharsets.UTF_8);
        var report = new Report(System.err, 0);
        Link.link(opt, () -> Script.parse(new Source("image.lds", script)), report);
        report.flush();
    }

    /// By section, the names of its variables with their sizes. Each is where `nm` has a symbol of that name.
    private List<String> variables(Path btf, String image) throws IOException {
        var symbols = new HashMap<String, TreeSet<Long>>();
        for (String line : KernelSource.run(dir, "nm", image).lines().toList()) {
            String[] words = line.split(" +");
            if (words.length == 3) {
                symbols.computeIfAbsent(words[2], n -> new TreeSet<>()).add(Long.parseUnsignedLong(words[0], 16));
            }
        }
        Map<String, Long> starts = new HashMap<>();
        for (String line : KernelSource.run(dir, "readelf", "-SW", image).lines().toList()) {
            if (line.contains("] .")) {
                String[] words = line.substring(line.indexOf(']') + 2).split(" +");
                starts.put(words[0], Long.parseUnsignedLong(words[2], 16));
            }
        }
        BtfReader types = BtfReader.of(MemorySegment.ofArray(Files.readAllBytes(btf)), "btf");
        var found = new TreeMap<String, TreeSet<String>>();
        for (int id = 1; id <= types.lastId(); id++) {
            for (int i = 0; types.kind(id) == BtfReader.KIND_DATASEC && i < types.count(id); i++) {
                String name = types.name(types.word(id, 3 + 3 * i));
                found.computeIfAbsent(types.name(id) + ":", n -> new TreeSet<>()).add(name + "/" + types.word(id, 5 + 3 * i));
                assertEquals(true, symbols.get(name).contains(starts.get(types.name(id)) + types.word(id, 4 + 3 * i)), name);
            }
        }
        var lines = new ArrayList<String>();
        found.forEach((section, names) -> lines.add(section + " " + String.join(" ", names)));
        return lines;
    }
}
