package klink.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.inspect.ElfImage.Section;
import klink.inspect.RelocationAudit.Rule;
import klink.mem.LE;
import klink.report.BadInput;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The audit against real links: it must find nothing wrong with what ld.bfd made, and everything that is
/// then changed.
class RelocationAuditTest {
    private static final String MAIN = """
            .globl start, main_extable_sort_needed
            .weak nowhere
            .text
            .type start, @function
            start: call far
            fault: mov (%rax), %rbx
            mov nowhere(%rip), %eax
            mov value(%rip), %eax
            lea .LC0(%rip), %rdi
            mov $.LC1, %rsi
            mov $far, %edx
            mov far@GOTPCREL(%rip), %rcx
            call *far@GOTPCREL(%rip)
            jmp *far@GOTPCREL(%rip)
            test %rax, far@GOTPCREL(%rip)
            add far@GOTPCREL(%rip), %r9
            cmpq nowhere@GOTPCREL(%rip), %rax
            movss constant(%rip), %xmm0
            jmp fixup
            ret
            fixup: ret
            .section .rodata.str1.1,"aMS",@progbits,1
            .LC0: .asciz "a string that ends alike"
            .LC1: .asciz "alike"
            .section .rodata.cst4,"aM",@progbits,4
            .long 1
            constant: .long 42
            .section __ex_table,"a"
            .long fault - .
            .long fixup - .
            .long 3
            .section .orc_unwind_ip,"a"
            .long start - .
            .long fixup - .
            .section .orc_unwind,"a"
            .byte 1,0,2,0,3,0, 4,0,5,0,6,0
            .section __mcount_loc,"a"
            .quad start
            .quad fixup
            .data
            main_extable_sort_needed: .long 1
            .word small
            .byte small
            .long small - .
            .quad start - .
            .quad .LC0, .LC1 - 3
            .section .modinfo,"a"
            .quad start
            .section .debug_info,"",@progbits
            .quad start, kept
            .long .Lname
            .section .debug_str,"MS",@progbits,1
            .asciz "other"
            .Lname: .asciz "name"
            .section .exit,"ax"
            kept: ret
            """;
    private static final String OTHER = """
            .globl far, value
            .hidden value
            .text
            mov value(%rip), %eax
            .p2align 4
            far: ret
            again: jmp start
            lea .LC9(%rip), %rax
            .section .rodata.str1.1,"aMS",@progbits,1
            .LC9: .asciz "alike"
            .data
            value: .quad far, again
            .section __ex_table,"a"
            .long again - .
            .long far - .
            .long 4
            .section .orc_unwind_ip,"a"
            .long far - .
            .section .orc_unwind,"a"
            .byte 7,0,8,0,9,0
            .section __mcount_loc,"a"
            .quad far
            .section .debug_str,"MS",@progbits,1
            .asciz "name"
            """;
    private static final String SCRIPT = """
            small = 0x42;
            SECTIONS {
              . = 0x100000;
              .text : { *(.text) }
              .rodata : { *(.rodata .rodata.*) }
              __ex_table : { *(__ex_table) }
              .orc_unwind_ip : { *(.orc_unwind_ip) }
              .orc_unwind : { *(.orc_unwind) }
              .got : { *(.got .got.plt) }
              .data : { *(.data) __start_mcount_loc = .; *(__mcount_loc) __stop_mcount_loc = .; }
              /DISCARD/ : { *(.modinfo .exit) }
            }
            """;

    @TempDir
    private Path dir;
    private Toolchain tools;
    private byte[] image;
    private LinkMap map;
    private List<LinkedObject> objects;

    @BeforeEach
    void link() {
        tools = new Toolchain(dir);
        tools.assemble("main", MAIN);
        tools.assemble("other", OTHER);
        tools.write("s.lds", SCRIPT);
        tools.run("ar", "rcT", "thin.a", "main.o", "other.o");
        tools.link("ld.bfd", "image", "-T", "s.lds", "-e", "start", "-Map=map", "--noinhibit-exec", "-z", "noexecstack", "--whole-archive", "thin.a");
        image = tools.read("image");
        map = LinkMap.read(dir.resolve("map"));
        objects = LinkedObject.open(dir, List.of("thin.a"));
    }

    private RelocationAudit audit(byte[] output) {
        return RelocationAudit.of(ElfImage.of("image", MemorySegment.ofArray(output)), map, objects, 2);
    }

