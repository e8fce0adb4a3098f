package klink.script;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import klink.script.OutputItem.InputSections;
import klink.script.OutputItem.Sort;
import klink.script.SectionsItem.OutputSection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParserTest {
    static Script parse(String text) {
        return Script.parse(source("t.lds", text));
    }

    static Source source(String name, String text) {
        return new Source(name, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static <T extends Command> T only(Class<T> kind, String text) {
        List<Command> commands = parse(text).commands();
        assertEquals(1, commands.size(), commands.toString());
        return assertInstanceOf(kind, commands.getFirst());
    }

    private static OutputSection section(String text) {
        var items = only(Command.Sections.class, "SECTIONS { " + text + " }").items();
        assertEquals(1, items.size(), items.toString());
        return assertInstanceOf(OutputSection.class, items.getFirst());
    }

    private static OutputItem item(String text) {
        List<OutputItem> items = section(".s : { " + text + " }").items();
        assertEquals(1, items.size(), items.toString());
        return items.getFirst();
    }

    private static InputSections inputs(String text) {
        return assertInstanceOf(InputSections.class, item(text));
    }

    static String expression(String text) {
        return only(Command.Assign.class, "x = " + text + ";").value().toString();
    }

    @Test
    void headCommands() {
        var commands = parse("""
            OUTPUT_FORMAT("elf32-littlearm", elf32-bigarm, elf32-littlearm)
            OUTPUT_ARCH(i386:x86-64) ENTRY(_start); TARGET(elf64-x86-64)
            SEARCH_DIR("=/usr/lib"); OUTPUT(a.out) STARTUP(crt0.o)
            EXTERN(a b, c) FORCE_COMMON_ALLOCATION REGION_ALIAS("RAM", sram)
            NOCROSSREFS(.a .b) NOCROSSREFS_TO(.a, .b)
            VERSION { V1 { global: a; local: *; /* } */ "}" ; }; }
            INSERT AFTER .text
            """).commands();
        var format = assertInstanceOf(Command.OutputFormat.class, commands.getFirst());
        assertEquals("elf32-bigarm", format.big());
        assertEquals("i386:x86-64", assertInstanceOf(Command.OutputArch.class, commands.get(1)).arch());
        assertEquals("_start", assertInstanceOf(Command.Entry.class, commands.get(2)).symbol());
        assertEquals(List.of("a", "b", "c"), assertInstanceOf(Command.Extern.class, commands.get(7)).symbols());
        assertTrue(assertInstanceOf(Command.NoCrossRefs.class, commands.get(11)).to());
        assertInstanceOf(Command.VersionScript.class, commands.get(12));
        assertEquals(".text", assertInstanceOf(Command.Insert.class, commands.get(13)).section());
        assertEquals(14, commands.size());
    }

    @Test
    void inputFiles() {
        var input = only(Command.Input.class, "GROUP ( libc.so.6 -lm, AS_NEEDED ( ld-linux-x86-64.so.2 ) \"a b\" )");
        assertTrue(input.group());
        var files = input.files();
        assertEquals(4, files.size());
        assertEquals("m", files.get(1).name());
        assertTrue(files.get(1).isLibrary());
        assertTrue(files.get(2).asNeeded());
        assertEquals("a b", files.get(3).name());
    }

    @Test
    void programHeaders() {
        var phdrs = only(Command.Phdrs.class, """
            PHDRS { text PT_LOAD FILEHDR PHDRS AT(0x1000) FLAGS(5); note 4 FLAGS(4|1); x PT_GNU_STACK; }
            """).entries();
        assertEquals(3, phdrs.size());
        assertTrue(phdrs.get(0).filehdr() && phdrs.get(0).phdrs());
        assertEquals("0x1000", phdrs.get(0).at().toString());
        assertEquals("4 | 1", phdrs.get(1).flags().toString());
        assertEquals(1, assertInstanceOf(Expr.Num.class, phdrs.get(0).type()).value());
        assertEquals(0x6474e551L, assertInstanceOf(Expr.Num.class, phdrs.get(2).type()).value());
    }

    @Test
    void memory() {
        var regions = only(Command.Memory.class,
                "MEMORY { rom (rx!w) : ORIGIN = 0, LENGTH = 256K  ram : org = 0x400000, l = 4M }").regions();
        assertEquals("rx!w", regions.get(0).attributes());
        assertEquals(256 << 10, assertInstanceOf(Expr.Num.class, regions.get(0).length()).value());
        assertEquals("ram", regions.get(1).name());
        assertEquals(4 << 20, assertInstanceOf(Expr.Num.class, regions.get(1).length()).value());
    }

    @Test
    void sectionHeaderAndTail() {
        var s = section(".data..percpu 0 (NOLOAD) : AT(a - 4) ALIGN(8) SUBALIGN(4) ONLY_IF_RW "
                + "{ } >ram AT>rom :text :note =0xcccc");
        assertEquals("0", s.address().toString());
        assertEquals(SectionsItem.Type.NOLOAD, s.type());
        assertEquals("a - 4", s.at().toString());
        assertEquals("8", s.align().toString());
        assertEquals("4", s.subalign().toString());
        assertEquals(SectionsItem.Constraint.ONLY_IF_RW, s.constraint());
        assertEquals("ram", s.region());
        assertEquals("rom", s.atRegion());
        assertEquals(List.of("text", "note"), s.phdrs());
        assertArrayEquals(new byte[] {(byte) 0xcc, (byte) 0xcc}, s.fill().pattern(0));
    }

    @ParameterizedTest
    @CsvSource({"'',NONE", "(INFO),INFO", "( ),NONE", "(DSECT),DSECT", "(COPY),COPY", "(OVERLAY),OVERLAY",
        "(READONLY),READONLY", "(TYPE = SHT_NOTE),TYPE", "(READONLY (TYPE=7)),READONLY"})
    void sectionTypes(String text, SectionsItem.Type type) {
        var s = section(".s " + text + " : { }");
        assertEquals(type, s.type());
        assertNull(s.address());
        assertEquals(text.contains("="), s.elfType() != null);
        assertEquals(type, section(".s (1 + 2) " + text + " : { }").type());
    }

    @Test
    void parenthesisedAddressIsNoType() {
        assertEquals("a + 1", section(".s (a + 1) : { }").address().toString());
    }

    @Test
    void tailsWithoutSpaces() {
        var s = section(".s : {*(.a)}>reg AT>lma :ph");
        assertEquals("reg", s.region());
        assertEquals("lma", s.atRegion());
        assertEquals(List.of("ph"), s.phdrs());
    }

    @Test
    void fillEndsBeforeWhatFollows() {
        var items = only(Command.Sections.class, "SECTIONS { .a : { } =0x90 /DISCARD/ : { *(.x) } .b : { } = 0 .c : { } "
                + ".d : { } = 1 + 2 _x = .; }").items();
        assertEquals(6, items.size());
        assertTrue(assertInstanceOf(OutputSection.class, items.get(1)).discard());
        assertArrayEquals(new byte[] {(byte) 0x90}, assertInstanceOf(OutputSection.class, items.get(0)).fill().pattern(0));
        assertArrayEquals(new byte[] {0, 0, 0, 3}, assertInstanceOf(OutputSection.class, items.get(4)).fill().pattern(3));
    }

    @Test
    void fillsAreByteStringsOnlyIfPlain() {
        assertArrayEquals(new byte[] {0, (byte) 0x90}, section(".s : { } =0x0090").fill().pattern(0x90));
        assertArrayEquals(new byte[] {1, 0x23}, section(".s : { } =0x123").fill().pattern(0x123));
        assertArrayEquals(new byte[] {0, 0, 0, (byte) 0x90}, section(".s : { } =144").fill().pattern(0x90));
        assertEquals(10, section(".s : { } =0x00112233445566778899").fill().pattern(0).length);
    }

    @Test
    void inputPatterns() {
        var i = inputs("KEEP (*(.init_array EXCLUDE_FILE (*crtbegin.o *crtend?.o ) .ctors SORT(___ksymtab+*)))");
        assertTrue(i.keep());
        assertTrue(i.file().name().isAny());
        assertEquals(3, i.sections().size());
        assertEquals(List.of(), i.sections().get(0).exclude());
        assertEquals(List.of(new FileGlob("*crtbegin.o"), new FileGlob("*crtend?.o")), i.sections().get(1).exclude());
        assertEquals(Sort.BY_NAME, i.sections().get(2).sort());
        assertEquals("___ksymtab+*", i.sections().get(2).name().text());
    }

    @Test
    void filePatterns() {
        assertEquals(List.of(new FileGlob("*crt.o")), inputs("EXCLUDE_FILE(*crt.o) *(.a .b)").file().exclude());
        assertEquals(Sort.BY_NAME, inputs("SORT(*)(.a)").file().sort());
        assertEquals("lib.a:fork.o", inputs("lib.a:fork.o(.text)").file().name().text());
        assertEquals(List.of(), inputs("kernel/fork.o").sections());
        var flags = inputs("INPUT_SECTION_FLAGS (SHF_MERGE & SHF_STRINGS & !SHF_TLS) *(.r)");
        assertEquals(0x30, flags.required());
        assertEquals(0x400, flags.forbidden());
        assertTrue(inputs("*(COMMON)").sections().getFirst().common());
        assertEquals(".b", inputs("*(.a, .b)").sections().get(1).name().text());
        assertEquals(".a", inputs("*(.a, .b)").sections().get(0).name().text());
    }

    @ParameterizedTest
    @CsvSource({"SORT,BY_NAME", "SORT_BY_NAME,BY_NAME", "SORT_BY_ALIGNMENT,BY_ALIGNMENT", "SORT_NONE,UNSORTED",
        "SORT_BY_INIT_PRIORITY,BY_INIT_PRIORITY"})
    void sorts(String word, Sort sort) {
        assertEquals(sort, inputs("*(" + word + "(.x.*))").sections().getFirst().sort());
    }

    @Test
    void nestedSorts() {
        assertEquals(Sort.BY_NAME_ALIGNMENT,
                inputs("*(SORT_BY_NAME(SORT_BY_ALIGNMENT(.x*)))").sections().getFirst().sort());
        assertEquals(Sort.BY_ALIGNMENT_NAME,
                inputs("*(SORT_BY_ALIGNMENT(SORT(.x*)))").sections().getFirst().sort());
        assertEquals(Sort.BY_NAME, inputs("*(SORT(SORT_BY_NAME(.x*)))").sections().getFirst().sort());
        var reversed = inputs("*(REVERSE(SORT(.x*)))").sections().getFirst();
        assertTrue(reversed.reverse());
        assertEquals(Sort.BY_NAME, reversed.sort());
    }

    @Test
    void sectionStatements() {
        var items = section("""
            .s : { BYTE(1) SHORT(2); LONG(a + 1) QUAD(4) SQUAD(-1) FILL(0x9090) ASCIZ "x y" CONSTRUCTORS
                   SORT(CONSTRUCTORS) CREATE_OBJECT_SYMBOLS . += 64 * 1024; a ^= 2; PROVIDE(p = .);
                   PROVIDE_HIDDEN(q = .); HIDDEN(h = 1); ASSERT(1, "m"); . = ASSERT(1, "n"); }""").items();
        assertEquals(17, items.size());
        var dot = assertInstanceOf(Command.Assign.class, items.get(10));
        assertTrue(dot.toDot());
        assertEquals(". + 64 * 0x400", dot.value().toString());
        assertEquals("a ^ 2", assertInstanceOf(Command.Assign.class, items.get(11)).value().toString());
        var p = assertInstanceOf(Command.Assign.class, items.get(12));
        assertTrue(p.provide() && !p.hidden());
        var h = assertInstanceOf(Command.Assign.class, items.get(14));
        assertTrue(!h.provide() && h.hidden());
        assertInstanceOf(Expr.Assertion.class, assertInstanceOf(Command.Assign.class, items.get(16)).value());
    }

    @Test
    void overlay() {
        var o = assertInstanceOf(SectionsItem.Overlay.class, only(Command.Sections.class, """
            SECTIONS { OVERLAY 0xffff0000 : NOCROSSREFS AT(lma) { .v { KEEP(*(.v)) } .w { *(.w) } :p =0 } >r =0x11 }
            """).items().getFirst());
        assertTrue(o.noCrossRefs());
        assertEquals("lma", o.at().toString());
        assertEquals(2, o.members().size());
        assertEquals(List.of("p"), o.members().get(1).phdrs());
        assertEquals("r", o.region());
        assertTrue(assertInstanceOf(InputSections.class, o.members().get(0).items().getFirst()).keep());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', value = {
        "1 + 2 * 3@1 + 2 * 3", "(1 + 2) * 3@(1 + 2) * 3", "1 - (2 - 3)@1 - (2 - 3)", "1 - 2 - 3@1 - 2 - 3",
        "a ? b : c ? d : e@a ? b : c ? d : e", "(a ? b : c) ? d : e@(a ? b : c) ? d : e",
        "a || b && c | d ^ e & f == g@a || b && c | d ^ e & f == g",
        "1 << 2 + 3@1 << 2 + 3", "a < b == c@a < b == c", "~-!+a@~(-(!a))", "-(a + b)@-(a + b)",
        "ALIGN(8)@ALIGN(8)", "ALIGN(a, 8)@ALIGN(a, 8)", "BLOCK(8)@ALIGN(8)", "MAX(a, MIN(b, c))@MAX(a, MIN(b, c))",
        "ADDR(.text.x-y+z)@ADDR(\".text.x-y+z\")", "SIZEOF(/x)@SIZEOF(\"/x\")", "SIZEOF_HEADERS + 1@SIZEOF_HEADERS + 1",
        "DEFINED(a) ? 1 : 2@DEFINED(a) ? 1 : 2", "CONSTANT (MAXPAGESIZE)@CONSTANT(MAXPAGESIZE)",
        "SEGMENT_START(\"t-s\", 0x10)@SEGMENT_START(\"t-s\", 0x10)", "ORIGIN(r) + LENGTH(r)@ORIGIN(r) + LENGTH(r)",
        "0x10@0x10", "010@8", "0x10k@0x4000", "$ff@255", "0ffh@255", "101b@5", "17o@15", "99d@99", "1M@0x100000",
        "0b@0", "0xb@0xb", "0x1d@0x1d", "each@each", "MAX@MAX", "a-b@a - b", "a/b@\"a/b\"",
        "ABSOLUTE(a) + LOG2CEIL(9) + NEXT(4)@ABSOLUTE(a) + LOG2CEIL(9) + NEXT(4)",
        "DATA_SEGMENT_ALIGN(a, b)@DATA_SEGMENT_ALIGN(a, b)", "DATA_SEGMENT_END(.)@DATA_SEGMENT_END(.)",
        "0xffffffffffffffff@0xffffffffffffffff"
    })
    void expressions(String text, String printed) {
        assertEquals(printed, expression(text));
        assertEquals(printed, expression(printed), "printed text reads back");
    }

    @Test
    void numbersThatDoNotFitSaturate() {
        assertEquals(-1, assertInstanceOf(Expr.Num.class,
                only(Command.Assign.class, "x = 0x1ffffffffffffffff;").value()).value());
        assertEquals(Long.MIN_VALUE, assertInstanceOf(Expr.Num.class,
                only(Command.Assign.class, "x = 9223372036854775808;").value()).value());
    }

    @Test
    void commentsAndLineMarkers() {
        assertEquals("1", only(Command.Assign.class, "# 1 \"vmlinux.lds.S\"\n/* x = 2; */ x /**/ = /* } */ 1;").value()
                .toString());
    }

    @Test
    void included() {
        var script = Script.parse(source("outer.lds", """
            INCLUDE head.lds
            SECTIONS { INCLUDE "sections.lds" .b : { INCLUDE items.lds } }
            MEMORY { INCLUDE regions.lds }
            """), name -> source(name, switch (name) {
                case "head.lds" -> "x = 1;";
                case "sections.lds" -> "y = 2;\n.a : { *(.a) }";
                case "items.lds" -> "*(.b) z = 3;";
                default -> "r : ORIGIN = 0, LENGTH = 1";
            }));
        assertEquals(3, script.commands().size());
        var items = assertInstanceOf(Command.Sections.class, script.commands().get(1)).items();
        assertEquals("sections.lds:2", items.get(1).pos().where());
        assertEquals("outer.lds:2", items.get(2).pos().where());
        assertEquals(2, assertInstanceOf(OutputSection.class, items.get(2)).items().size());
    }

    @Test
    void positions() {
        var script = parse("a = 1;\n\tbb = c\n  + dd;\n");
        assertEquals("t.lds:2:2", script.commands().get(1).pos().toString());
        var sum = assertInstanceOf(Expr.Binary.class, assertInstanceOf(Command.Assign.class, script.commands().get(1)).value());
        assertEquals("t.lds:3:5", sum.right().pos().toString());
        assertEquals("  + dd;\n    ^", sum.right().pos().caret());
        assertEquals("\tbb = c\n\t^", script.commands().get(1).pos().caret());
    }

    @Test
    void longLinesAreCutAroundThePlace() {
        String caret = assertInstanceOf(Command.Assign.class,
                parse(" ".repeat(500) + "x = 1;" + " ".repeat(500)).commands().getFirst()).pos().caret();
        String[] lines = caret.split("\n");
        assertEquals('x', lines[0].charAt(lines[1].indexOf('^')));
        assertTrue(lines[0].length() < 130);
    }
}
