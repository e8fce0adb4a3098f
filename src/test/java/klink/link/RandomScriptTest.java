package klink.link;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import klink.cli.CommandLine;
import klink.inspect.Comparison;
import klink.inspect.Difference;
import klink.inspect.ElfImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Scripts and objects made at random from what kernel scripts are made of, linked by klink and by GNU ld: the
/// two images must agree in everything, and where GNU ld refuses, klink must.
///
/// `-Dklink.seed=N` replays one, `-Dklink.rounds=N` does more; a seed that is given shows its script.
class RandomScriptTest {
    private static final int ROUNDS = Integer.getInteger("klink.rounds", 60);
    private static final long SEED = Long.getLong("klink.seed", 4_000);
    private static final Pool SECTIONS = new Pool();

    /// Names, with the flags that the assembler gives them.
    private static final class Pool {
        final String[] names = {".text", ".text.a", ".text.b", ".rodata", ".rodata.x", ".data", ".data.y", ".bss", ".bss.z", ".init.text", ".init.data",
            "tbl", "extra_ro", "extra_rw", "extra_bss", ".note.n"};
        final String[] flags = {"\"ax\"", "\"ax\"", "\"ax\"", "\"a\"", "\"a\"", "\"aw\"", "\"aw\"", "\"aw\",@nobits", "\"aw\",@nobits", "\"ax\"", "\"aw\"",
            "\"a\"", "\"a\"", "\"aw\"", "\"aw\",@nobits", "\"a\",@note"};
    }

    @TempDir
    Path work;

    private Random random;
    private int linked;
    private int symbols;

    @Test
    void agreesWithGnuLd() throws Exception {
        Seeds.run(SEED, ROUNDS, this::round);
        assertTrue(linked > 0, "every link was refused");
    }

    private String round(long seed) throws Exception {
        random = new Random(seed);
        symbols = 0;
        Path base = System.getProperty("klink.seed") == null ? work : Path.of("target", "random").toAbsolutePath();
        var shop = new Workshop(Files.createDirectories(base.resolve("" + seed)));
        var args = new ArrayList<>(List.of("-m", "elf_x86_64", "-z", "noexecstack", "--no-warn-rwx-segments", "-T", shop.path("case.lds").toString()));
        if (chance(3)) {
            args.add("--emit-relocs");
        }
        int objects = 1 + random.nextInt(3);
        for (int o = 0; o < objects; o++) {
            args.add(shop.assemble("o" + o + ".o", "", source(o)).toString());
        }
        String script = script();
        shop.write("case.lds", script);
        var result = CommandLine.run(words(args, shop.path("klink.out")));
        linked += result.status() == 0 ? 1 : 0;
        var reference = shop.link("ld", args);
        String problem = compare(shop, result, reference);
        if (problem != null && System.getProperty("klink.seed") != null) {
            problem = problem + script + "\n";
        }
        return problem;
    }

    private static List<String> words(List<String> args, Path out) {
        var words = new ArrayList<>(List.of("ld", "--threads=2", "-o", out.toString()));
        words.addAll(args);
        return words;
    }

    static String compare(Workshop shop, CommandLine.Result result, Workshop.Result reference) {
        if (result.status() != 0 || reference.status() != 0) {
            return result.status() != 0 && reference.status() != 0 ? null
                    : (result.status() != 0 ? "klink refuses: " + result.err() : "GNU ld refuses: " + reference.out()) + "\n";
        }
        var text = new StringBuilder();
        for (Difference d : Comparison.of(ElfImage.open(shop.path("ld.out")), ElfImage.open(shop.path("klink.out")), false)) {
            if (!LinkCasesTest.isFree(d.key())) {
                text.append("  ").append(d.text()).append('\n');
            }
        }
        return text.isEmpty() ? null : text.toString();
    }

    private boolean chance(int n) {
        return random.nextInt(n) == 0;
    }

