package klink.symvers;

import static klink.symvers.ExportBench.function;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import klink.input.ObjectFile;
import klink.kernel.Kernel;
import klink.link.Workshop;
import klink.mem.LE;
import klink.report.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Objects whose exports are damaged: an error that names file and place, never anything else.
class HostileExportsTest {
    @TempDir
    Path dir;

    private byte[] assembled(String text) {
        try {
            return Files.readAllBytes(new Workshop(dir).assemble("bad.o", "", text));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Exports read(byte[] file, Kernel kernel) {
        return Exports.read(List.of(new ObjectFile("bad.o", MemorySegment.ofArray(file))), kernel, MergeOrder.NOTES_FIRST, 1);
    }

    private void refused(byte[] file, Kernel kernel, String what) {
        var e = assertThrows(BadInput.class, () -> read(file, kernel));
        assertTrue(e.getMessage().contains(what), e.getMessage());
        assertEquals("bad.o", e.file());
        assertTrue(e.fileOffset() > 0 && e.fileOffset() < file.length, Long.toHexString(e.fileOffset()));
    }

    private static String entry(String strings) {
        return function("a") + ".section ___ksymtab+a, \"a\"\n__ksymtab_a: .long a - .\n" + strings;
    }

    @Test
    void namespacesThatAreNoStrings() {
        String section = ".section __ksymtab_strings, \"a\", @progbits\n";
        refused(assembled(entry(section + ".asciz \"a\"\n__kstrtabns_a: .ascii \"NS\"\n")), Kernel.V6_1, "no string that ends at offset 0x2 of section __ksymtab_strings");
        refused(assembled(entry(section + "__kstrtabns_a = . + 100\n.asciz \"a\"\n")), Kernel.V6_1, "no string that ends at offset 0x64");
        refused(assembled(entry(section + "__kstrtabns_a = . - 1\n.asciz \"a\"\n")), Kernel.V6_1, "no string that ends at offset 0xffffffffffffffff");
        refused(assembled(entry(section.replace("progbits", "nobits") + "__kstrtabns_a: .zero 8\n")), Kernel.V6_1, "cannot hold strings of exports");
    }

    private static final String RECORD = ".section .export_symbol, \"a\"\n__export_symbol_a:\n";

    @Test
    void recordsThatEndTooEarly() {
        String reference = ".reloc __export_symbol_a, R_X86_64_NONE, a\n"; // takes no bytes
        refused(assembled(function("a") + RECORD + ".ascii \"GPL\"\n" + reference), Kernel.V6_12, "no string that ends at offset 0x0 of section .export_symbol");
        refused(assembled(function("a") + RECORD + ".asciz \"GPL\"\n" + reference), Kernel.V6_12, "no string that ends at offset 0x4");
        refused(assembled(function("a") + RECORD + ".asciz \"GPL\"\n.ascii \"NS\"\n" + reference), Kernel.V6_12, "no string that ends at offset 0x4");
        assertEquals("NS", read(assembled(function("a") + RECORD + ".asciz \"GPL\"\n.asciz \"NS\"\n" + reference), Kernel.V6_12).namespace(0));
    }

    @Test
    void relocationsOfRecords() {
        byte[] good = assembled(function("a") + RECORD + ".asciz \"\"\n.asciz \"\"\n.balign 8\n.quad a\n");
        assertEquals(1, read(good, Kernel.V6_12).count());
        var object = new ObjectFile("bad.o", MemorySegment.ofArray(good));
        int rela = 1;
        while (!object.sectionName(rela).equals(".rela.export_symbol")) {
            rela++;
        }
        byte[] symbol = good.clone();
        LE.put32(symbol, (int) object.fileOffset(rela) + 12, 0x7fffffff);
        refused(symbol, Kernel.V6_12, "relocation names symbol 2147483647");
        LE.put32(symbol, (int) object.fileOffset(rela) + 12, -1);
        refused(symbol, Kernel.V6_12, "relocation names symbol 4294967295");
        byte[] size = good.clone();
        int header = (int) LE.i64(MemorySegment.ofArray(good), 40) + 64 * rela;
        LE.put64(size, header + 32, 23);
        refused(size, Kernel.V6_12, "want a multiple of 24");
        byte[] place = good.clone();
        LE.put64(place, (int) object.fileOffset(rela), -8);
        assertEquals(1, read(place, Kernel.V6_12).count(), "a place beyond the section is still behind the label");
    }

    /// Any byte may be anything.
    @Test
    void damagedBytes() {
        byte[] entries = assembled(entry(".section __ksymtab_strings, \"aMS\", @progbits, 1\n__kstrtab_a: .asciz \"a\"\n__kstrtabns_a: .asciz \"NS\"\n"));
        byte[] records = assembled(function("a") + function("b") + RECORD + ".asciz \"GPL\"\n.asciz \"NS\"\n.balign 8\n.quad a\n" + "__export_symbol_b:\n.asciz \"\"\n.asciz \"\"\n.balign 8\n.quad b\n");
        for (int seed = 0; seed < 4000; seed++) {
            var random = new Random(seed);
            byte[] file = (seed % 2 == 0 ? entries : records).clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt(256);
            }
            try {
                read(file, seed % 2 == 0 ? Kernel.V6_1 : Kernel.V6_12);
            } catch (BadInput e) {
                assertEquals("bad.o", e.file());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
