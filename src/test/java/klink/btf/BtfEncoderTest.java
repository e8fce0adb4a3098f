package klink.btf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.inspect.BtfComparison;
import klink.inspect.BtfText;
import klink.mem.LE;
import klink.oracle.KernelSource;
import klink.report.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Types made from objects, against those that the real pahole makes from the linked image.
class BtfEncoderTest {
    private static final String SCRIPT = """
            SECTIONS {
              .data..percpu 0x300000 : { *(.data..percpu) }
              . = 0x400000;
              .text : { *(.text*) }
              .data : { *(.data) *(.bss) *(COMMON) *(.rodata*) }
            }
            """;
    private static final Path SOURCES = Path.of("src/test/btf");

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"gcc -gdwarf-4 -O1", "gcc -gdwarf-5 -O2", "gcc -gdwarf-3 -gstrict-dwarf -O0", "gcc -gdwarf-5 -gz=zlib -O1", "gcc -gdwarf-5 -gdwarf64 -O1",
        "clang-19 -gdwarf-4 -O1", "clang-19 -gdwarf-5 -O2"})
    void asPahole(String compiler) throws IOException {
        assumeTrue(PaholeTest.available(), "needs pahole");
        assumeTrue(runs(compiler.substring(0, compiler.indexOf(' '))), "needs " + compiler);
        List<String> units = List.of("kinds", "first", "second", "declares", "tags_first", "tags_second");
        for (String unit : units) {
            compile(compiler, unit, Files.readString(SOURCES.resolve(unit + ".c")));
        }
        same(units);
    }

    /// Programs of many structs that refer to each other: with names that some units define differently, or with names that
    /// some only declare.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void asPaholeAtRandom(long seed) throws IOException {
        assumeTrue(PaholeTest.available(), "needs pahole");
        same(units(new Random(seed), seed % 2 == 0, seed % 2 != 0));
    }

    /// With both, which of several definitions a declaration means depends on the order in which types are compared, and so how many
    /// copies of what refers to it are left. The definitions are the same ones.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void declarationsOfAmbiguousNames(long seed) throws IOException {
        assumeTrue(PaholeTest.available(), "needs pahole");
        List<String> objects = units(new Random(seed), true, true).stream().map(u -> u + ".o").toList();
        link(objects);
        byte[] ours = encode(objects, 2);
        assertEquals(definitions(Files.readAllBytes(dir.resolve("theirs"))), definitions(ours));
        assertArrayEquals(ours, encode(objects, 1), "the number of threads shows");
    }

    /// Structs with their sizes and numbers of members, functions with their names: each once.
    private static TreeSet<String> definitions(byte[] btf) {
        BtfReader types = BtfReader.of(MemorySegment.ofArray(btf), "btf");
        var found = new TreeSet<String>();
        for (int i = 1; i <= types.lastId(); i++) {
            if (types.kind(i) == BtfReader.KIND_STRUCT || types.kind(i) == BtfReader.KIND_INT) {
                found.add(types.kind(i) + " " + types.name(i) + " " + types.count(i) + " " + types.word(i, 2));
            } else if (types.kind(i) == BtfReader.KIND_FUNC) {
                found.add("function " + types.name(i));
            }
        }
        return found;
    }

    private List<String> units(Random random, boolean conflicts, boolean declarations) throws IOException {
        var units = new ArrayList<String>();
        for (int u = 0; u < 4; u++) {
            units.add("u" + u);
            compile(u % 2 == 0 ? "gcc -gdwarf-4" : "gcc -gdwarf-5", "u" + u, unit(random, u, conflicts, declarations));
        }
        return units;
    }

    static String unit(Random random, int u, boolean conflicts, boolean declarations) {
        var c = new StringBuilder();
        int odd = random.nextInt(12);
        for (int i = 0; i < 12; i++) {
            c.append("struct s").append(i).append(";\n");
        }
        for (int i = 0; i < 12; i++) {
            if (declarations && random.nextInt(4) == 0) {
                continue; // only declared here
            }
            c.append("struct s").append(i).append(" { int a[").append(i + 1).append("]; ");
            c.append(conflicts && i == odd % 3 && u > 1 ? "long only" + u + "; " : "").append("struct s").append((i * 5 + 1) % 12).append(" *p; struct s").append((i * 7 + 2) % 12).append(" *const *q; ");
            c.append("union { int x; struct s").append((i + 1) % 12).append(" *y; } z; };\n");
            c.append("struct s").append(i).append(" g").append(u).append('_').append(i).append(";\n");
        }
        c.append("int f").append(u).append("(struct s0 *a, struct s1 *b) { return 0; }\n");
        return c.toString();
    }

    private void same(List<String> units) throws IOException {
        List<String> objects = units.stream().map(u -> u + ".o").toList();
        link(objects);
        byte[] one = encode(objects, 1);
        assertArrayEquals(one, encode(objects, 3), "the number of threads shows");
        Files.write(dir.resolve("ours"), one);
        compare("theirs", "ours");
        Files.write(dir.resolve("ours"), encode(List.of("image"), 2));
        compare("theirs", "ours");
    }

    private void link(List<String> objects) throws IOException {
        Files.writeString(dir.resolve("image.lds"), SCRIPT);
        KernelSource.run(dir, Stream.concat(Stream.of("ld", "--no-warn-rwx-segments", "-e", "0", "-T", "image.lds", "-o", "image"), objects.stream()).toList());
        KernelSource.run(dir, "pahole", "-J", "--btf_gen_floats", "--btf_encode_detached=theirs", "image");
    }

    private void compare(String a, String b) {
        var printed = new ByteArrayOutputStream();
        int status = BtfComparison.run(dir.resolve(a), dir.resolve(b), null, 0, new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertEquals(0, status, printed.toString(StandardCharsets.UTF_8));
    }

    private void compile(String compiler, String name, String source) throws IOException {
        Files.writeString(dir.resolve(name + ".c"), source);
        var line = new ArrayList<>(List.of(compiler.split(" ")));
        line.addAll(List.of("-w", "-ffreestanding", "-fno-pic", "-c", name + ".c"));
        KernelSource.run(dir, line);
    }

    private ObjectFile open(String name) throws IOException {
        return ObjectFile.finished(name, MemorySegment.ofArray(Files.readAllBytes(dir.resolve(name))));
    }

    private byte[] encode(List<String> names, int threads) throws IOException {
        var files = new ArrayList<ObjectFile>();
        for (String name : names) {
            files.add(open(name));
        }
        return encode(files, threads);
    }

    /// Objects whose per-CPU sections follow one another, as the script has them.
    private static byte[] encode(ArrayList<ObjectFile> files, int threads) {
        return encode(files, BtfOptions.DEFAULT, threads);
    }

    private static byte[] encode(ArrayList<ObjectFile> files, BtfOptions options, int threads) {
        BtfEncoder encoder = BtfEncoder.read(files, (file, section, offset) -> section == 0 ? offset >= 0x300000 && offset < 0x400000
                : file.sectionName(section).equals(".data..percpu"), options, threads);
        for (int f = 0; f < files.size(); f++) {
            ObjectFile file = files.get(f);
            for (int i = 1; i < file.symbolCount(); i++) {
                int type = Elf.type(file.symbolInfo(i));
                if (type == Elf.STT_FUNC && file.symbolSection(i) != 0) {
                    encoder.function(file.symbolNames(), file.symbolNameOffset(i));
                } else if (type == Elf.STT_OBJECT && file.symbolSection(i) > 0 && file.sectionName(file.symbolSection(i)).equals(".data..percpu")) {
                    encoder.variable(file.symbolNames(), file.symbolNameOffset(i), f, file.isRelocatable() ? file.symbolSection(i) : 0, file.symbolValue(i), file.symbolSize(i), false);
                }
            }
        }
        BtfEncoder.Btf btf = encoder.encode();
        var offsets = new long[btf.variables()];
        for (int v = 0; v < offsets.length; v++) {
            offsets[v] = (btf.address()[v] & 0xffff_ffffL) - (files.get(btf.file()[v]).isRelocatable() ? 0 : 0x300000);
        }
        btf.place(offsets);
        return btf.bytes();
    }

    /// Objects of other machines, 32-bit ones among them; and without a link, as pahole reads a module.
    @ParameterizedTest
    @ValueSource(strings = {"arm-linux-gnueabihf-gcc -g -O1", "aarch64-linux-gnu-gcc -g -O1", "powerpc64le-linux-gnu-gcc -g -O2", "gcc -g -m32", "clang-19 -g --target=armv7-linux-gnueabihf"})
    void otherMachines(String compiler) throws IOException {
        assumeTrue(PaholeTest.available(), "needs pahole");
        assumeTrue(runs(compiler.substring(0, compiler.indexOf(' '))), "needs " + compiler);
        for (String unit : List.of("kinds", "first", "second", "declares")) {
            // What 32-bit machines do not have.
            compile(compiler, unit, Files.readString(SOURCES.resolve(unit + ".c")).replace("__int128 i128;", "").replace("u64 e:63", "unsigned e:31"));
            KernelSource.run(dir, "pahole", "-J", "--btf_gen_floats", "--btf_encode_detached=theirs", unit + ".o");
            Files.write(dir.resolve("ours"), encode(List.of(unit + ".o"), 1));
            compare("theirs", "ours");
        }
    }

    /// Types in units of their own, which others refer to by signatures: the same types. pahole does not find all of them.
    @ParameterizedTest
    @ValueSource(strings = {"gcc -gdwarf-4", "gcc -gdwarf-5", "clang-19 -gdwarf-4", "clang-19 -gdwarf-5"})
    void typeUnits(String compiler) throws IOException {
        assumeTrue(runs(compiler.substring(0, compiler.indexOf(' '))), "needs " + compiler);
        List<String> units = List.of("kinds", "first", "second", "declares");
        for (String unit : units) {
            compile(compiler, unit, Files.readString(SOURCES.resolve(unit + ".c")));
            compile(compiler + " -fdebug-types-section", unit + "_typed", Files.readString(SOURCES.resolve(unit + ".c")));
        }
        Files.write(dir.resolve("theirs"), encode(units.stream().map(u -> u + ".o").toList(), 2));
        Files.write(dir.resolve("ours"), encode(units.stream().map(u -> u + "_typed.o").toList(), 2));
        compare("theirs", "ours");
    }

    /// An image whose units dwz has made share what they have in common (DW_TAG_partial_unit).
    @Test
    void partialUnits() throws IOException {
        assumeTrue(runs("dwz"), "needs dwz");
        var objects = new ArrayList<String>();
        for (int u = 0; u < 6; u++) {
            compile("gcc -gdwarf-" + (4 + u / 3), "u" + u, unit(new Random(u), 0, false, false).replace(" g0_", " g" + u + "_").replace("f0(", "f" + u + "("));
            objects.add("u" + u + ".o");
        }
        Files.writeString(dir.resolve("image.lds"), SCRIPT);
        KernelSource.run(dir, Stream.concat(Stream.of("ld", "--no-warn-rwx-segments", "-e", "0", "-T", "image.lds", "-o", "image"), objects.stream()).toList());
        Files.write(dir.resolve("theirs"), encode(List.of("image"), 2));
        KernelSource.run(dir, "dwz", "image");
        assertTrue(KernelSource.run(dir, "readelf", "-wi", "image").contains("DW_TAG_partial_unit"), "dwz found nothing in common");
        Files.write(dir.resolve("ours"), encode(List.of("image"), 2));
        compare("theirs", "ours");
    }

    /// Array indices are of the type "int", which pahole makes up if the first unit with arrays has none.
    @ParameterizedTest
    @ValueSource(strings = {"none", "none int", "int none", "neither none int", "neither int none", "neither", "none long", "none wide"})
    void indexOfArrays(String order) throws IOException {
        assumeTrue(PaholeTest.available(), "needs pahole");
        for (String[] unit : new String[][] {{"none", "char na[4]; long nb[5];"}, {"int", "int ia[4];"}, {"neither", "unsigned c;"}, {"long", "long la[2];"},
                {"wide", "typedef int i; struct { i a[3]; } w;"}}) {
            compile("gcc -g", unit[0], unit[1]);
        }
        same(List.of(order.split(" ")));
    }

    /// What is left out, or said otherwise, because pahole is told so.
    @ParameterizedTest
    @ValueSource(strings = {"--skip_encoding_btf_vars", "--skip_encoding_btf_enum64", "--skip_encoding_btf_type_tag", "--btf_gen_floats --skip_encoding_btf_vars"})
    void options(String flags) throws Exception {
        assumeTrue(PaholeTest.available(), "needs pahole");
        assumeTrue(runs("clang-19"), "needs clang-19");
        compile("clang-19 -g", "kinds", Files.readString(SOURCES.resolve("kinds.c")));
        var line = new ArrayList<>(List.of("pahole", "-J", "--btf_encode_detached=theirs"));
        line.addAll(List.of(flags.split(" ")));
        line.add("kinds.o");
        KernelSource.run(dir, line);
        Files.write(dir.resolve("ours"), encode(new ArrayList<>(List.of(open("kinds.o"))), BtfOptions.of(flags), 1));
        compare("theirs", "ours");
        assertEquals(flags.contains("vars"), !holds("ours", BtfReader.KIND_VAR));
        assertEquals(flags.contains("enum64"), !holds("ours", BtfReader.KIND_ENUM64));
        assertEquals(flags.contains("type_tag"), !holds("ours", BtfReader.KIND_TYPE_TAG));
    }

    private boolean holds(String file, int kind) throws IOException {
        BtfReader types = BtfReader.of(MemorySegment.ofArray(Files.readAllBytes(dir.resolve(file))), file);
        for (int i = 1; i <= types.lastId(); i++) {
            if (types.kind(i) == kind) {
                return true;
            }
        }
        return false;
    }

    /// Units in languages that are not wanted.
    @Test
    void languages() throws Exception {
        compile("gcc -g", "c", "int c_f(int a) { return a; }");
        compile("gcc -g -x c++", "cpp", "extern \"C\" long cpp_f(long a) { return a; }");
        assertEquals("[c_f, cpp_f]", functions("--btf_gen_floats"));
        assertEquals("[c_f]", functions("--lang_exclude=rust,c++,c++14,c++17"));
    }

    private String functions(String flags) throws Exception {
        var files = new ArrayList<>(List.of(open("c.o"), open("cpp.o")));
        BtfEncoder encoder = BtfEncoder.read(files, (file, section, offset) -> false, BtfOptions.of(flags), 1);
        encoder.function("c_f\0".getBytes(StandardCharsets.US_ASCII), 0);
        encoder.function("cpp_f\0".getBytes(StandardCharsets.US_ASCII), 0);
        BtfReader types = BtfReader.of(MemorySegment.ofArray(encoder.encode().bytes()), "btf");
        var found = new TreeSet<String>();
        for (int i = 1; i <= types.lastId(); i++) {
            if (types.kind(i) == BtfReader.KIND_FUNC) {
                found.add(types.name(i));
            }
        }
        return found.toString();
    }

    /// What only looking at the result in detail can tell.
    @Test
    void names() throws IOException {
        compile("gcc -gdwarf-5", "one", "enum e { A, B = -1 }; struct b { int x : 3; enum e y : 4; }; union u; struct b g; union u *p;\n"
                + "int f(struct b *b, ...) { return b->x; }\n");
        BtfReader types = BtfReader.of(MemorySegment.ofArray(encode(List.of("one.o"), 1)), "one");
        var found = new ArrayList<String>();
        for (int i = 1; i <= types.lastId(); i++) {
            found.add(types.kind(i) + " " + types.name(i) + " " + types.count(i) + (types.word(i, 1) < 0 ? " flag" : ""));
        }
        found.sort(null);
        // INT, PTR twice, STRUCT with sizes of bit-fields, signed ENUM, FWD of a union, FUNC, FUNC_PROTO with two parameters
        assertEquals(List.of("1 int 0", "12 f 0", "13  2", "2  0", "2  0", "4 b 2 flag", "6 e 2 flag", "7 u 0 flag"), found);
    }

    @Test
    void printedAsC() throws IOException {
        compile("gcc -gdwarf-5", "one", "struct s { int a[2][3]; unsigned b : 3; void (*f)(const char *, ...); struct { long l; } *const n; }; typedef struct s *t; t g;\n");
        Files.write(dir.resolve("ours"), encode(List.of("one.o"), 1));
        var printed = new ByteArrayOutputStream();
        BtfText.run(dir.resolve("ours"), null, true, new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertEquals("""
                struct s {
                \tint a[6];
                \tunsigned int b: 3;
                \tvoid (*f)(const char *, ...);
                \tstruct {
                \t\tlong int l;
                \t} *const n;
                };

                typedef struct s *t;

                """, printed.toString(StandardCharsets.UTF_8));
        printed.reset();
        BtfText.run(dir.resolve("ours"), null, false, new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertTrue(printed.toString(StandardCharsets.UTF_8).contains("\tb type="), printed.toString(StandardCharsets.UTF_8));
    }

    /// Cut anywhere, or with a byte changed, debug information is read or refused: no other exception, no hang.
    @ParameterizedTest
    @ValueSource(strings = {"gcc -gdwarf-4", "clang-19 -gdwarf-5"})
    void damage(String compiler) throws IOException {
        assumeTrue(runs(compiler.substring(0, compiler.indexOf(' '))), "needs " + compiler);
        compile(compiler, "kinds", Files.readString(SOURCES.resolve("kinds.c")));
        byte[] good = Files.readAllBytes(dir.resolve("kinds.o"));
        ObjectFile file = open("kinds.o");
        var random = new Random(7);
        int refused = 0;
        for (String name : List.of(".debug_info", ".debug_abbrev", ".debug_str_offsets", ".debug_addr")) {
            int section = 0;
            for (int s = 1; s < file.sectionCount(); s++) {
                section = file.sectionName(s).equals(name) ? s : section;
            }
            for (int n = 0; section != 0 && n < 400; n++) {
                byte[] bad = good.clone();
                int at = (int) file.fileOffset(section) + random.nextInt((int) file.size(section));
                bad[at] = (byte) random.nextInt(256);
                refused += refused(bad) ? 1 : 0;
            }
            for (int n = 0; section != 0 && n < 100; n++) {
                byte[] bad = good.clone();
                int header = (int) LE.i64(MemorySegment.ofArray(bad), 40) + section * Elf.SHDR_SIZE;
                LE.put64(bad, header + 32, random.nextInt((int) file.size(section)));
                refused += refused(bad) ? 1 : 0;
            }
        }
        assertTrue(refused > 100, "only " + refused + " were refused");
    }

    private static boolean refused(byte[] bytes) {
        try {
            encode(new ArrayList<>(List.of(ObjectFile.finished("bad.o", MemorySegment.ofArray(bytes)))), 1);
            return false;
        } catch (BadInput e) {
            assertEquals("bad.o", e.file());
            return true;
        }
    }

    @Test
    void namesTheUnitThatCannotBeRead() throws IOException {
        compile("gcc -gdwarf-5", "one", "int g;");
        byte[] bytes = Files.readAllBytes(dir.resolve("one.o"));
        ObjectFile file = open("one.o");
        for (int s = 1; s < file.sectionCount(); s++) {
            if (file.sectionName(s).equals(".debug_info")) {
                bytes[(int) file.fileOffset(s) + 4] = 77; // the version
                BadInput e = assertThrows(BadInput.class, () -> encode(new ArrayList<>(List.of(ObjectFile.finished("one.o", MemorySegment.ofArray(bytes)))), 1));
                assertEquals(".debug_info+0x6: DWARF version 77", e.getMessage());
                return;
            }
        }
        throw new IllegalStateException("no .debug_info");
    }

    static boolean runs(String tool) {
        try {
            KernelSource.run(Path.of("."), tool, "--version");
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
