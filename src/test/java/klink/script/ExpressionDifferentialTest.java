package klink.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import klink.script.Command.Assign;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// Expressions evaluated here and by the real GNU ld: value and section of the symbols they define, once
/// inside `.data` and once after it. Their operands are chosen so that they need no layout of ours.
@EnabledIf(value = "klink.script.LdOracle#available", disabledReason = "needs GNU ld for x86-64")
class ExpressionDifferentialTest {
    /// With no assignment to `.` since `.data`, a symbol made from the location counter belongs to it.
    private static final String NEIGHBOUR = ".data";

    private static final String SCRIPT = """
        k = 0x123;
        MEMORY { ram : ORIGIN = 0x10000, LENGTH = 0x100000 }
        SECTIONS {
          .text 0x10000 : AT(0x1010000) { *(.text) } >ram
          .data 0x20044 : AT(0x1020044) { *(.data)
        %s  } >ram
        %s
          /DISCARD/ : { *(*) }
        }
        """;

    @TempDir
    Path dir;

    @Test
    void everyOperatorAndFunction() {
        compare(List.of("1", "k", "fixed", "t1", "d1", ".", "0 - 1", "t1 + 1", "1 + t1", "t1 - t0", "d1 - t0", "t0 - d1",
                "k + 1", "k + t1", "t1 + k", "t0 + t1", "-t1", "~t1", "!t1", "!t0", "+t1", "!k", "~0", "- - 1",
                "t1 * 2", "t2 / 4", "t2 % 7", "-9 / 2", "-9 % 4", "0xfffffffffffffff0 >> 4", "1 << 63", "t1 << 2",
                "t1 & 0xff", "t1 | 1", "t1 < t2", "t1 < d0", "d0 >= t1", "t1 == t1", "t1 != d1", "1 < 2",
                "-1 > 1", "(1 < 2) + t1", "(t1 < t2) + t1", "1 && 0", "1 || 0", "t0 && t1", "(1 && 1) + 5", "t0 ? t1 : d1",
                "t1 ? d1 : t1", "1 ? 2 : 3", "k == 0x123 ? t1 : k", "MAX(t1, t2)", "MIN(t1, d1)", "MAX(1, 2)", "MAX(t1, 2)",
                "MIN(2, t1)", "MAX(-1, 1)", "ABSOLUTE(t1)", "ABSOLUTE(5)", "ABSOLUTE(.)", "ABSOLUTE(t1) + 1",
                "ABSOLUTE(t1) | d1", "ABSOLUTE(. + 4) + .", ". + 4", ". - t1", "t1 - .", ". - d0", ". & 0xff0", ". + k",
                "k + .", ". - k", ". == d1", "ALIGN(0x40)", "ALIGN(0)", "ALIGN(1)", "ALIGN(24)", "ALIGN(t1, 0x40)",
                "ALIGN(., 0x40)", "ALIGN(0x1001, 0x200)", "ALIGN(k, 16)", "ALIGN(8) + 1", "ALIGN(t1 + 4, 16)", "NEXT(0x100)",
                "NEXT(1)", "BLOCK(16)", "LOG2CEIL(0)", "LOG2CEIL(1)", "LOG2CEIL(2)", "LOG2CEIL(3)", "LOG2CEIL(0x8000000000000001)",
                "LOG2CEIL(t1)", "ADDR(.text)", "ADDR(.text) + 4", "ADDR(.data) + SIZEOF(.data)", "LOADADDR(.text)",
                "LOADADDR(.data) - ADDR(.data)", "SIZEOF(.text)", "SIZEOF(.text) + t1", "SIZEOF(.text) + 1", "ALIGNOF(.text)",
                "DEFINED(t1) ? t1 : 0", "DEFINED(nothing) ? t1 : 7", "DEFINED(k)", "CONSTANT(MAXPAGESIZE)",
                "CONSTANT(COMMONPAGESIZE) + t1", "ORIGIN(ram)", "LENGTH(ram)", "ORIGIN(ram) + LENGTH(ram)",
                "SEGMENT_START(\"text-segment\", 0x10)", "SEGMENT_START(\"other\", 0x10)", "SEGMENT_START(\"other\", .)",
                "ASSERT(t1, \"m\")", "ASSERT(1, \"m\") + 3", "010 + 0x10 + 1k + 2M", "0ffh + 101b + 17o + 9d + $1f",
                "(t1 - t0) + d0", "t1 - t0 + d0 - d1", "(t1 + 1) - (t0 + 1)", "(d1 - d0) * 2 + t0",
                "k - k", "fixed - k", "fixed + .", "t1 + (2 > 1)", "(t1 & ~0xf) + 0x10", "0xffffffff80000000 + t1",
                "t1 - 0xffffffff80000000", "-(t1 - t0)", "~(k - 1) & 0xfff", "1 << (k & 3)"));
    }

