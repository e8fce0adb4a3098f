package klink.btf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import klink.FileTypes;
import klink.inspect.BtfComparison;
import klink.oracle.KernelSource;
import klink.report.BadInput;
import klink.report.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Types of modules that continue a kernel's, against those of the real pahole.
class SplitBtfTest {
    private static final Path SOURCES = Path.of("src/test/btf");

    @TempDir
    Path dir;

    private void compile(String compiler, String name, String source) throws IOException {
        Files.writeString(dir.resolve(name + ".c"), source);
        var line = new ArrayList<>(List.of(compiler.split(" ")));
        line.addAll(List.of("-w", "-ffreestanding", "-fno-pic", "-c", name + ".c"));
        KernelSource.run(dir, line);
    }

    private void merge(String to, List<String> units) throws IOException {
        KernelSource.run(dir, Stream.concat(Stream.of("ld", "-r", "-z", "muldefs", "-o", to), units.stream().map(u -> u + ".o")).toList());
    }

    private byte[] encode(String base, String module, int threads) {
        var types = new FileTypes(BtfOptions.DEFAULT, threads, new Report(System.err, 0));
        if (base != null) {
            types.continues(dir.resolve(base).toString());
        }
        return types.encode(List.of(dir.resolve(module).toString()));
    }

    /// Has pahole make types of a kernel and a module, and compares with those that klink makes to continue the same kernel.
    private void same(List<String> kernel, List<String> module) throws IOException {
        merge("kernel.o", kernel);
        merge("module.ko", module);
        KernelSource.run(dir, "pahole", "-J", "--btf_gen_floats", "--btf_encode_detached=kernel", "kernel.o");
        KernelSource.run(dir, "pahole", "-J", "--btf_gen_floats", "--btf_base", "kernel", "--btf_encode_detached=theirs", "module.ko");
        byte[] ours = encode("kernel", "module.ko", 1);
        assertArrayEquals(ours, encode("kernel", "module.ko", 3), "the number of threads shows");
        Files.write(dir.resolve("ours"), ours);
        compare();
    }

