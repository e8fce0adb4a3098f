package klink.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.inspect.RelocationAudit.Rule;
import klink.mem.LE;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The audit of powerpc images against links by GNU ld, with the table of contents edited and not: nothing wrong, and everything that
/// is then changed found.
class Ppc64AuditTest {
    private static final String MAIN = """
            .globl start, shown, number, far
            .weak nowhere
            .hidden nowhere
            .text
            start: addis 2, 12, .TOC. - start@ha
                addi 2, 2, .TOC. - start@l
                .localentry start, . - start
                bl far
                nop
                b far
                bl other
                nop
                bl shown
                beq near
                bl nowhere
                nop
                addis 3, 2, .Lvalue@toc@ha
                ld 3, .Lvalue@toc@l(3)
                addis 4, 2, .Lfar@toc@ha
                ld 4, .Lfar@toc@l(4)
                addis 5, 2, .Lkept@toc@ha
                std 5, .Lkept@toc@l(5)
                addis 6, 2, .Lstring@toc@ha
                ld 6, .Lstring@toc@l(6)
                addis 7, 2, value@toc@ha
                lwz 7, value@toc@l(7)
                addis 8, 2, distant@toc@ha
                addi 8, 8, distant@toc@l
                addis 9, 2, .Lsame@toc@ha
                addi 9, 9, .Lsame@toc@l
                lis 10, number@highest
                ori 10, 10, number@higher
                oris 10, 10, number@high
                ori 10, 10, number@l
            near: blr
            .type shown, @function
            shown: nop
                nop
                .localentry shown, . - shown
                blr
            .set number, 0x1234567887654321
            .section .toc,"aw"
            .Lvalue: .quad value
            .Lfar: .quad far
            .Lkept: .quad value
            .Lstring: .quad .Ltext
            .section .rodata.str1.1,"aMS",@progbits,1
            .Ltext: .asciz "a string that ends alike"
            .Lsame: .asciz "same"
            .section __ex_table,"a"
            .balign 4
            .long start - ., near - .
            .data
            .quad start, shown + 4, number, nowhere, .Ltext + 9, .Lsame
            .quad start - .
            .long near - .
            .balign 8
            .globl value
            value: .quad far, value
            .section .distant,"aw"
            distant: .quad 5
            """;
    private static final String OTHER = """
            .globl far, other, hidden
            .hidden hidden
            .text
            other: addis 2, 12, .TOC. - other@ha
                addi 2, 2, .TOC. - other@l
                .localentry other, . - other
                bl hidden
                nop
                blr
            .section .far,"ax"
            .type far, @function
            far: addis 2, 12, .TOC. - far@ha
                addi 2, 2, .TOC. - far@l
                .localentry far, . - far
                bl start
                nop
                blr
            .type hidden, @function
            hidden: blr
            .section .rodata.str1.1,"aMS",@progbits,1
            .asciz "same"
            .data
            .quad hidden, other
            """;
    private static final String SCRIPT = """
            SECTIONS {
              /DISCARD/ : { *(.note.GNU-stack .eh_frame .glink .plt .iplt) }
              . = 0xc000000000100000;
              .text : { *(.text) }
              .rodata : { *(.rodata .rodata.*) }
              __ex_table : { *(__ex_table) }
              .branch_lt : { *(.branch_lt) }
              .got : ALIGN(256) { *(.got .toc) }
              .data : { *(.data) }
              .dynamic : { *(.dynamic) }
              .dynsym : { *(.dynsym) }
              .dynstr : { *(.dynstr) }
              .hash : { *(.hash) }
              .gnu.hash : { *(.gnu.hash) }
              .interp : { *(.interp) }
              .rela.dyn : { *(.rela.*) }
              . = 0xc000000000300000;
              .distant : { *(.distant) }
              . = 0xc000000003000000;
              .far : { *(.far) }
            }
            """;

    @TempDir
    private Path dir;
    private Toolchain tools;
    private List<String> objects = List.of("main.o", "other.o");

