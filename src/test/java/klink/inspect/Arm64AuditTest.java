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
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.inspect.RelocationAudit.Rule;
import klink.mem.LE;
import klink.report.BadInput;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The audit of AArch64 images against links by GNU ld and ld.lld, which differ in how calls reach far, how the table of
/// addresses is gone round, and where the erratum is patched: nothing wrong in either, and everything that is then changed found.
class Arm64AuditTest {
    private static final String MAIN = """
            .globl start, shown, number
            .weak nowhere
            .hidden nowhere
            .text
            start: bl far
                b far
                bl other
                b.ne near
                cbz x0, near
                tbz x1, #7, near
                bl nowhere
                adrp x0, value
                add x0, x0, :lo12:value
                adrp x1, value
                nop
                ldr x1, [x1, :lo12:value]
                adrp x2, .Lstring
                mov x9, x9
                add x2, x2, :lo12:.Lstring
                adrp x3, .Lsame
                add x3, x3, :lo12:.Lsame
                adrp x4, constant
                mov x9, x9
                ldr q4, [x4, :lo12:constant]
                adrp x5, :got:shown
                ldr x5, [x5, :got_lo12:shown]
                adrp x6, :got:value
                mov x9, x9
                ldr x6, [x6, :got_lo12:value]
                movz x7, #:prel_g1:value
                movk x7, #:prel_g0_nc:value
                adr x8, near
                ldr x8, near
            near: ret
            shown: ret
            .set number, 0x87654321
            .section .erratum,"ax"
            .balign 4096
            .space 0xff8
                adrp x0, value
                ldr x1, [x1]
                ldr x2, [x0, :lo12:value]
                ret
            .space 0xff0
                adrp x0, value
                ldr x1, [x1]
                ldr x2, [x0, #0x18]
                ret
            .section .rodata.str1.1,"aMS",@progbits,1
            .Lstring: .asciz "a string that ends alike"
            .Lsame: .asciz "same"
            .section .rodata.cst16,"aM",@progbits,16
            .balign 16
            .quad 1, 2
            constant: .quad 3, 4
            .section __ex_table,"a"
            .word start - ., near - .
            .hword 1, 2
            .data
            .quad start, shown + 4, number, nowhere, .Lstring + 9, .Lsame
            .quad start - .
            .word far - ., near - ., number
            .balign 8
            .globl value
            value: .quad far, value
            """;
    private static final String OTHER = """
            .globl far, other, hidden
            .hidden hidden
            .text
            other: ret
            bl hidden
            .section .far,"ax"
            far: bl start
            hidden: ret
            .section .rodata.str1.1,"aMS",@progbits,1
            .asciz "same"
            .data
            .quad hidden, other
            """;
    private static final String SCRIPT = """
            SECTIONS {
              /DISCARD/ : { *(.interp .dynamic .dynsym .dynstr .hash .gnu.hash .note.GNU-stack .eh_frame) }
              . = 0x100000;
              .text : { *(.text) *(.erratum) *(.got) }
              .got.plt : { *(.got.plt) }
              .rodata : { *(.rodata .rodata.*) }
              __ex_table : { *(__ex_table) }
              .rela.dyn : { *(.rela.dyn .rela.*) }
              .relr.dyn : { *(.relr.dyn) }
              .data : { *(.data) }
              . = 0x9000000;
              .far : { *(.far) }
            }
            """;

    @TempDir
    private Path dir;
    private Toolchain tools;

