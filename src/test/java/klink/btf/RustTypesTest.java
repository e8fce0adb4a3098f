package klink.btf;

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
import klink.FileTypes;
import klink.inspect.BtfComparison;
import klink.oracle.KernelSource;
import klink.report.Report;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Units of the real rustc among those of a C compiler: left out, as kernels ask for it, or as pahole 1.30 has them.
class RustTypesTest {
    private static final int RECENT = 130;
    private static final String C = """
            struct Shared { int a; unsigned long b; }; int rust_add(int a, int b);
            int use_c(struct Shared *s, int x) { return rust_add(s->a, x); }
            struct Shared shared; __attribute__((section(".data..percpu"))) long c_percpu = 3;
            """;
    /// Variables of C stand where they would without Rust.
    private static final String SCRIPT = """
            SECTIONS {
              .data..percpu 0 : { c.o(.data..percpu) *(.data..percpu) }
              . = 0x400000;
              .text : { *(.text*) }
              .data : { c.o(.data* .bss*) *(.data*) *(.bss*) *(.rodata*) }
              .data.rel.ro : { *(.data.rel.ro*) }
            }
            """;

    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource({"4, first", "4, last", "5, first", "5, last"})
    void amongThoseOfC(int version, String where) throws Exception {
        assumeTrue(BtfEncoderTest.runs("rustc"), "needs rustc");
        Files.copy(Path.of("src/test/btf/rust.rs"), dir.resolve("rust.rs"));
        KernelSource.run(dir, "rustc", "--edition", "2021", "--crate-type", "lib", "--emit=obj", "-A", "warnings", "-C", "panic=abort", "-g", "-C", "opt-level=1",
                "-C", "dwarf-version=" + version, "-C", "relocation-model=static", "-o", "rust.o", "rust.rs");
        Files.writeString(dir.resolve("c.c"), C);
        KernelSource.run(dir, "gcc", "-gdwarf-" + version, "-O1", "-ffreestanding", "-fno-pic", "-c", "c.c");
        Files.writeString(dir.resolve("image.lds"), SCRIPT);
        link("image", where.equals("first") ? List.of("rust.o", "c.o") : List.of("c.o", "rust.o"));
        link("without", List.of("c.o"));
        for (String more : List.of("", ",global_var")) {
            String features = VariablesTest.FEATURES + more;
            encode("without", features, "expected");
            encode("image", features + " --lang_exclude=rust", "btf");
            same("expected", "btf"); // the C unit's variables are at the same places
            asPahole(features + " --lang_exclude=rust");
            encode("image", features, "btf");
            asPahole(features);
        }
        rust();
    }

    private void link(String image, List<String> objects) {
        var line = new ArrayList<>(List.of("ld", "--no-warn-rwx-segments", "--unresolved-symbols=ignore-all", "-e", "0", "-T", "image.lds", "-o", image));
        line.addAll(objects);
        KernelSource.run(dir, line);
    }

    private void encode(String image, String flags, String to) throws Exception {
        Files.write(dir.resolve(to), new FileTypes(BtfOptions.of(flags), 2, new Report(System.err, 0)).encode(List.of(dir.resolve(image).toString())));
    }

    private void asPahole(String flags) throws IOException {
        if (PaholeTest.version() >= RECENT) {
            Files.deleteIfExists(dir.resolve("pahole"));
            var line = new ArrayList<>(List.of("pahole", "-J", "--btf_encode_detached=pahole"));
            line.addAll(List.of(flags.split(" ")));
            line.add("image");
            KernelSource.run(dir, line);
            same("pahole", "btf");
        }
    }

    private void same(String a, String b) {
        var printed = new ByteArrayOutputStream();
        int status = BtfComparison.run(dir.resolve(a), dir.resolve(b), null, 0, new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertEquals(0, status, printed.toString(StandardCharsets.UTF_8));
    }

    /// What pahole 1.30 has of Rust: members in the order of their offsets, which the kernel wants; one pointer, however Rust calls it; of functions
    /// those that are known by their plain names.
    private void rust() throws IOException {
        BtfReader types = BtfReader.of(MemorySegment.ofArray(Files.readAllBytes(dir.resolve("btf"))), "btf");
        int pointers = 0;
        var functions = new ArrayList<String>();
        for (int id = 1; id <= types.lastId(); id++) {
            if (types.kind(id) == BtfReader.KIND_STRUCT) {
                for (int m = 1; m < types.count(id); m++) {
                    assertTrue(types.word(id, 5 + 3 * m) >= types.word(id, 2 + 3 * m), types.name(id));
                }
            }
            if (types.kind(id) == BtfReader.KIND_PTR && types.word(id, 2) != 0 && types.name(types.word(id, 2)).equals("u8")) {
                pointers++;
            }
            if (types.kind(id) == BtfReader.KIND_FUNC) {
                functions.add(types.name(id));
            }
        }
        assertEquals(1, pointers);
        functions.sort(null);
        assertEquals("rust_add rust_dyn rust_enum rust_generic rust_inner rust_moved rust_perhaps rust_pointers rust_take rust_union use_c", String.join(" ", functions));
    }
}
