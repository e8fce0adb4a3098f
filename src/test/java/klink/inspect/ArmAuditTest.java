package klink.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.elf.Arm;
import klink.inspect.ElfImage.Section;
import klink.inspect.RelocationAudit.Rule;
import klink.report.BadInput;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The audit of arm images linked by GNU ld, with veneers of either kind: nothing is wrong, and everything that is then changed is found. In each order of
/// bytes: little-endian, big-endian, big-endian with little-endian code.
class ArmAuditTest {
    private static final String MAIN = """
            .syntax unified
            .cpu cortex-a15
            .weak nowhere
            .text
            .globl start
            .type start, %function
            start:
            .fnstart
                bl far
                b far
                bl thumb
                bleq other
                blx thumb
                bl nowhere
                b nowhere
                movw r0, #:lower16:value
                movt r0, #:upper16:value
                movw r1, #:lower16:.Lstring
                movt r1, #:upper16:.Lstring
                add r2, pc, #0
                .reloc .-4, R_ARM_ALU_PC_G0_NC, value
                bx lr
            .fnend
            .thumb
            .type inner, %function
            inner:
            .fnstart
            .save {r4, lr}
                bl far
                b.w farthumb
                bl other
                b.w thumb
                bne.w inside
                bl nowhere
                movw r0, #:lower16:inner
                movt r0, #:upper16:inner
                bx lr
            inside:
                nop
            .fnend
            .section .rodata.str1.1,"aMS",%progbits,1
            .asciz "a tail"
            .Lstring: .asciz "the string with a tail"
            .data
            .globl value
            value: .word start, inner, thumb, nowhere, .Lstring + 4, far - ., inside
            """;
    private static final String OTHER = """
            .syntax unified
            .cpu cortex-a15
            .text
            .globl other, thumb, far, farthumb
            .type other, %function
            other:
            .fnstart
                bx lr
            .cantunwind
            .fnend
            .thumb
            .type thumb, %function
            thumb:
            .fnstart
                bx lr
            .cantunwind
            .fnend
            .balign 4
            .section .far,"ax",%progbits
            .arm
            .type far, %function
            far: bl start
                bl thumb
                bx lr
            .thumb
            .type farthumb, %function
            farthumb: b.w start
                bl other
                bx lr
            .balign 4
            .section .rodata.str1.1,"aMS",%progbits,1
            .asciz "tail"
            .section __ex_table,"a"
            .word other, far
            """;
    private static final String SCRIPT = """
            SECTIONS {
              . = 0x100000;
              .text : { *(.text) }
              .rodata : { *(.rodata .rodata.*) }
              __ex_table : { *(__ex_table) }
              .ARM.exidx : { *(.ARM.exidx*) }
              .ARM.extab : { *(.ARM.extab*) }
              .data : { *(.data) }
              . = 0x9000000;
              .far : { *(.far) }
            }
            """;

    @TempDir
    private Path dir;
    private Toolchain tools;

    /// Options of the link.
    private static final String LITTLE = "-EL";
    private static final String BIG = "-EB";
    private static final String BE8 = "--be8";