    @Test
    void everySiteOfARealLinkIsVerified() {
        var audit = audit(image);
        assertEquals(List.of(), audit.mismatches());
        // What readelf counts in the inputs, .modinfo (1) apart.
        long relocations = 0;
        for (LinkedObject o : objects) {
            for (Section s : o.image().sections()) {
                relocations += s.type() == klink.elf.Elf.SHT_RELA ? o.image().relocations(s).count() : 0;
            }
        }
        assertEquals(1, audit.count(Rule.DROPPED));
        assertEquals(relocations - 1, audit.sites());
        assertEquals(6, audit.count(Rule.GOT));
        assertEquals(10, audit.count(Rule.TABLE));
        assertEquals(1, audit.count(Rule.DISCARDED));
        assertEquals(7, audit.count(Rule.MERGED));
        assertTrue(audit.count(Rule.WEAK_ZERO) >= 1);
        assertTrue(audit.count(Rule.LOCAL) > 0 && audit.count(Rule.GLOBAL) > 3 && audit.count(Rule.SYMBOL) >= 3,
                () -> "LOCAL " + audit.count(Rule.LOCAL) + " GLOBAL " + audit.count(Rule.GLOBAL) + " SYMBOL " + audit.count(Rule.SYMBOL));
    }

    /// Flips each byte of each output section in turn: nothing that came from an input may change unseen.
    @Test
    void everyChangedByteIsFound() {
        var original = ElfImage.of("image", MemorySegment.ofArray(image));
        for (Section s : original.sections()) {
            boolean audited = s.isAlloc() && s.hasBytes() && !s.name().equals(".rodata") && !s.name().equals(".got");
            for (int i = 0; audited && i < s.size(); i++) {
                if (isFill(s, s.address() + i)) {
                    continue;
                }
                byte[] changed = image.clone();
                changed[(int) s.fileOffset() + i] ^= 1;
                assertTrue(audit(changed).mismatchCount() > 0, s.name() + "+0x" + Integer.toHexString(i) + " was changed and not found");
            }
        }
    }

    /// Padding between input sections, and the flag that the build itself changes.
    private boolean isFill(Section s, long address) {
        var symbols = ElfImage.of("image", MemorySegment.ofArray(image)).symbols();
        long flag = symbols.value(symbols.find("main_extable_sort_needed"));
        boolean placed = false;
        for (LinkedObject o : objects) {
            for (LinkMap.Place p : map.of(o.name())) {
                placed |= p.outputSection.equals(s.name()) && address >= p.address && address < p.address + p.size;
            }
        }
        return !placed || address >= flag && address < flag + 4;
    }

    @Test
    void changedStringsAndConstantsAreFoundThroughTheirReferences() {
        var p = new Patched(image);
        for (String text : List.of("a string that", "alike", "name")) {
            byte[] changed = image.clone();
            changed[indexOf(image, text)] ^= 1;
            assertTrue(audit(changed).mismatchCount() > 0, text);
        }
        byte[] changed = image.clone();
        changed[p.at("constant")] ^= 1;
        assertEquals("the piece at .rodata.cst4+0x4", audit(changed).mismatches().get(0).expected());
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }

    @Test
    void aWrongGlobalSymbolIsFound() {
        var p = new Patched(image);
        p.flip(p.symbol("far") + 8);
        var texts = audit(p.bytes).mismatches().toString();
        assertTrue(texts.contains("object=other.o, section=.text") && texts.contains("symbol=far"), texts);
    }

    @Test
    void aMismatchNamesObjectSiteAndValues() {
        var p = new Patched(image);
        p.flip(p.at("start") + 1);
        var m = audit(p.bytes).mismatches().get(0);
        assertEquals("main.o:(.text+0x1) R_X86_64_PLT32 far: expected 0x" + Long.toHexString(LE.u32(image, p.at("start") + 1)) + ", found 0x"
                + Long.toHexString(LE.u32(p.bytes, p.at("start") + 1)), m.text());
    }

    /// What scripts/sorttable.c does: move entries and re-encode their self-relative fields.
    @Test
    void sortedTablesAreComparedAsMultisets() {
        var p = new Patched(image);
        exchange(p, p.at("__ex_table", 0), p.at("__ex_table", 12), 12, 2);
        exchange(p, p.at(".orc_unwind_ip", 0), p.at(".orc_unwind_ip", 8), 4, 1);
        p.swap(p.at(".orc_unwind", 0), p.at(".orc_unwind", 12), 6);
        p.put32(p.at("main_extable_sort_needed"), 0);
        int mcount = (int) (p.at(".data", 0) + symbol(p, "__start_mcount_loc") - p.original.section(".data").orElseThrow().address());
        p.swap(mcount, mcount + 16, 8);
        assertEquals(List.of(), audit(p.bytes).mismatches());
        // From 6.12 on entries of unused weak functions become 0 and come first.
        p.put64(mcount, 0);
        assertEquals(List.of(), audit(p.bytes).mismatches());
        p.put64(mcount, 1);
        assertEquals(2, audit(p.bytes).mismatchCount());
        // ORC data that did not move with its address.
        p.put64(mcount, symbol(p, "far"));
        assertEquals(0, audit(p.bytes).mismatchCount());
        p.swap(p.at(".orc_unwind", 0), p.at(".orc_unwind", 6), 6);
        assertEquals(".orc_unwind", audit(p.bytes).mismatches().get(0).section());
    }