    private void compare() {
        var printed = new ByteArrayOutputStream();
        int status = BtfComparison.run(dir.resolve("theirs"), dir.resolve("ours"), dir.resolve("kernel"), 0, new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertEquals(0, status, printed.toString(StandardCharsets.UTF_8));
    }

    /// A module with much of the kernel's, some that has the kernel's names, and some of its own.
    private static final String MODULE = """
            struct only_fwd; struct flex; typedef unsigned long u64; typedef int (*fn_t)(const char *fmt, ...);
            struct fwd { int x; struct flex *f; volatile const int *vc; void *restrict r; void (*cb)(struct only_fwd *, union ufwd *); };
            struct conflict { int a; }; struct uses { struct conflict *c; struct uses *next; struct fwd *f; };
            struct mine { struct fwd *kernels; struct uses *too; struct { u64 a; long own; } s; struct mine *next; enum { MINE_A, MINE_B = -7 } e; };
            enum efwd { E1, E2, E3 }; enum other { O1 = 3 };
            __attribute__((section(".data..percpu"))) struct mine pcmine = {0}; static __attribute__((section(".data..percpu"))) u64 pcu = 4;
            int f2(struct uses *u, struct conflict *c) { return c->a; }
            int mine_f(struct mine *m, enum efwd e, fn_t f, enum other *o) { pcu++; return f("", m->e) + *o; }
            struct holds { struct chain1 { struct uses *u; } c; float f; int a[3]; } gh;
            """;

    @ParameterizedTest
    @ValueSource(strings = {"gcc -gdwarf-4 -O1", "gcc -gdwarf-5 -O2", "gcc -gdwarf-3 -gstrict-dwarf -O0", "clang-19 -gdwarf-4 -O1", "clang-19 -gdwarf-5 -O2"})
    void asPahole(String compiler) throws IOException {
        assumeTrue(PaholeTest.available(), "needs pahole");
        assumeTrue(BtfEncoderTest.runs(compiler.substring(0, compiler.indexOf(' '))), "needs " + compiler);
        for (String unit : List.of("kinds", "first", "second", "declares")) {
            compile(compiler, unit, Files.readString(SOURCES.resolve(unit + ".c")));
        }
        compile(compiler, "module", MODULE);
        compile(compiler, "differs", Files.readString(SOURCES.resolve("second.c")).replace("struct only_fwd { long real; };", "struct only_fwd;"));
        same(List.of("kinds", "first"), List.of("module"));
        same(List.of("kinds", "first"), List.of("module", "declares"));
        same(List.of("kinds", "first"), List.of("differs", "module"));
        same(List.of("kinds", "first", "second"), List.of("module"));
    }

    /// Tags that the kernel has are not said again; what else a module has on the kernel's types is.
    @ParameterizedTest
    @ValueSource(strings = {"clang-19 -gdwarf-4 -O1", "clang-19 -gdwarf-5 -O2"})
    void tags(String compiler) throws IOException {
        assumeTrue(PaholeTest.available(), "needs pahole");
        assumeTrue(BtfEncoderTest.runs("clang-19"), "needs clang-19");
        for (String unit : List.of("tags_first", "tags_second")) {
            compile(compiler, unit, Files.readString(SOURCES.resolve(unit + ".c")));
        }
        same(List.of("tags_first"), List.of("tags_second"));
        same(List.of("tags_second"), List.of("tags_first"));
        same(List.of("tags_first", "tags_second"), List.of("tags_first"));
    }

    /// Structs that refer to each other, some defined differently by some units of the kernel, some by some of the module.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void asPaholeAtRandom(long seed) throws IOException {
        assumeTrue(PaholeTest.available(), "needs pahole");
        var random = new Random(seed);
        for (int u = 0; u < 5; u++) {
            compile(u % 2 == 0 ? "gcc -gdwarf-4" : "gcc -gdwarf-5", "u" + u, BtfEncoderTest.unit(random, u, seed % 4 != 0, false));
        }
        same(List.of("u0", "u1"), List.of("u3"));
        same(List.of("u0", "u1"), List.of("u3", "u4"));
        same(List.of("u1", "u2", "u3"), List.of("u0", "u4"));
    }

    /// What the kernel has is all there is: nothing is left to say.
    @Test
    void nothingNew() throws IOException {
        compile("gcc -g", "unit", "struct s { int a; struct s *next; }; int f(struct s *s) { return s->a; }");
        Files.write(dir.resolve("kernel"), encode(null, "unit.o", 1));
        byte[] more = encode("kernel", "unit.o", 1);
        BtfReader base = BtfReader.of(MemorySegment.ofArray(Files.readAllBytes(dir.resolve("kernel"))), "kernel");
        assertEquals(base.lastId(), BtfReader.of(MemorySegment.ofArray(more), "module", base).lastId());
        assertEquals(24, more.length, "a header");
    }

    /// A struct of the kernel stays what it is, though the module knows what it points to.
    @Test
    void whatTheKernelOnlyDeclares() throws IOException {
        compile("gcc -g", "kernel", "struct inner; struct outer { struct inner *i; int n; }; struct outer *g; void take(struct inner *i) {}");
        compile("gcc -g", "module", "struct inner { long x; }; struct outer { struct inner *i; int n; }; struct inner gi; int use(struct outer *o, struct inner *i) { return o->n; }");
        Files.write(dir.resolve("kernel"), encode(null, "kernel.o", 1));
        byte[] bytes = encode("kernel", "module.o", 1);
        BtfReader base = BtfReader.of(MemorySegment.ofArray(Files.readAllBytes(dir.resolve("kernel"))), "kernel");
        BtfReader types = BtfReader.of(MemorySegment.ofArray(bytes), "module", base);
        var own = new TreeSet<String>();
        for (int id = base.lastId() + 1; id <= types.lastId(); id++) {
            own.add(types.kind(id) + " " + types.name(id));
        }
        // STRUCT inner, INT long int, PTR to it, FUNC_PROTO, FUNC; and no outer.
        assertEquals(new TreeSet<>(List.of("4 inner", "1 long int", "2 ", "13 ", "12 use")), own);
    }