    private String source(int object) {
        var sb = new StringBuilder();
        if (object == 0) {
            sb.append(".globl _start\n_start: ret\n");
        }
        for (int i = 0; i < SECTIONS.names.length; i++) {
            if (!chance(2)) {
                continue;
            }
            sb.append(".section ").append(SECTIONS.names[i]).append(',').append(SECTIONS.flags[i]).append('\n');
            if (chance(3)) {
                sb.append(".balign ").append(1 << random.nextInt(7)).append('\n');
            }
            String name = "s" + object + "_" + i;
            sb.append(".globl ").append(name).append('\n').append(name).append(":\n");
            int size = chance(5) ? 0 : random.nextInt(40);
            sb.append(SECTIONS.flags[i].contains("nobits") ? ".skip " + size + "\n" : ".fill " + size + ",1," + (1 + random.nextInt(200)) + "\n");
            if (size > 8 && SECTIONS.flags[i].contains("aw") && !SECTIONS.flags[i].contains("nobits")) {
                sb.append(".quad _start + 1, ").append(name).append('\n');
            }
        }
        return sb.toString();
    }

    private String script() {
        var sb = new StringBuilder("ENTRY(_start)\n");
        boolean phdrs = chance(2);
        boolean load = chance(2);
        if (phdrs) {
            sb.append("PHDRS { text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); note PT_NOTE; }\n");
        }
        sb.append("SECTIONS\n{\n  . = 0x").append(Integer.toHexString(0x400000 + (chance(3) ? random.nextInt(200) : 0))).append(";\n");
        String[][] outputs = {{".text", ".text .text.*"}, {".rodata", ".rodata .rodata.*"}, {".early", ".init.*"}, {".tables", "tbl"}, {".none", ".none"}, {".remarks", ".note.n"},
            {".data", ".data .data.*"}, {".mixed", "extra_ro extra_bss"}, {".bss", ".bss .bss.*"}};
        boolean data = false;
        for (String[] o : outputs) {
            if (chance(6) && !List.of(".text", ".rodata", ".data", ".bss", ".remarks").contains(o[0])) {
                continue;
            }
            between(sb);
            boolean writable = o[0].equals(".data");
            if (writable && !data) {
                sb.append("  . = ALIGN(0x1000);\n");
            }
            sb.append("  ").append(o[0]).append(' ').append(':');
            if (load) {
                sb.append(" AT(ADDR(").append(o[0]).append(") - 0x10000)");
            }
            sb.append(chance(6) ? " ALIGN(" + (1 << random.nextInt(8)) + ")" : "").append(chance(9) ? " SUBALIGN(" + (1 << random.nextInt(6)) + ")" : "");
            sb.append(" {");
            inside(sb);
            sb.append(chance(3) ? " *(" + o[1].substring(0, o[1].indexOf(' ') < 0 ? o[1].length() : o[1].indexOf(' ')) + ")" : "");
            inside(sb);
            sb.append(chance(4) ? " *(SORT(" + o[1].replace(" ", ")) *(SORT(") + "))" : " *(" + o[1] + ")");
            inside(sb);
            sb.append(" }");
            if (phdrs && (o[0].equals(".text") || writable)) {
                sb.append(writable ? " :data" : " :text");
                data |= writable;
            }
            sb.append(chance(6) ? " = 0x" + Integer.toHexString(random.nextInt(1 << 16)) : "").append('\n');
        }
        between(sb);
        between(sb);
        sb.append("  _end = .;\n  /DISCARD/ : { *(.note.GNU-stack) ").append(chance(4) ? "*(extra_rw) " : "").append("}\n}\n");
        return sb.toString();
    }

    private void between(StringBuilder sb) {
        while (chance(2)) {
            switch (random.nextInt(7)) {
                case 0 -> sb.append("  . = ALIGN(").append(1 << random.nextInt(9)).append(");\n");
                case 1 -> sb.append("  . += ").append(random.nextInt(64)).append(";\n");
                case 2 -> sb.append("  sum").append(symbols++).append(" = _start + ").append(random.nextInt(9)).append(";\n");
                case 3 -> sb.append("  PROVIDE(maybe").append(symbols++).append(" = .);\n");
                default -> sb.append("  sym").append(symbols++).append(" = .;\n");
            }
        }
    }

    private void inside(StringBuilder sb) {
        while (chance(3)) {
            switch (random.nextInt(8)) {
                case 0 -> sb.append(" . = ALIGN(").append(1 << random.nextInt(7)).append(");");
                case 1 -> sb.append(" . += ").append(random.nextInt(32)).append(';');
                case 2 -> sb.append(" LONG(0x").append(Integer.toHexString(random.nextInt())).append(')');
                case 3 -> sb.append(" BYTE(").append(random.nextInt(256)).append(')');
                case 4 -> sb.append(" abs").append(symbols++).append(" = ABSOLUTE(.);");
                default -> sb.append(" in").append(symbols++).append(" = .;");
            }
        }
    }
}
