package klink.btf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import klink.oracle.KernelSource;

/// A generated program with debug information, per-CPU variables and a `.BTF_ids` section such as kernel
/// objects have, compiled and linked by the real tools.
record BtfProgram(Path dir, Path image) {
    record Symbol(String name, long value, long size, String type, String section) {}

    /// Per-CPU data at 0, as on x86; the rest like a kernel's.
    private static final String SCRIPT = """
            SECTIONS {
              .data..percpu 0 : { *(.data..percpu) }
              . = 0x400000;
              .text : { *(.text*) }
              .data : { *(.data) }
              .BTF_ids 0x500000 : { *(.BTF_ids) }
            }
            """;
    private static final String[] KINDS = {"struct", "union", "typedef", "func"};

    /// @param bits 64 or 32
    static BtfProgram link(Path dir, Random random, int bits) throws IOException {
        compile(dir, random, bits, List.of("gcc", "-g"));
        Files.writeString(dir.resolve("image.lds"), SCRIPT);
        KernelSource.run(dir, "ld", "-m", bits == 64 ? "elf_x86_64" : "elf_i386", "-e", "a_f0", "-T", "image.lds", "-o", "image", "a.o", "b.o", "ids.o");
        return new BtfProgram(dir, dir.resolve("image"));
    }

    /// Makes the objects a.o, b.o and ids.o.
    static void compile(Path dir, Random random, int bits, List<String> compiler) throws IOException {
        var line = new ArrayList<>(compiler);
        line.add("-m" + bits);
        compile(dir, random, line, List.of("as", "--" + bits));
    }

    /// The same, by any compiler and assembler.
    static void compile(Path dir, Random random, List<String> compiler, List<String> assembler) throws IOException {
        Files.writeString(dir.resolve("a.c"), unit(random, "a"));
        Files.writeString(dir.resolve("b.c"), unit(random, "b"));
        Files.writeString(dir.resolve("ids.s"), ids(random));
        for (String unit : List.of("a", "b")) {
            var line = new ArrayList<>(compiler);
            line.addAll(List.of("-O1", "-ffreestanding", "-fno-pic", "-fno-asynchronous-unwind-tables", "-c", unit + ".c"));
            KernelSource.run(dir, line);
        }
        var line = new ArrayList<>(assembler);
        line.addAll(List.of("-o", "ids.o", "ids.s"));
        KernelSource.run(dir, line);
    }

    /// The same struct names in both units, some with another member in each: names with two ids.
    private static String unit(Random random, String prefix) {
        var c = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            String odd = i % 10 == 3 ? "int only_" + prefix + "; " : "";
            c.append("struct s").append(i).append(" { int a[").append(i + 1).append("]; ").append(odd).append("struct s").append(i).append(" *next; };\n");
            c.append("union u__").append(i).append(" { long l; char c[").append(i + 1).append("]; };\n");
            c.append("typedef struct s").append(i).append(" t").append(i).append("_t;\n");
        }
        c.append("__attribute__((section(\".data..percpu\"))) int ").append(prefix).append("_counter[").append(1 + random.nextInt(9)).append("] = {1};\n");
        c.append("__attribute__((section(\".data..percpu\"))) struct s4 ").append(prefix).append("_state = {{1}};\nint ").append(prefix).append("_plain = 3;\n");
        for (int i = 0; i < 40; i++) {
            int t = random.nextInt(30);
            c.append("long ").append(prefix).append("_f").append(i).append("(t").append(t).append("_t *p, union u__").append(t)
                    .append(" *u) { return p->a[0] + u->l + ").append(prefix).append("_counter[0] + ").append(prefix).append("_state.a[0]; }\n");
        }
        return c.toString();
    }

    private static String ids(Random random) {
        var s = new StringBuilder(".section .BTF_ids,\"a\"\n");
        for (int i = 0; i < 25; i++) {
            place(s, random, i);
        }
        for (int set = 0; set < 12; set++) {
            boolean set8 = set % 2 == 1;
            String symbol = "__BTF_ID__" + (set8 ? "set8" : "set") + "__list" + set;
            int count = set < 2 ? 0 : 1 + random.nextInt(20);
            s.append(symbol).append(":\n.zero ").append(set8 ? "4\n.long 0x55" + set : "4").append('\n');
            for (int i = 0; i < count; i++) {
                place(s, random, 1000 * set + i);
                s.append(set8 ? ".long " + random.nextInt(1 << 20) + "\n" : "");
            }
            s.append(".size ").append(symbol).append(", .-").append(symbol).append("\n.zero 4\n");
        }
        return s.toString();
    }

    /// Mostly names that exist; a few are not found, or are known under another kind only.
    private static void place(StringBuilder s, Random random, int unique) {
        String kind = KINDS[random.nextInt(4)];
        String name = switch (kind) {
            case "struct" -> "s" + random.nextInt(34);
            case "union" -> "u__" + random.nextInt(31);
            case "typedef" -> "t" + random.nextInt(31) + "_t";
            default -> (random.nextBoolean() ? "a_f" : "b_f") + random.nextInt(42);
        };
        String symbol = "__BTF_ID__" + kind + "__" + name + "__" + unique + random.nextInt(1000);
        s.append(".type ").append(symbol).append(",%object\n.size ").append(symbol).append(",4\n").append(symbol).append(":\n.zero 4\n");
    }

    byte[] section(Path file, String name) throws IOException {
        Path out = dir.resolve("section");
        KernelSource.run(dir, "objcopy", "--dump-section", name + "=" + out, file.toString(), "/dev/null");
        return Files.readAllBytes(out);
    }

    MemorySegment segment(Path file, String name) throws IOException {
        return MemorySegment.ofArray(section(file, name));
    }

    /// As readelf decodes them.
    List<Symbol> symbols() {
        var sections = new ArrayList<String>();
        for (String line : KernelSource.run(dir, "readelf", "-SW", image.toString()).lines().toList()) {
            if (line.startsWith("  [") && !line.contains("Name")) {
                int number = Integer.parseInt(line.substring(3, line.indexOf(']')).strip());
                while (sections.size() <= number) {
                    sections.add("");
                }
                sections.set(number, line.substring(line.indexOf(']') + 1).strip().split(" ")[0]);
            }
        }
        var symbols = new ArrayList<Symbol>();
        for (String line : KernelSource.run(dir, "readelf", "-sW", image.toString()).lines().toList()) {
            String[] f = line.strip().split(" +");
            if (f.length == 8 && f[0].endsWith(":") && f[6].chars().allMatch(Character::isDigit)) {
                symbols.add(new Symbol(f[7], Long.parseUnsignedLong(f[1], 16), Long.decode(f[2]), f[3], sections.get(Integer.parseInt(f[6]))));
            }
        }
        return symbols;
    }

    static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }
}