    /// The same for one module as for many that continue one kernel: nothing of the first is left in what the second gets.
    @Test
    void oneBaseForMany() throws IOException {
        compile("gcc -g", "kernel", "struct s { int a; }; struct s g;");
        compile("gcc -g", "one", "struct s { int a; }; struct t { struct s s; long l; }; struct t g;");
        compile("gcc -g", "two", "struct s { long b; }; struct t { struct s *s; }; struct t g;");
        Files.write(dir.resolve("kernel"), encode(null, "kernel.o", 1));
        var types = new FileTypes(BtfOptions.DEFAULT, 1, new Report(System.err, 0));
        types.continues(dir.resolve("kernel").toString());
        for (String module : List.of("one.o", "two.o", "one.o")) {
            assertArrayEquals(encode("kernel", module, 1), types.encode(List.of(dir.resolve(module).toString())));
        }
    }

    /// Distilled, a base has names and sizes of what the module refers to, and the module what has no name.
    @Test
    void distilledBase() throws IOException {
        compile("gcc -g", "kernel", "struct big { long a[9]; int b; }; union u { int x; }; enum e { A }; struct unused { int q; };\n"
                + "struct big g; union u *gu; enum e ge; struct unused *gx; struct fwd; void f(struct fwd *p, const struct big *c) {}");
        compile("gcc -g", "module", "struct big { long a[9]; int b; }; union u { int x; }; enum e { A }; struct fwd; struct own { struct big b; union u *u; enum e e; const struct big *c; };\n"
                + "struct own g; int h(struct fwd *p) { return 1; }");
        Files.write(dir.resolve("kernel"), encode(null, "kernel.o", 1));
        BtfReader base = BtfReader.of(MemorySegment.ofArray(Files.readAllBytes(dir.resolve("kernel"))), "kernel");
        BtfReader module = BtfReader.of(MemorySegment.ofArray(encode("kernel", "module.o", 1)), "module", base);
        var distilled = new DistilledBase(module, base);
        BtfReader names = BtfReader.of(MemorySegment.ofArray(distilled.base()), "base");
        var found = new TreeSet<String>();
        for (int id = 1; id <= names.lastId(); id++) {
            found.add(names.kind(id) + " " + names.name(id) + " " + names.count(id) + " " + names.word(id, 2));
        }
        assertEquals(new TreeSet<>(List.of("4 big 0 80", "5 u 0 4", "6 e 0 4", "1 int 0 4", "7 fwd 0 0")), found);
        BtfReader rest = BtfReader.of(MemorySegment.ofArray(distilled.module()), "module", names);
        var text = new ArrayList<String>();
        for (int id = names.lastId() + 1; id <= rest.lastId(); id++) {
            if (rest.kind(id) == BtfReader.KIND_STRUCT) {
                for (int m = 0; m < rest.count(id); m++) {
                    int type = rest.word(id, 4 + 3 * m);
                    text.add(rest.string(id, rest.word(id, 3 + 3 * m)) + " " + rest.kind(type) + " " + rest.name(type) + (rest.kind(type) == BtfReader.KIND_PTR ? rest.kind(rest.word(type, 2)) : ""));
                }
            }
        }
        assertEquals(List.of("b 4 big", "u 2 5", "e 6 e", "c 2 10"), text);
    }

    /// Types with a byte changed are continued or refused: no other exception, no hang.
    @Test
    void damagedBase() throws IOException {
        compile("gcc -g", "kinds", Files.readString(SOURCES.resolve("kinds.c")));
        compile("gcc -g", "module", MODULE);
        byte[] good = encode(null, "kinds.o", 1);
        var random = new Random(3);
        int refused = 0;
        for (int n = 0; n < 1500; n++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(n % 2 == 0 ? 4 : 256);
            Files.write(dir.resolve("kernel"), bad);
            try {
                encode("kernel", "module.o", 1);
            } catch (BadInput e) {
                assertEquals(dir.resolve("kernel").toString(), e.file());
                refused++;
            }
        }
        assertTrue(refused > 50, "only " + refused + " were refused");
    }
}