    @BeforeEach
    void sources() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/arm-linux-gnueabihf-as")), "no GNU binutils for arm");
        tools = new Toolchain(dir);
        tools.write("main.s", MAIN);
        tools.write("other.s", OTHER);
        tools.write("s.lds", SCRIPT);
    }

    private byte[] link(String order, String... options) {
        String as = order.equals(LITTLE) ? "-EL" : "-EB";
        tools.run("arm-linux-gnueabihf-as", as, "-o", "main.o", "main.s");
        tools.run("arm-linux-gnueabihf-as", as, "-o", "other.o", "other.s");
        var command = new ArrayList<>(List.of("arm-linux-gnueabihf-ld", as, order, "-T", "s.lds", "-e", "start", "-Map=map", "-z", "noexecstack", "--no-warn-rwx-segments", "-o", "image"));
        command.addAll(List.of(options));
        command.addAll(List.of("--defsym", "__aeabi_unwind_cpp_pr0=0", "main.o", "other.o"));
        tools.run(command.toArray(new String[0]));
        return tools.read("image");
    }

    private RelocationAudit audit(byte[] image) {
        return RelocationAudit.of(ElfImage.of("image", MemorySegment.ofArray(image)), LinkMap.read(dir.resolve("map")),
                LinkedObject.open(dir, List.of("main.o", "other.o")), 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {LITTLE, BIG, BE8})
    void everySiteOfALinkByGnuLdIsVerified(String order) {
        for (String[] options : new String[][] {{}, {"--pic-veneer"}}) {
            var audit = audit(link(order, options));
            assertEquals(List.of(), audit.mismatches());
            assertTrue(audit.count(Rule.VENEER) >= 6, () -> audit.count(Rule.VENEER) + " branches by way of veneers");
            assertEquals(3, audit.count(Rule.MERGED));
            assertEquals(4, audit.count(Rule.WEAK_ZERO), "three branches and a word");
            assertEquals(2, audit.count(Rule.TABLE));
            assertEquals(4, audit.count(Rule.INDEX));
        }
    }

    /// Flips a bit of each byte that an input section has in the output, and of the index.
    @ParameterizedTest
    @ValueSource(strings = {LITTLE, BIG, BE8})
    void everyChangedByteIsFound(String order) {
        byte[] image = link(order);
        var opened = ElfImage.of("image", MemorySegment.ofArray(image));
        int tried = 0;
        for (String object : LinkMap.read(dir.resolve("map")).objects()) {
            for (LinkMap.Place p : LinkMap.read(dir.resolve("map")).of(object)) {
                Section s = opened.section(p.outputSection).orElse(null);
                if (s != null && List.of(".text", ".far", ".data", "__ex_table").contains(p.section)) {
                    tried += flip(image, (int) (s.fileOffset() + p.address - s.address()), (int) p.size);
                }
            }
        }
        for (Section s : opened.sections()) {
            tried += s.type() == Arm.SHT_ARM_EXIDX ? flip(image, (int) s.fileOffset(), (int) s.size()) : 0;
        }
        assertTrue(tried > 170, tried + " bytes");
    }

    private int flip(byte[] image, int from, int size) {
        for (int i = 0; i < size; i++) {
            byte[] changed = image.clone();
            changed[from + i] ^= (byte) (1 << i % 8);
            int at = from + i;
            assertNotEquals(0, audit(changed).mismatchCount(), () -> "0x" + Integer.toHexString(at) + " of the file was changed and not found");
        }
        return size;
    }

    /// The instructions and the words of veneers, which stand outside of the inputs' sections.
    @ParameterizedTest
    @ValueSource(strings = {LITTLE, BIG, BE8})
    void aVeneerToTheWrongPlaceIsFound(String order) {
        byte[] image = link(order);
        var opened = ElfImage.of("image", MemorySegment.ofArray(image));
        var symbols = opened.symbols();
        int veneers = 0;
        for (int i = 1; i < symbols.count(); i++) {
            if (symbols.name(i).endsWith("_veneer")) {
                long address = symbols.address(i);
                Section s = opened.sectionAt(address, 8).orElseThrow();
                flip(image, (int) (s.fileOffset() + address - s.address()), 8);
                veneers++;
            }
        }
        assertTrue(veneers > 2, veneers + " veneers");
    }

    @Test
    void objectsOfTheOtherOrderAreRefused() {
        link(BE8);
        byte[] image = tools.read("image");
        tools.run("arm-linux-gnueabihf-as", "-o", "main.o", "main.s");
        BadInput e = assertThrows(BadInput.class, () -> audit(image));
        assertTrue(e.finding().text().contains("main.o") && e.finding().text().contains("another order"), e.finding().text());
    }
}
