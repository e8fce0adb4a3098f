package klink.btf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.mem.LE;
import klink.oracle.KernelSource;
import klink.report.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which functions get types, and tags of kfuncs, where a kernel asks for what newer versions of pahole do. What is expected here is what
/// pahole 1.30 made of the same objects; the one of Debian 12 cannot be asked.
class FunctionsTest {
    private static final String FEATURES = "--btf_features=encode_force,var,float,enum64,decl_tag,type_tag,optimized_func,consistent_func,decl_tag_kfuncs";
    /// Functions of which compilers pass on less than is declared, or in other registers; with a struct, registers tell nothing.
    private static final String MISPLACED = """
            struct s { long a, b, c; };
            static __attribute__((noinline)) long drops(long unused, long used) { asm volatile(""); return used * 3; }
            static __attribute__((noinline)) long wide(struct s s, long unused, long used) { asm volatile(""::"r"(s.a)); return used * 3 + s.a; }
            static __attribute__((noinline)) long pair(long long s, __int128 q, long unused, long used) { asm volatile(""); return used * 3 + (long) q; }
            static __attribute__((noinline)) long plain(int a, char *b) { asm volatile("" ::: "memory"); return a + *b; }
            long use(long x, char *c) { struct s s = {x, x, x}; return drops(7, x) + drops(x + 1, x) + wide(s, x, x + 2) + pair(x, x, 3, x) + plain(x, c); }
            """;

    @TempDir
    Path dir;

    private void compile(String compiler, String name, String source) throws IOException {
        Files.writeString(dir.resolve(name + ".c"), source);
        var line = new ArrayList<>(List.of(compiler.split(" ")));
        line.addAll(List.of("-w", "-ffreestanding", "-fno-pic", "-c", name + ".c"));
        KernelSource.run(dir, line);
    }

    private static byte[] encode(List<ObjectFile> files, String flags, int threads) throws BtfOptions.Unknown {
        BtfEncoder encoder = BtfEncoder.read(files, (file, section, offset) -> false, BtfOptions.of(flags), threads);
        for (ObjectFile file : files) {
            for (int i = 1; i < file.symbolCount(); i++) {
                if (Elf.type(file.symbolInfo(i)) == Elf.STT_FUNC && file.symbolSection(i) != 0) {
                    encoder.function(file.symbolNames(), file.symbolNameOffset(i));
                }
            }
            encoder.kfuncs(file);
        }
        return encoder.encode().bytes();
    }

    private List<ObjectFile> open(String... names) throws IOException {
        var files = new ArrayList<ObjectFile>();
        for (String name : names) {
            files.add(ObjectFile.finished(name, MemorySegment.ofArray(Files.readAllBytes(dir.resolve(name + ".o")))));
        }
        return files;
    }

    private static BtfReader types(byte[] bytes) {
        return BtfReader.of(MemorySegment.ofArray(bytes), "btf");
    }

    private String functions(String flags, String... objects) throws Exception {
        BtfReader types = types(encode(open(objects), flags, 2));
        var found = new TreeSet<String>();
        for (int id = 1; id <= types.lastId(); id++) {
            if (types.kind(id) == BtfReader.KIND_FUNC) {
                found.add(types.name(id));
            }
        }
        return String.join(" ", found);
    }

    @ParameterizedTest
    @CsvSource({"gcc -gdwarf-4 -O2, drops plain use", "gcc -gdwarf-5 -O2, drops plain use", "clang-19 -gdwarf-4 -O2, plain use wide", "clang-19 -gdwarf-5 -O2, plain use wide"})
    void parametersInOtherRegisters(String compiler, String expected) throws Exception {
        assumeTrue(BtfEncoderTest.runs(compiler.substring(0, compiler.indexOf(' '))), "needs " + compiler);
        compile(compiler, "one", MISPLACED);
        assertEquals(expected, functions(FEATURES, "one"));
        assertTrue(functions("--btf_gen_floats", "one").contains("pair") || compiler.startsWith("gcc"), "pair is there for those who do not ask");
    }