    @BeforeEach
    void assemble() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/powerpc64le-linux-gnu-as")), "no GNU binutils for powerpc64le");
        tools = new Toolchain(dir);
        tools.write("main.s", MAIN);
        tools.write("other.s", OTHER);
        tools.write("s.lds", SCRIPT);
        tools.run("powerpc64le-linux-gnu-as", "-o", "main.o", "main.s");
        tools.run("powerpc64le-linux-gnu-as", "-o", "other.o", "other.s");
    }

    private byte[] link(String... options) {
        var command = new ArrayList<>(List.of("powerpc64le-linux-gnu-ld", "-m", "elf64lppc", "-T", "s.lds", "-e", "start", "-Map=map", "-z", "noexecstack",
                "--no-warn-rwx-segments", "-o", "image"));
        command.addAll(List.of(options));
        command.addAll(objects);
        tools.run(command.toArray(new String[0]));
        return tools.read("image");
    }

    private RelocationAudit audit(byte[] image) {
        return RelocationAudit.of(ElfImage.of("image", MemorySegment.ofArray(image)), LinkMap.read(dir.resolve("map")),
                LinkedObject.open(dir, objects), 2);
    }

    private static final String[] MOVING = {"-pie", "-z", "notext"};

    @Test
    void everySiteIsVerified() {
        var audit = audit(link(MOVING));
        assertEquals(List.of(), audit.mismatches());
        assertEquals(4, audit.count(Rule.VENEER));
        assertEquals(2, audit.count(Rule.WEAK_ZERO), "a call and a word");
        assertEquals(3, audit.count(Rule.EDITED), "words that went");
        assertEquals(1 + 12, audit.count(Rule.CONTENTS), "the word that stays, and six pairs");
        assertEquals(2, audit.count(Rule.TABLE));
        assertTrue(audit.count(Rule.MOVED) >= 6);
    }

    @Test
    void everySiteIsVerifiedWhereTheTableStays() {
        for (String[] options : new String[][] {{"-pie", "-z", "notext", "--no-toc-optimize"}, {"--no-toc-optimize"}, {}}) {
            assertEquals(List.of(), audit(link(options)).mismatches());
        }
    }

    /// Flips a bit of each byte that an input section has in the output.
    @Test
    void everyChangedByteIsFound() {
        for (String[] options : new String[][] {MOVING, {"-pie", "-z", "notext", "--no-toc-optimize"}}) {
            byte[] image = link(options);
            var opened = ElfImage.of("image", MemorySegment.ofArray(image));
            var map = LinkMap.read(dir.resolve("map"));
            int tried = 0;
            for (String object : map.objects()) {
                for (LinkMap.Place p : map.of(object)) {
                    Section s = opened.section(p.outputSection).orElse(null);
                    boolean input = s != null && s.isAlloc() && s.hasBytes() && List.of(".text", ".far", ".data", ".toc", "__ex_table", ".distant").contains(p.section);
                    for (long i = 0; input && i < p.size; i++) {
                        long address = p.address + i;
                        byte[] changed = image.clone();
                        changed[(int) (s.fileOffset() + address - s.address())] ^= (byte) (1 << i % 8);
                        assertNotEquals(0, audit(changed).mismatchCount(), () -> "0x" + Long.toHexString(address) + " was changed and not found");
                        tried++;
                    }
                }
            }
            assertTrue(tried > 250, "" + tried);
        }
    }

    /// Veneers lie between inputs: a change of one leads calls elsewhere. So does one of a word that they load.
    @Test
    void aVeneerToTheWrongPlaceIsFound() {
        byte[] image = link(MOVING);
        var opened = ElfImage.of("image", MemorySegment.ofArray(image));
        int found = 0;
        for (int i = 1; i < opened.symbols().count(); i++) {
            boolean veneer = opened.symbols().name(i).contains("_branch.");
            if (veneer) {
                Section s = opened.sectionAt(opened.symbols().value(i), 4).orElseThrow();
                byte[] changed = image.clone();
                changed[(int) (s.fileOffset() + opened.symbols().value(i) - s.address()) + 4] ^= 8;
                assertTrue(audit(changed).mismatchCount() > 0, opened.symbols().name(i));
                found++;
            }
        }
        assertTrue(found > 0);
        Section table = opened.section(".branch_lt").orElseThrow();
        for (int at = 0; at < table.size(); at += 8) {
            byte[] changed = image.clone();
            changed[(int) table.fileOffset() + at] ^= 8;
            assertTrue(audit(changed).mismatchCount() > 0);
        }
    }

    private static final String PLAIN = """
            .machine power10
            .globl start
            .weak nowhere
            .hidden nowhere
            .text
            start: .localentry start, 1
                bl inner@notoc
                bl contents@notoc
                bl far@notoc
                bl far_contents@notoc
                bl nowhere@notoc
                PLACE
                blr
            inner: blr
            .type contents, @function
            contents: addis 2, 12, .TOC. - contents@ha
                addi 2, 2, .TOC. - contents@l
                .localentry contents, . - contents
                bl start
                nop
                bl far
                cror 31, 31, 31
                bl far_contents
                nop
                beq cr0, inner
                bdnz .
                .reloc . - 4, R_PPC64_REL14_BRTAKEN, inner
                addis 12, 2, 0
                .reloc . - 4, R_PPC64_PLT16_HA, inner
                ld 12, 0(12)
                .reloc . - 4, R_PPC64_PLT16_LO_DS, inner
                mtctr 12
                .reloc . - 4, R_PPC64_PLTSEQ, inner
                bctrl
                .reloc . - 4, R_PPC64_PLTCALL, inner
                ld 2, 24(1)
                mflr 0
                bl _savegpr0_30
                b _restgpr0_30
                addpcis 3, 0
                .reloc . - 4, R_PPC64_REL16DX_HA, inner
                blr
            .section .toc,"aw"
                .quad contents
            .section .far,"ax"
            .type far, @function
            far: .localentry far, 1
                bl start@notoc
                blr
            .type far_contents, @function
            far_contents: addis 2, 12, .TOC. - far_contents@ha
                addi 2, 2, .TOC. - far_contents@l
                .localentry far_contents, . - far_contents
                bl far
                nop
                mflr 0
                bl _savegpr0_30
                b _restgpr0_30
            """;

    /// Code with a table of contents and code without, with Power10's instructions and without: every site is verified, and every change is found, of the code and of veneers.
    @Test
    void codeWithoutContentsIsVerified() {
        objects = List.of("plain.o");
        tools.write("s.lds", SCRIPT.replace("*(.text)", "*(.text) *(.sfpr)"));
        for (String place : new String[] {"pla 3, start@pcrel\n pld 4, inner@got@pcrel", "nop"}) {
            tools.write("plain.s", PLAIN.replace("PLACE", place));
            tools.run("powerpc64le-linux-gnu-as", "-o", "plain.o", "plain.s");
            byte[] image = link(MOVING);
            var audit = audit(image);
            assertEquals(List.of(), audit.mismatches());
            assertTrue(audit.count(Rule.VENEER) >= 9, "" + audit.count(Rule.VENEER));
            int tried = 0;
            var opened = ElfImage.of("image", MemorySegment.ofArray(image));
            var map = LinkMap.read(dir.resolve("map"));
            for (LinkMap.Place p : map.of("plain.o")) {
                Section s = opened.section(p.outputSection).orElse(null);
                for (long i = 0; s != null && List.of(".text", ".far").contains(p.section) && i < p.size; i++) {
                    long address = p.address + i;
                    byte[] changed = image.clone();
                    changed[(int) (s.fileOffset() + address - s.address())] ^= (byte) (1 << i % 8);
                    assertNotEquals(0, audit(changed).mismatchCount(), () -> "0x" + Long.toHexString(address) + " was changed and not found");
                    tried++;
                }
            }
            assertTrue(tried > 100, "" + tried);
            for (int i = 1; i < opened.symbols().count(); i++) {
                if (opened.symbols().name(i).contains("_branch.")) {
                    Section s = opened.sectionAt(opened.symbols().value(i), 4).orElseThrow();
                    for (int word = 0; word < 8; word += 4) {
                        byte[] changed = image.clone();
                        changed[(int) (s.fileOffset() + opened.symbols().value(i) - s.address()) + word] ^= 16;
                        assertTrue(audit(changed).mismatchCount() > 0, opened.symbols().name(i));
                    }
                }
            }
        }
    }

    /// Entries with another addend, for another place, gone.
    @Test
    void everyWrongEntryIsFound() {
        byte[] image = link(MOVING);
        Section rela = ElfImage.of("image", MemorySegment.ofArray(image)).section(".rela.dyn").orElseThrow();
        int relatives = 0;
        for (int at = (int) rela.fileOffset(); at < rela.fileOffset() + rela.size(); at += Elf.RELA_SIZE) {
            if (LE.i64(image, at + 8) != 22) {
                continue;
            }
            relatives++;
            for (int byteOf : new int[] {0, 1, 2, 16, 17, 18, 23}) {
                byte[] changed = image.clone();
                changed[at + byteOf] ^= 4;
                assertTrue(audit(changed).mismatchCount() > 0, "byte " + byteOf + " of an entry");
            }
            byte[] gone = image.clone();
            LE.put64(gone, at + 8, 0);
            assertTrue(audit(gone).mismatchCount() > 0, "an entry less");
        }
        assertTrue(relatives > 6, "" + relatives);
    }
}