    /// A deeper mixture of the same; the seed is in every failure.
    @Test
    void randomExpressions() {
        for (long seed = 1; seed <= 4; seed++) {
            var random = new Random(seed);
            var list = new ArrayList<String>();
            for (int i = 0; i < 500; i++) {
                list.add(random(random, 4));
            }
            compare(list);
        }
    }

    private static String random(Random r, int depth) {
        if (depth == 0 || r.nextInt(5) == 0) {
            String[] leaves = {"0", "1", "0x40", "0x1234", "0xfffffffffffffff8", "7", "k", "fixed", "t0", "t1", "t2", "d0", "d1",
                ".", "SIZEOF(.text)", "ADDR(.data)", "LOADADDR(.text)", "ALIGN(16)", "CONSTANT(MAXPAGESIZE)", "ADDR(.text)",
                "ORIGIN(ram)", "LENGTH(ram)", "SEGMENT_START(\"q\", 5)"};
            return leaves[r.nextInt(leaves.length)];
        }
        String a = random(r, depth - 1);
        String b = random(r, depth - 1);
        return switch (r.nextInt(20)) {
            case 0, 1, 2 -> "(" + a + " + " + b + ")";
            case 3, 4 -> "(" + a + " - " + b + ")";
            case 5 -> "(" + a + " & " + b + ")";
            case 6 -> "(" + a + " | " + b + ")";
            case 7, 8 -> "(" + a + " * " + b + ")";
            case 9 -> "(" + a + " " + new String[] {"<", ">", "<=", ">=", "==", "!="}[r.nextInt(6)] + " " + b + ")";
            case 10 -> "(" + a + new String[] {" && ", " || "}[r.nextInt(2)] + b + ")";
            case 11 -> "(" + a + " / " + (1 + r.nextInt(9)) + ")";
            case 12 -> "(" + a + " % " + (1 + r.nextInt(9)) + ")";
            case 13 -> "(" + a + new String[] {" << ", " >> "}[r.nextInt(2)] + r.nextInt(64) + ")";
            case 14 -> "(" + a + " ? " + b + " : " + random(r, depth - 1) + ")";
            case 15 -> new String[] {"-", "~", "!", "+"}[r.nextInt(4)] + "(" + a + ")";
            case 16 -> "ABSOLUTE(" + a + ")";
            case 17 -> new String[] {"MAX", "MIN"}[r.nextInt(2)] + "(" + a + ", " + b + ")";
            case 18 -> "ALIGN(" + a + ", " + (1 << r.nextInt(12)) + ")";
            default -> "LOG2CEIL(" + a + ")";
        };
    }

    private void compare(List<String> expressions) {
        var in = new StringBuilder();
        var out = new StringBuilder();
        for (int i = 0; i < expressions.size(); i++) {
            in.append("    in").append(i).append(" = ").append(expressions.get(i)).append(";\n");
            out.append("  out").append(i).append(" = ").append(expressions.get(i)).append(";\n");
        }
        String text = SCRIPT.formatted(in, out);
        var ld = new LdOracle(dir).link(text, "-Ttext-segment=0x400000");
        assertEquals(0, ld.status(), ld.output());
        Script script = ParserTest.parse(text);
        var sections = (Command.Sections) script.commands().getLast();
        int compared = 0;
        for (SectionsItem item : sections.items()) {
            if (item instanceof Assign a) {
                check(a, Value.ABSOLUTE, ld);
                compared++;
            } else if (item instanceof SectionsItem.OutputSection o && o.name().equals(".data")) {
                for (OutputItem i : o.items()) {
                    if (i instanceof Assign a) {
                        check(a, 1, ld);
                        compared++;
                    }
                }
            }
        }
        assertEquals(2 * expressions.size(), compared);
    }