    /// A name that stands for functions of different prototypes stands for none; `const` does not count, names of parameters neither.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                   | int f(int a)            | ''                   | int f(int b)            | f",
        "''                   | int f(int a)            | ''                   | int f(long a)           | ''",
        "''                   | int f(int a)            | ''                   | int f(int a, int b)     | ''",
        "''                   | int f(int a)            | ''                   | void f(int a)           | ''",
        "''                   | int f(int a)            | ''                   | int f(int a, ...)       | ''",
        "''                   | int f(const char *a)    | ''                   | int f(char *a)          | f",
        "''                   | int f(const void *a)    | ''                   | int f(void *a)          | ''",
        "''                   | int f(volatile char *a) | ''                   | int f(char *a)          | ''",
        "'struct s { int x; };' | int f(struct s *a)    | 'struct s;'          | int f(struct s *a)      | f",
        "'struct s { int x; };' | int f(struct s *a)    | 'struct t { int x; };' | int f(struct t *a)    | ''",
        "''                   | int f(int (*a)(int))    | ''                   | int f(int (*a)(char *)) | f",
        "''                   | int f(int (*a)(int))    | ''                   | int f(int (*a)(int, int)) | ''",
        "'typedef int t;'     | int f(t a)              | ''                   | int f(int a)            | ''",
        "'enum e { A };'      | int f(enum e a)         | 'enum e { B };'      | int f(enum e a)         | f",
    })
    void prototypesThatDiffer(String before, String first, String beforeSecond, String second, String expected) throws Exception {
        compile("gcc -gdwarf-5", "one", before + "\n" + first + " { for (;;); }");
        compile("gcc -gdwarf-4", "two", beforeSecond + "\nstatic " + second + " { for (;;); }\nvoid *use = f;");
        assertEquals(expected, functions(FEATURES, "one", "two"));
        assertEquals(expected, functions(FEATURES, "two", "one"));
        assertEquals("f", functions("--btf_gen_floats", "one", "two"));
    }

    /// A function of which only a copy is left is known by its own name, to those who ask.
    @Test
    void copies() throws Exception {
        compile("gcc -g", "one", "int f(int a) { return a; } int g(void) { return 1; } asm(\".type h.constprop.0,@function\\nh.constprop.0:\\n.size h.constprop.0,1\"); static inline int h(int x) { return x; } int (*p)(int); int q(void) { return h(1); }");
        Files.write(dir.resolve("one.o"), renamed(Files.readAllBytes(dir.resolve("one.o"))));
        assertEquals("f g q", functions("--btf_gen_floats", "one"));
        assertEquals("f g h q", functions(FEATURES, "one"));
    }

    /// Renames the compiler's own symbol `h`, so that only the copy is left.
    private static byte[] renamed(byte[] object) {
        ObjectFile file = ObjectFile.finished("one.o", MemorySegment.ofArray(object));
        byte[] out = object.clone();
        for (int s = 1; s < file.sectionCount(); s++) {
            if (file.type(s) == Elf.SHT_SYMTAB) {
                for (int i = 1; i < file.symbolCount(); i++) {
                    if (file.symbolName(i).equals("h")) {
                        out[(int) file.fileOffset(s) + i * Elf.SYM_SIZE + 4] = 0; // no function
                    }
                }
            }
        }
        return out;
    }

    private static final String KFUNCS = """
            int kf_a(int x) { return x; }
            void kf_b(long y, char *z) { *z = y; }
            int not_one(int c) { return c; }
            asm(".pushsection .BTF_ids,\\"a\\"\\n"
                "__BTF_ID__set8__mykf: .long 0, FLAG\\n"
                "__BTF_ID__func__kf_b__11: .long 0, 0x1000\\n"
                "__BTF_ID__func__kf_a__10: .long 0, 4\\n"
                ".size __BTF_ID__set8__mykf, .-__BTF_ID__set8__mykf\\n"
                "__BTF_ID__set8__not: .long 0, 0\\n"
                "__BTF_ID__func__not_one__12: .long 0, 0\\n"
                ".size __BTF_ID__set8__not, .-__BTF_ID__set8__not\\n"
                "__BTF_ID__func__not_one__13: .long 0\\n"
                ".popsection");
            """;

    @ParameterizedTest
    @CsvSource({"1, 'bpf_fastcall kf_b,bpf_kfunc kf_a,bpf_kfunc kf_b'", "0, ''"})
    void kfuncsAreTagged(int flag, String expected) throws Exception {
        compile("gcc -g", "one", KFUNCS.replace("FLAG", Integer.toString(flag)));
        compile("gcc -g", "two", KFUNCS.replace("FLAG", Integer.toString(flag)).replace("int kf_a(", "static int kf_a(").replace("void kf_b", "static void kf_b"));
        for (String[] objects : List.of(new String[] {"one"}, new String[] {"one", "two"})) {
            BtfReader types = types(encode(open(objects), FEATURES, 1));
            var tags = new TreeSet<String>();
            for (int id = 1; id <= types.lastId(); id++) {
                if (types.kind(id) == BtfReader.KIND_DECL_TAG) {
                    assertEquals(-1, types.word(id, 3), "the function as a whole");
                    assertTrue(tags.add(types.name(id) + " " + types.name(types.word(id, 2))), "twice");
                }
            }
            assertEquals(expected, String.join(",", tags));
        }
        assertEquals(0, tags(FEATURES.replace(",decl_tag_kfuncs", "")));
    }

    private int tags(String flags) throws Exception {
        BtfReader types = types(encode(open("one"), flags, 1));
        int n = 0;
        for (int id = 1; id <= types.lastId(); id++) {
            n += types.kind(id) == BtfReader.KIND_DECL_TAG ? 1 : 0;
        }
        return n;
    }

    /// Location lists with a byte changed are read or refused.
    @ParameterizedTest
    @ValueSource(strings = {"gcc -gdwarf-4 -O2", "gcc -gdwarf-5 -O2", "clang-19 -gdwarf-5 -O2"})
    void damage(String compiler) throws Exception {
        assumeTrue(BtfEncoderTest.runs(compiler.substring(0, compiler.indexOf(' '))), "needs " + compiler);
        compile(compiler, "one", MISPLACED);
        byte[] good = Files.readAllBytes(dir.resolve("one.o"));
        ObjectFile file = ObjectFile.finished("one.o", MemorySegment.ofArray(good));
        var random = new Random(5);
        int section = 0;
        for (int s = 1; s < file.sectionCount(); s++) {
            section = file.sectionName(s).startsWith(".debug_loc") ? s : section;
        }
        int refused = 0;
        for (int n = 0; n < 1000; n++) {
            byte[] bad = good.clone();
            if (n % 4 == 0) {
                int header = (int) LE.i64(MemorySegment.ofArray(bad), 40) + section * Elf.SHDR_SIZE;
                LE.put64(bad, header + 32, random.nextInt((int) file.size(section)));
            } else {
                bad[(int) file.fileOffset(section) + random.nextInt((int) file.size(section))] = (byte) random.nextInt(256);
            }
            try {
                encode(List.of(ObjectFile.finished("bad.o", MemorySegment.ofArray(bad))), FEATURES, 1);
            } catch (BadInput e) {
                assertEquals("bad.o", e.file());
                refused++;
            }
        }
        assertTrue(refused > 20, "only " + refused + " were refused");
    }
}