    @BeforeEach
    void assemble() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/aarch64-linux-gnu-as")), "no GNU binutils for aarch64");
        tools = new Toolchain(dir);
        tools.write("main.s", MAIN);
        tools.write("other.s", OTHER);
        tools.write("s.lds", SCRIPT);
        tools.run("aarch64-linux-gnu-as", "-o", "main.o", "main.s");
        tools.run("aarch64-linux-gnu-as", "-o", "other.o", "other.s");
    }

    /// Links with `-Map=LINKER.map`; the image.
    private byte[] link(String linker, String... options) {
        var command = new ArrayList<>(List.of(linker, "-m", "aarch64elf", "-T", "s.lds", "-e", "start", "-Map=map", "-z", "noexecstack", "-o", "image"));
        command.addAll(List.of(options));
        command.addAll(List.of("main.o", "other.o"));
        tools.run(command.toArray(new String[0]));
        return tools.read("image");
    }

    private RelocationAudit audit(byte[] image) {
        return RelocationAudit.of(ElfImage.of("image", MemorySegment.ofArray(image)), LinkMap.read(dir.resolve("map")),
                LinkedObject.open(dir, List.of("main.o", "other.o")), 2);
    }

    private static final String[] GNU = {"-shared", "-Bsymbolic", "-z", "notext", "--no-apply-dynamic-relocs", "--fix-cortex-a53-843419", "--no-warn-rwx-segments"};
    private static final String[] LLD = {"-shared", "-Bsymbolic", "-z", "notext", "--no-apply-dynamic-relocs", "--fix-cortex-a53-843419"};

    @Test
    void everySiteOfALinkByGnuLdIsVerified() {
        var audit = audit(link("aarch64-linux-gnu-ld", GNU));
        assertEquals(List.of(), audit.mismatches());
        assertEquals(4, audit.count(Rule.VENEER));
        assertEquals(8, audit.count(Rule.MERGED));
        assertEquals(4, audit.count(Rule.GOT));
        assertEquals(2, audit.count(Rule.TABLE));
        assertEquals(6, audit.count(Rule.MOVED));
        assertEquals(2, audit.count(Rule.REWRITTEN), "patches of the erratum");
        assertEquals(0, audit.count(Rule.HALF));
        assertEquals(2, audit.count(Rule.WEAK_ZERO), "a call and a word");
    }

    @Test
    void everySiteOfALinkByLldIsVerified() {
        var audit = audit(link("ld.lld-19", LLD));
        assertEquals(List.of(), audit.mismatches());
        assertEquals(4, audit.count(Rule.VENEER));
        assertEquals(8, audit.count(Rule.MERGED));
        assertEquals(6, audit.count(Rule.MOVED));
        assertTrue(audit.count(Rule.REWRITTEN) >= 4, "patches of the erratum, and pairs made one");
    }

    @Test
    void packedEntriesAreReadToo() {
        byte[] image = link("ld.lld-19", "-shared", "-Bsymbolic", "-z", "notext", "--pack-dyn-relocs=relr");
        var audit = audit(image);
        assertEquals(List.of(), audit.mismatches());
        assertEquals(6, audit.count(Rule.MOVED));
        var opened = ElfImage.of("image", MemorySegment.ofArray(image));
        assertTrue(opened.section(".relr.dyn").orElseThrow().size() > 0);
    }

    @Test
    void anImageThatDoesNotMoveHasNoEntries() {
        for (String linker : List.of("aarch64-linux-gnu-ld", "ld.lld-19")) {
            var audit = audit(link(linker, "--fix-cortex-a53-843419"));
            assertEquals(List.of(), audit.mismatches(), linker);
            assertEquals(0, audit.count(Rule.MOVED));
        }
    }

    /// Flips a bit of each byte that an input section has in the output.
    @Test
    void everyChangedByteIsFound() {
        for (String linker : List.of("aarch64-linux-gnu-ld", "ld.lld-19")) {
            byte[] image = link(linker, linker.equals("ld.lld-19") ? LLD : GNU);
            long right = audit(image).mismatchCount();
            var opened = ElfImage.of("image", MemorySegment.ofArray(image));
            var map = LinkMap.read(dir.resolve("map"));
            int tried = 0;
            for (String object : map.objects()) {
                for (LinkMap.Place p : map.of(object)) {
                    Section s = opened.section(p.outputSection).orElse(null);
                    boolean input = s != null && s.isAlloc() && s.hasBytes() && List.of(".text", ".erratum", ".far", ".data", "__ex_table").contains(p.section);
                    for (long i = 0; input && i < p.size; i++) {
                        long address = p.address + i;
                        if (p.section.equals(".erratum") && (i & 0xfff) < 0xff0 && (i & 0xfff) > 0x10) {
                            continue;
                        }
                        byte[] changed = image.clone();
                        changed[(int) (s.fileOffset() + address - s.address())] ^= (byte) (1 << i % 8);
                        assertNotEquals(right, audit(changed).mismatchCount(), () -> linker + " 0x" + Long.toHexString(address) + " was changed and not found");
                        tried++;
                    }
                }
            }
            assertTrue(tried > 300, linker + ": " + tried);
        }
    }

    /// Entries with another addend, for another place, gone, or there twice.
    @Test
    void everyWrongEntryIsFound() {
        byte[] image = link("ld.lld-19", LLD);
        var opened = ElfImage.of("image", MemorySegment.ofArray(image));
        Section rela = opened.section(".rela.dyn").orElseThrow();
        Section data = opened.section(".data").orElseThrow();
        int relatives = 0;
        for (int at = (int) rela.fileOffset(); at < rela.fileOffset() + rela.size(); at += Elf.RELA_SIZE) {
            if (LE.i64(image, at + 8) != 1027 || !data.covers(LE.i64(image, at), 8)) {
                continue; // a slot that the linker went round may be anywhere
            }
            relatives++;
            for (int byteOf : new int[] {0, 1, 2, 16, 17, 18, 19, 23}) {
                byte[] changed = image.clone();
                changed[at + byteOf] ^= 4;
                assertTrue(audit(changed).mismatchCount() > 0, "byte " + byteOf + " of an entry");
            }
            byte[] gone = image.clone();
            LE.put64(gone, at + 8, 0);
            assertTrue(audit(gone).mismatchCount() > 0, "an entry less");
        }
        assertEquals(8, relatives);
        byte[] more = image.clone();
        LE.put64(more, (int) rela.fileOffset(), opened.symbols().value(opened.symbols().find("value")) + 1);
        assertTrue(audit(more).mismatches().toString().contains("that no input asks for"));
    }

    @Test
    void anInspectionSeesWrongEntries() {
        byte[] image = link("ld.lld-19", LLD);
        assertEquals("OK", status(image));
        var opened = ElfImage.of("image", MemorySegment.ofArray(image));
        int rela = (int) opened.section(".rela.dyn").orElseThrow().fileOffset();
        byte[] twice = image.clone();
        LE.put64(twice, rela + Elf.RELA_SIZE, LE.i64(image, rela));
        assertEquals("FAIL", status(twice));
        byte[] outside = image.clone();
        LE.put64(outside, rela, 0x7000);
        assertEquals("FAIL", status(outside));
        byte[] far = image.clone();
        LE.put64(far, rela + 16, 1L << 40);
        assertEquals("FAIL", status(far));
    }

    private static String status(byte[] image) {
        for (var c : Inspection.of(ElfImage.of("image", MemorySegment.ofArray(image)), null).checks()) {
            if (c.name().equals("relative")) {
                return c.status().toString();
            }
        }
        return "absent";
    }

    @Test
    void aComparisonTellsEntriesApart() {
        byte[] image = link("ld.lld-19", LLD);
        var opened = ElfImage.of("image", MemorySegment.ofArray(image));
        int rela = (int) opened.section(".rela.dyn").orElseThrow().fileOffset();
        byte[] other = image.clone();
        other[rela + 16] ^= 8;
        assertEquals(List.of("relative.addend"), keys(image, other));
        byte[] gone = image.clone();
        LE.put64(gone, rela + 8, 0);
        assertEquals(List.of("relative.place"), keys(image, gone));
    }

    private static List<String> keys(byte[] a, byte[] b) {
        return Comparison.of(ElfImage.of("a", MemorySegment.ofArray(a)), ElfImage.of("b", MemorySegment.ofArray(b)), false).stream().map(Difference::key).toList();
    }

    @Test
    void aDamagedMapIsBadInput() {
        link("ld.lld-19", LLD);
        String text = new String(tools.read("map"), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertTrue(LinkMap.parse("map", text).count() > 8);
        var e = assertThrows(BadInput.class, () -> LinkMap.parse("map", text.replaceFirst("\n *100000 ", "\n  xyz ")));
        assertEquals("not a number in a link map: xyz", e.getMessage());
        for (int length = 30; length < text.length(); length += 7) {
            try {
                LinkMap.parse("map", text.substring(0, length));
            } catch (BadInput cut) {
                assertTrue(cut.getMessage().startsWith("not a"), cut.getMessage());
            }
        }
    }

    /// A branch that leads somewhere else by way of something that looks like a veneer.
    @Test
    void aVeneerToTheWrongPlaceIsFound() {
        byte[] image = link("aarch64-linux-gnu-ld", GNU);
        long right = audit(image).mismatchCount();
        var opened = ElfImage.of("image", MemorySegment.ofArray(image));
        int found = 0;
        for (int at = 0; at + 12 <= image.length; at += 4) {
            boolean veneer = (LE.i32(image, at) & 0x9f00001f) == 0x90000010 && LE.i32(image, at + 8) == 0xd61f0200;
            if (veneer) {
                byte[] changed = image.clone();
                changed[at + 5] ^= 4;
                assertTrue(audit(changed).mismatchCount() > right);
                found++;
            }
        }
        assertTrue(found > 0, () -> "no veneer in " + opened.file());
    }
}
