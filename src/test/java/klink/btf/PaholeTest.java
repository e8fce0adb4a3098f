package klink.btf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import klink.elf.Elf;
import klink.mem.Endian;
import klink.oracle.KernelSource;
import klink.report.LinkFailed;
import klink.report.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaholeTest {
    private static final String FLAGS = "--btf_gen_floats -j --lang_exclude=rust";

    @TempDir
    Path dir;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Report report = new Report(new PrintStream(printed, true, StandardCharsets.UTF_8), 0);

    static boolean available() {
        try {
            KernelSource.run(Path.of("."), "pahole", "--version");
            return true;
        } catch (java.io.UncheckedIOException e) {
            return false;
        }
    }

    /// Of the installed one, as 124; -1 if there is none.
    static int version() {
        return available() ? Pahole.parseVersion(KernelSource.run(Path.of("."), "pahole", "--version")) : -1;
    }

    /// The detached output, and that made from the least image, against what link-vmlinux.sh of 6.1 does.
    @ParameterizedTest
    @CsvSource({"64, 1", "64, 2", "32, 3"})
    void likeKbuild(int bits, long seed) throws IOException {
        assumeTrue(available(), "needs pahole");
        var program = BtfProgram.link(dir, new Random(seed), bits);
        Path copy = Files.copy(program.image(), dir.resolve("kbuild"), StandardCopyOption.REPLACE_EXISTING);
        KernelSource.run(dir, "pahole", "-J", "--btf_gen_floats", "--lang_exclude=rust", copy.toString());
        byte[] theirs = program.section(copy, ".BTF");

        Path scratch = dir.resolve("scratch");
        byte[] before = Files.readAllBytes(program.image());
        var pahole = new Pahole("pahole", FLAGS, false, report);
        assertArrayEquals(theirs, pahole.encode(program.image(), scratch));
        assertArrayEquals(before, Files.readAllBytes(program.image()));

        Path least = dir.resolve("least");
        least(program, bits).write(least);
        assertArrayEquals(theirs, pahole.encode(least, scratch));
        assertFalse(Files.exists(scratch));
        report.flush();
        assertEquals("", printed.toString(StandardCharsets.UTF_8));

        var types = BtfReader.of(MemorySegment.ofArray(theirs), "image");
        int percpu = 1;
        while (types.kind(percpu) != BtfReader.KIND_DATASEC) {
            percpu++;
        }
        assertEquals(".data..percpu", types.name(percpu));
        assertEquals(4, types.count(percpu));
    }

    private static PaholeImage least(BtfProgram program, int bits) throws IOException {
        var image = new PaholeImage(bits == 64 ? Elf.ELFCLASS64 : Elf.ELFCLASS32, bits == 64 ? Elf.EM_X86_64 : Elf.EM_386, Endian.LITTLE);
        int percpu = image.place(".data..percpu", Elf.SHF_ALLOC | Elf.SHF_WRITE, 0, program.section(program.image(), ".data..percpu").length);
        int text = image.place(".text", Elf.SHF_ALLOC | Elf.SHF_EXECINSTR, 0x1000, 0x1000);
        for (String name : List.of(".debug_info", ".debug_abbrev", ".debug_str")) {
            image.section(name, 0, 0, program.segment(program.image(), name));
        }
        for (var s : program.symbols()) {
            var name = MemorySegment.ofArray(BtfProgram.bytes("x" + s.name()));
            int length = (int) name.byteSize() - 1;
            if (s.type().equals("FUNC")) {
                image.symbol(name, 1, length, Elf.STT_FUNC, text, 0, 0);
            } else if (s.type().equals("OBJECT") && s.section().equals(".data..percpu")) {
                image.symbol(name, 1, length, Elf.STT_OBJECT, percpu, s.value(), s.size());
            }
        }
        return image;
    }

    /// readelf's opinion of a file with more names than the first buffers hold.
    @Test
    void imageIsWellFormed() throws IOException {
        var image = new PaholeImage(Elf.ELFCLASS64, Elf.EM_AARCH64, Endian.LITTLE);
        int text = image.place(".text", Elf.SHF_ALLOC, 0x1000, 0x1000);
        image.section(".debug_info", 0, 0, MemorySegment.ofArray(new byte[3]));
        for (int i = 0; i < 5000; i++) {
            image.symbol(MemorySegment.ofArray(BtfProgram.bytes("function_number_" + i)), 0, 16 + String.valueOf(i).length(), Elf.STT_FUNC, text, i, 1);
        }
        Path file = dir.resolve("big");
        Files.writeString(file, "x".repeat(10_000_000));
        image.write(file);
        String words = KernelSource.run(dir, "readelf", "-aW", file.toString());
        assertFalse(words.contains("Warning") || words.contains("Error"), words);
        assertTrue(words.contains("'.symtab' contains 5001 entries"));
        assertTrue(words.contains("0000000000001387     1 FUNC    GLOBAL DEFAULT    1 function_number_4999"));
    }

    @Test
    void parallelRunsAreAskedFor() {
        assertEquals(List.of("--btf_gen_floats", "--lang_exclude=rust"), Pahole.flags("  --btf_gen_floats -j  --lang_exclude=rust\n", false));
        assertEquals(List.of(), Pahole.flags("-j4 --jobs --jobs=3", false));
        assertEquals(List.of("-j", "--x"), Pahole.flags("-j --x", true));
        assertEquals(List.of("-j", "--btf_features=var,reproducible_build"), Pahole.flags("-j --btf_features=var,reproducible_build", false));
    }

    @ParameterizedTest
    @CsvSource({"no-such-pahole, no-such-pahole --btf_encode_detached=", "false, exit status 1", "true, it wrote no BTF"})
    void failuresNameTheCommand(String command, String expected) {
        var pahole = new Pahole(command, "--some_flag", false, report);
        assertThrows(LinkFailed.class, () -> pahole.encode(dir.resolve("missing-image"), dir.resolve("scratch")));
        report.flush();
        String words = printed.toString(StandardCharsets.UTF_8);
        assertTrue(words.startsWith("klink: error: pahole failed: "), words);
        assertTrue(words.contains(expected), words);
        assertTrue(words.contains(" --some_flag " + dir.resolve("missing-image")), words);
    }

    @Test
    void whatPaholePrintsIsShown() {
        assumeTrue(available(), "needs pahole");
        var pahole = new Pahole("pahole", "", false, report);
        assertThrows(LinkFailed.class, () -> pahole.encode(dir.resolve("missing-image"), dir.resolve("scratch")));
        report.flush();
        assertTrue(printed.toString(StandardCharsets.UTF_8).contains(">>> pahole: " + dir.resolve("missing-image")), printed.toString(StandardCharsets.UTF_8));
    }
}
