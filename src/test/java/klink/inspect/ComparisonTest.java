package klink.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import klink.report.BadInput;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    private static final String SOURCE = """
            .globl start, table, counter
            .text
            .type start, @function
            start: call helper
            mov counter(%rip), %eax
            lea local.0(%rip), %rbx
            ret
            .size start, .-start
            helper: ret
            local.0: nop
            .section .rodata,"a"
            table: .quad start, helper, counter, 0x1122334455667788
            .data
            counter: .long 1, 2, 3
            .section .note.x,"a",@note
            .long 4,4,1
            .asciz "abc"
            .long 7
            """;
    private static final String MORE = """
            .text
            local.0: nop
            ret
            """;
    private static final String SCRIPT = """
            PHDRS { text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); note PT_NOTE FLAGS(4); }
            SECTIONS {
              . = 0x100000;
              .text : { *(.text) } :text
              .rodata : { *(.rodata) } :text
              .note.x : { *(.note.x) } :text :note
              . = ALIGN(0x1000);
              .data : { *(.data) } :data
            }
            """;

    @TempDir
    private Path dir;
    private Toolchain tools;
    private byte[] image;

    @BeforeEach
    void link() {
        tools = new Toolchain(dir);
        tools.assemble("a", SOURCE);
        tools.assemble("b", MORE);
        tools.write("s.lds", SCRIPT);
        tools.link("ld.bfd", "a", "-T", "s.lds", "--emit-relocs", "-e", "start", "a.o", "b.o");
        image = tools.read("a");
    }

    private static TreeSet<String> keys(List<Difference> differences) {
        var keys = new TreeSet<String>();
        for (Difference d : differences) {
            keys.add(d.key());
        }
        return keys;
    }

    /// Changes one thing and expects exactly these keys, seen from either side.
    private void expect(Consumer<Patched> change, String... expected) {
        var p = new Patched(image);
        change.accept(p);
        assertEquals(new TreeSet<>(List.of(expected)), keys(Comparison.of(p.original, p.image(), true)));
        assertEquals(new TreeSet<>(List.of(expected)), keys(Comparison.of(p.image(), p.original, true)));
    }

    @Test
    void anImageEqualsItself() {
        expect(p -> { });
    }

    @Test
    void headerFields() {
        expect(p -> p.flip(24), "header.entry");
        expect(p -> p.flip(48), "header.flags");
        expect(p -> p.bytes[16] = 3, "header.type");
        expect(p -> p.bytes[18] = (byte) 183, "header.machine");
    }

    @Test
    void sectionFields() {
        expect(p -> p.put32(p.header(".note.x") + 4, 1), "section..note.x.type");
        expect(p -> p.flip(p.header(".data") + 8), "section..data.flags");
        expect(p -> p.flip(p.header(".note.x") + 16), "section..note.x.addr");
        expect(p -> p.put64(p.header(".data") + 32, 8), "section..data.size");
        expect(p -> p.put64(p.header(".data") + 48, 64), "section..data.align");
        expect(p -> p.put64(p.header(".data") + 56, 4), "section..data.entsize");
        expect(p -> p.swap(p.header(".note.x"), p.header(".rodata"), 64), "sections.order", "symbol.table.section", "section-symbol..note.x.value",
                "section-symbol..rodata.value", "rela..rela.rodata.site");
    }

    @Test
    void aFileOffsetIsComparedOnlyOnRequest() {
        var p = new Patched(image);
        p.put64(p.header(".note.x") + 24, p.at(".note.x", 4));
        p.put64(p.header(".note.x") + 32, 0);
        assertTrue(keys(Comparison.of(p.original, p.image(), true)).contains("section..note.x.offset"));
        assertFalse(keys(Comparison.of(p.original, p.image(), false)).contains("section..note.x.offset"));
    }

    @Test
    void segmentFields() {
        expect(p -> p.put32(p.segment(2), 7), "segment.2.type");
        expect(p -> p.put32(p.segment(1) + 4, 7), "segment.1.flags");
        expect(p -> p.flip(p.segment(1) + 8), "segment.1.offset");
        expect(p -> p.flip(p.segment(1) + 16), "segment.1.vaddr");
        expect(p -> p.flip(p.segment(1) + 24), "segment.1.paddr");
        expect(p -> p.flip(p.segment(1) + 32), "segment.1.filesz");
        expect(p -> p.flip(p.segment(1) + 40), "segment.1.memsz");
        expect(p -> p.flip(p.segment(1) + 48), "segment.1.align");
        expect(p -> p.bytes[56] = 2, "segment.2.present");
    }

    @Test
    void symbolFields() {
        expect(p -> p.flip(p.symbol("table") + 8), "symbol.table.value");
        expect(p -> p.flip(p.symbol("table") + 16), "symbol.table.size");
        expect(p -> p.bytes[p.symbol("table") + 4] = 0x12, "symbol.table.type");
        expect(p -> p.bytes[p.symbol("table") + 4] = 0x20, "symbol.table.bind");
        expect(p -> p.bytes[p.symbol("table") + 5] = 2, "symbol.table.visibility");
        expect(p -> p.bytes[p.symbol("table") + 5] = 0x40, "symbol.table.other");
        expect(p -> p.bytes[p.symbol("table") + 6] = 1, "symbol.table.section");
        expect(p -> p.put32(p.symbol("table"), 0), "symbol.table.present", "symbol..present");
    }

    /// Two locals of one name: only the one that differs is reported, and a repeated one is counted.
    @Test
    void localsOfOneNameAreAMultiset() {
        expect(p -> p.put64(p.symbol("local.0") + 8, 0x100002), "symbol.local.0.value");
        expect(p -> p.put32(p.symbol("helper"), (int) nameOf(p, "local.0")), "symbol.local.0.present", "symbol.helper.present");
    }

    private static long nameOf(Patched p, String symbol) {
        return klink.mem.LE.u32(p.bytes, p.symbol(symbol));
    }

    @Test
    void contentNamesTheNearestSymbol() {
        var p = new Patched(image);
        p.flip(p.at("table") + 26);
        var differences = Comparison.of(p.original, p.image(), true);
        assertEquals(1, differences.size());
        assertEquals("content..rodata", differences.get(0).key());
        assertTrue(differences.get(0).a().contains("1 of 32 bytes differ: +0x1a (table+0x1a) "), differences.get(0).a());
    }

    @Test
    void relocations() {
        int rela = new Patched(image).at(".rela.rodata", 0);
        // Without changing what it says, the order in the table may change.
        expect(p -> p.swap(rela, rela + 24, 24));
        expect(p -> p.put32(rela + 8, 10), "rela..rela.rodata.type");
        expect(p -> p.flip(rela + 16), "rela..rela.rodata.target");
        expect(p -> p.put64(rela, p.original.symbols().value(p.original.symbols().find("table")) + 24), "rela..rela.rodata.site");
        // start+0 by another symbol: the same target.
        expect(p -> {
            var symbols = p.original.symbols();
            p.put32(rela + 12, symbols.find("counter"));
            p.put64(rela + 16, symbols.value(symbols.find("start")) - symbols.value(symbols.find("counter")));
        }, "rela..rela.rodata.symbol");
    }

    @Test
    void twoLinkersAgreeButForTheirKnownHabits() {
        tools.link("ld.lld-19", "b", "-T", "s.lds", "--emit-relocs", "-e", "start", "a.o", "b.o");
        var differences = new ArrayList<>(keys(Comparison.of(ElfImage.open(dir.resolve("a")), ElfImage.open(dir.resolve("b")), false)));
        differences.removeIf(k -> k.startsWith("file-symbol.") || k.startsWith("section-symbol."));
        for (String key : differences) {
            assertTrue(key.startsWith("section..comment") || key.startsWith("content..comment") || key.endsWith("tab.size") || key.startsWith("sections.")
                    || key.endsWith(".align") || key.startsWith("section..rela"), key);
        }
    }

    private String run(IgnoreList ignore, Patched p, int expectedStatus, int limit) throws Exception {
        Path b = dir.resolve("patched");
        Files.write(b, p.bytes);
        var out = new ByteArrayOutputStream();
        int status = Comparison.run(dir.resolve("a"), b, ignore, false, limit, new PrintStream(out, true, StandardCharsets.UTF_8));
        assertEquals(expectedStatus, status);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void ignoredDifferencesDoNotCountAndUnusedEntriesAreNamed() throws Exception {
        var p = new Patched(image);
        p.flip(p.symbol("table") + 16);
        p.flip(p.at("table"));
        var ignore = IgnoreList.parse("list", "# a list\nsymbol.*.size  # sizes are taste\n\ncontent..rodata # so is this\nheader.entry # never\n");
        String text = run(ignore, p, 0, 0);
        assertTrue(text.contains("matched nothing: line 5: header.entry"), text);
        assertTrue(text.contains("0 differences, 2 ignored"), text);
        text = run(IgnoreList.none(), p, 1, 0);
        assertTrue(text.contains("symbol.table.size: 0x0 | 0x1\n"), text);
        assertTrue(text.contains("2 differences, 0 ignored"), text);
    }

    @Test
    void aKindIsShownUpToTheLimit() throws Exception {
        var p = new Patched(image);
        for (String s : List.of("table", "start", "counter")) {
            p.flip(p.symbol(s) + 16);
        }
        String text = run(IgnoreList.none(), p, 1, 2);
        assertTrue(text.contains("symbol.size: 1 more not shown"), text);
    }

    @Test
    void anIgnoreNeedsAReason() {
        var e = assertThrows(BadInput.class, () -> IgnoreList.parse("list", "header.entry # fine\nsymbol.*\n"));
        assertTrue(e.getMessage().contains("line 2 ignores symbol.* without giving a reason"), e.getMessage());
        assertEquals(20, e.fileOffset());
    }

    @Test
    void globs() {
        assertTrue(IgnoreList.matches("symbol.*.value", "symbol.foo.bar.value"));
        assertTrue(IgnoreList.matches("*", ""));
        assertTrue(IgnoreList.matches("a*b*c", "axxbyyc"));
        assertFalse(IgnoreList.matches("symbol.*.value", "symbol.foo.size"));
        assertFalse(IgnoreList.matches("symbol.foo", "symbol.foo.value"));
        assertFalse(IgnoreList.matches("", "x"));
    }
}