    private static void check(Assign a, int section, LdOracle.Result ld) {
        var scope = new FixedScope();
        scope.section = section;
        scope.dot = FixedScope.DATA + LdOracle.DATA_SIZE;
        var evaluator = new Evaluator(scope);
        Value v = evaluator.symbolValue(a);
        scope.problems.removeIf(p -> p.startsWith("FAILED_ASSERT"));
        assertTrue(v != null && scope.problems.isEmpty(), a + " " + scope.problems);
        String ours = v.isRelative() ? FixedScope.NAMES[v.section()] : v.fromDot() ? NEIGHBOUR : "ABS";
        var theirs = ld.symbols().get(a.target());
        assertEquals(Long.toHexString(theirs.value()) + " " + theirs.section(),
                Long.toHexString(evaluator.addressOf(v)) + " " + ours, a.target() + " = " + a.value());
        Script again = ParserTest.parse(a.target() + " = " + a.value() + ";");
        assertEquals(a.value().toString(), ((Assign) again.commands().getFirst()).value().toString());
    }

    /// `. = e` inside a section, then what `.` is.
    @Test
    void locationCounter() {
        for (String e : List.of(". + 4", "ALIGN(0x100)", "0x40", "t0 | 0x20104", "d1 + 0x100", "ABSOLUTE(0x20100)",
                "ALIGN(., 64)", ". + SIZEOF(.text)", "k")) {
            var ld = new LdOracle(dir).link("k = 0x20123; SECTIONS { .text 0x10000 : { *(.text) } .data 0x20044 : { *(.data) . = " + e
                    + "; after = .; } /DISCARD/ : { *(*) } }");
            assertEquals(0, ld.status(), e + ": " + ld.output());
            var scope = new FixedScope();
            scope.symbols.put("k", Value.absolute(0x20123));
            scope.section = 1;
            scope.dot = FixedScope.DATA + LdOracle.DATA_SIZE;
            var a = (Assign) ParserTest.parse(". = " + e + ";").commands().getFirst();
            assertEquals(Long.toHexString(ld.symbols().get("after").value()),
                    Long.toHexString(new Evaluator(scope).dotValue(a).value()), e);
        }
    }

    /// What the two linkers take as script. GNU ld reports a syntax error; so must we, and no other time.
    @Test
    void acceptance() {
        var ld = new LdOracle(dir);
        var scripts = new ArrayList<String>();
        for (String top : List.of("x=1;", "x = 1", "x = 1;;", "x = 1,", "x = 1 y = 2;", "x = (1;", "x = 3/2;", "x += 1;", "x = 1 +;",
                "PROVIDE(x = 1);", "PROVIDE(x = 1)", "PROVIDE(x += 1);", "HIDDEN(x = t0);", "ASSERT(1, \"m\")", "ASSERT(1, \"m\");",
                "ASSERT(1)", "ENTRY(t0)", "ENTRY(t0);", "EXTERN(t0 t1)", "EXTERN(t0, t1)", "x = MAX(1);", "x = ALIGN(1, 2, 3);",
                "x = ADDR(.text);", "x = SIZEOF .text;", "x = DEFINED(t0);", "x = 1 ? 2;", "FOO(1)", "x = \"t0\";",
                "\"y z\" = 1;", "/* x */ x = /* y */ 1;", "/* x", "x = 1; }", "PHDRS { }", "MEMORY { }", "INSERT AFTER .text",
                "OUTPUT_FORMAT(elf64-x86-64)", "OUTPUT_ARCH(i386:x86-64)", "SECTIONS { }", "{ }", "x ? 1;", "x = t0 t1;", "x = 1a;",
                "NOCROSSREFS(.text .data)", "FORCE_COMMON_ALLOCATION", "LD_FEATURE(\"SANE_EXPR\")", "VERSION { V { global: t0; local: *; }; };")) {
            scripts.add(top + "\nSECTIONS { .text : { *(.text) } }");
        }
        for (String s : List.of(".a: { }", ".a : { x=1; }", ".a : { x = 1 }", ".a : { x = 1; }", ".a : { *(.text, .data) }",
                ".a : { *(.text) } =0x90 .b : { }", ".a : { *(.text) } :NONE", ".a { }", ".a : AT(0x100) ALIGN(4) { }",
                ".a : ALIGN(4) AT(0x100) { }", ".a : SUBALIGN(4) ALIGN(4) { }", ".a : ONLY_IF_RO { *(.text) }", ".a 0 : { }",
                ".a (NOLOAD) : { }", ".a 0 (INFO) : { }", ".a ( ) : { }", ".a (FOO) : { }", ".a 0x10 + 4 : { *(.text) }",
                ".a : { KEEP(*(.text)) }", ".a : { KEEP(*(.text) *(.data)) }", ".a : { KEEP(*(SORT(.text))) }",
                ".a : { *(SORT(SORT_BY_ALIGNMENT(.text))) }", ".a : { *(SORT_BY_INIT_PRIORITY(SORT(.text))) }",
                ".a : { *(SORT_NONE(.text)) }", ".a : { SORT(*)(.text) }", ".a : { SORT_BY_ALIGNMENT(*)(.text) }",
                ".a : { EXCLUDE_FILE(*x.o) *(.text) }", ".a : { *(EXCLUDE_FILE(*x.o) .text) }", ".a : { BYTE(1) }", ".a : { BYTE 1 }",
                ".a : { LONG(1 }", ".a : { FILL(0x90) *(.text) }", ".a : { CONSTRUCTORS }", ".a : { SORT(CONSTRUCTORS) }",
                ".a : { CREATE_OBJECT_SYMBOLS }", ".a : { *(.text) } , .b : { }",
                ".a : { INPUT_SECTION_FLAGS(SHF_ALLOC & !SHF_TLS) *(.text) }", "ENTRY(t0)", ". = 4; .a : { }", ". += 4; .a : { }",
                "PROVIDE(. = 4);", "OVERLAY 0x1000 : AT(0x2000) { .a { *(.text) } .b { *(.data) } }",
                "OVERLAY : NOCROSSREFS { .a { *(.text) } }", "OVERLAY { .a { } }", ".a : { *(.text) }} ", ".a : { {} }", ".a : { ; }",
                ".a : { . = . + 1; *(.text) . = ALIGN(4); }", ".a : { x = . ; y = x + 1 ; }", ".a : { x = *(.text) }",
                "/DISCARD/ : { *(.x) }", ".a (READONLY) : { }", ".a (TYPE = SHT_NOTE) : { }", ".a (READONLY (TYPE = 7)) : { }")) {
            scripts.add("SECTIONS { " + s + " }");
        }
        for (String script : scripts) {
            String output = ld.link(script).output();
            boolean theirs = !output.contains("syntax error") && !output.contains("EOF in comment")
                    && !output.contains("cannot find") && !output.contains("can not PROVIDE");
            boolean ours = true;
            String message = "";
            try {
                ParserTest.parse(script);
            } catch (ScriptError e) {
                ours = false;
                message = e.getMessage();
            }
            assertEquals(theirs, ours, script + "\nGNU ld: " + output + "\nhere: " + message);
        }
    }