    private static long symbol(Patched p, String name) {
        return p.original.symbols().value(p.original.symbols().find(name));
    }

    private static void exchange(Patched p, int a, int b, int length, int relativeFields) {
        p.swap(a, b, length);
        for (int f = 0; f < relativeFields; f++) {
            p.put32(a + 4 * f, LE.i32(p.bytes, a + 4 * f) + (b - a));
            p.put32(b + 4 * f, LE.i32(p.bytes, b + 4 * f) - (b - a));
        }
    }

    /// A map of another link must not pass as one in which everything was discarded.
    @Test
    void aMapThatDoesNotFitIsNoticed() throws Exception {
        String text = Files.readString(dir.resolve("map"));
        LinkMap.Place place = map.of("other.o").stream().filter(p -> p.section.equals(".data")).findFirst().orElseThrow();
        var wrongSize = LinkMap.parse("map", text.replaceFirst("(\\.data +0x[0-9a-f]+ +)0x" + Long.toHexString(place.size) + " other.o", "$10x99 other.o"));
        var output = ElfImage.of("image", MemorySegment.ofArray(image));
        assertTrue(RelocationAudit.of(output, wrongSize, objects, 1).mismatches().toString().contains("an input section for the map's 0x99 bytes"));
        var wrongAddress = LinkMap.parse("map", text.replaceFirst("(\\.data +)0x[0-9a-f]+( +0x[0-9a-f]+ other.o)", "$10x123$2"));
        assertTrue(RelocationAudit.of(output, wrongAddress, objects, 1).mismatches().toString().contains("no such bytes in the output"));
        assertThrows(BadInput.class, () -> LinkMap.parse("map", "nothing of the kind"));
        var e = assertThrows(BadInput.class, () -> LinkMap.parse("map", "Linker script and memory map\n\n .text 0xqq 0x1 a.o\n"));
        assertEquals(30, e.fileOffset());
    }

    @Test
    void regularArchivesAreReadToo() {
        tools.run("ar", "rc", "full.a", "main.o", "other.o");
        tools.link("ld.bfd", "image2", "-T", "s.lds", "-e", "start", "-Map=map2", "--noinhibit-exec", "-z", "noexecstack", "--whole-archive", "full.a");
        var audit = RelocationAudit.of(dir, List.of("full.a"), dir.resolve("map2"), dir.resolve("image2"), 1);
        assertEquals(List.of(), audit.mismatches());
        assertEquals(audit(image).sites(), audit.sites());
    }

    @Test
    void truncatedArchivesAreBadInput() throws Exception {
        tools.run("ar", "rc", "full.a", "main.o", "other.o");
        for (String archive : List.of("full.a", "thin.a")) {
            byte[] whole = Files.readAllBytes(dir.resolve(archive));
            var failures = new HashMap<String, Integer>();
            for (int length = 9; length < whole.length; length += archive.equals("full.a") ? 37 : 1) {
                Files.write(dir.resolve("cut.a"), java.util.Arrays.copyOf(whole, length));
                try {
                    LinkedObject.open(dir, List.of("cut.a"));
                } catch (BadInput e) {
                    failures.merge(e.getMessage(), 1, Integer::sum);
                }
            }
            assertTrue(failures.containsKey("no archive member header here"), failures.toString());
            assertTrue(failures.containsKey("archive member runs beyond the end of the file"), failures.toString());
        }
    }

    @Test
    void theReportCountsByRule() {
        var out = new ByteArrayOutputStream();
        assertEquals(0, RelocationAudit.run(dir, List.of("thin.a"), dir.resolve("map"), dir.resolve("image"), 0, new PrintStream(out, true, StandardCharsets.UTF_8)));
        String text = out.toString(StandardCharsets.UTF_8);
        Map<Rule, String> expected = Map.of(Rule.MERGED, "7  merged section", Rule.GOT, "6  GOT slot");
        expected.values().forEach(line -> assertTrue(text.contains(line), text));
        assertTrue(text.contains(" 0 mismatches"), text);
    }

    @Test
    void anUnknownTypeIsAMismatch() {
        // R_X86_64_TPOFF32 has no business in a kernel.
        tools.assemble("tls", ".globl start\n.text\nstart: mov %fs:x@TPOFF, %eax\n.section .tdata,\"awT\"\nx: .long 1\n");
        tools.link("ld.bfd", "t", "-Map=tmap", "-e", "start", "tls.o");
        var audit = RelocationAudit.of(dir, List.of("tls.o"), dir.resolve("tmap"), dir.resolve("t"), 1);
        assertEquals("type 23", audit.mismatches().get(0).type());
    }
}