    /// GNU ld 2.40 refuses these, later ones and ld.lld take them, or they cannot be misread.
    @Test
    void acceptedBeyondGnuLd() {
        for (String s : List.of("SECTIONS { .a : { } ; .b : { } }", "SECTIONS { .a : { ASSERT(1, \"m\") *(.a) } }", "x ^= 1 ^ 2;",
                "OUTPUT_FORMAT(a, b, c)", "SECTIONS { .a : { ASCIZ \"x\" } }", "MEMORY { r : ORIGIN=0, LENGTH=1 }",
                "# x\ny = 1;")) {
            ParserTest.parse(s);
        }
    }

    /// The bytes of a gap, which is where a fill's width and byte order show.
    @Test
    void fills() throws Exception {
        for (String e : List.of("0xcccc", "0x90", "0x0090", "0x123", "0x00112233445566", "144", "(0x90)", "+0x90", "0x90 + 0", "-1",
                "0x1k", "1 + 2", "0xCAFEBABE00")) {
            var ld = new LdOracle(dir);
            var link = ld.link("SECTIONS { .data : { . = . + 32; *(.data) } =" + e + "\n/DISCARD/ : { *(*) } }");
            assertEquals(0, link.status(), e + ": " + link.output());
            byte[] theirs = ld.contents(".data");
            var script = ParserTest.parse("SECTIONS { .data : { } =" + e + "\n}");
            var fill = ((SectionsItem.OutputSection) ((Command.Sections) script.commands().getFirst()).items().getFirst()).fill();
            byte[] pattern = fill.pattern(new Evaluator(new FixedScope()).value(fill.value()).value());
            for (int i = 0; i < 32; i++) {
                assertEquals(theirs[i], pattern[i % pattern.length], e + " byte " + i);
            }
        }
    }

    @Test
    void acceptsLdsOwnScript() throws Exception {
        var ld = new ProcessBuilder("ld", "--verbose").start();
        String[] parts = new String(ld.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1)
                .split("\n={20,}\n");
        var script = ParserTest.parse(parts[1]);
        assertTrue(script.commands().getLast() instanceof Command.Sections s && s.items().size() > 80);
    }
}
