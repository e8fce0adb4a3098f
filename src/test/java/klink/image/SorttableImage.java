package klink.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import klink.mem.LE;
import klink.oracle.KernelSource;

/// A small linked image with shuffled tables, as sorttable expects one: `__ex_table`, ORC, an mcount list in
/// `.init.data`, the flag to clear, and a System.map beside it.
record SorttableImage(Path file, byte[] bytes, Map<String, Section> sections, Map<String, Long> symbols) {
    record Section(long address, long fileOffset, long size) {}

    Section section(String name) {
        return sections.get(name);
    }

    long symbol(String name) {
        return symbols.get(name);
    }

    /// @param machine the e_machine to claim: sorttable takes the shape of `__ex_table` from it, while
    ///                the image itself is made by the host's assembler and linker
    static SorttableImage link(Path dir, Random random, int machine, ExtableSort.Shape shape, int bits, boolean orc) throws IOException {
        String source = source(random, shape, bits, orc);
        Files.writeString(dir.resolve("t.s"), source);
        Path file = dir.resolve("vmlinux");
        KernelSource.run(dir, "as", "--" + bits, "-o", "t.o", "t.s");
        String emulation = bits == 64 ? "elf_x86_64" : "elf_i386";
        String base = bits == 64 ? "0xffffffff81000000" : "0xc0008000";
        KernelSource.run(dir, "ld", "-m", emulation, "-e", "text", "-Ttext=" + base, "-z", "max-page-size=4096", "-o", file.toString(), "t.o");
        String map = KernelSource.run(dir, "nm", "-n", file.toString());
        byte[] bytes = Files.readAllBytes(file);
        LE.put16(bytes, 18, machine);
        Files.write(file, bytes);
        Files.writeString(dir.resolve("System.map"), map);
        return new SorttableImage(file, bytes, sections(bytes, bits), symbols(map));
    }

    private static String source(Random random, ExtableSort.Shape shape, int bits, boolean orc) {
        var s = new StringBuilder(".text\n.globl text\ntext: .space 0x40000\n");
        s.append(".section .data,\"aw\"\n.long 7\n.globl main_extable_sort_needed\n.type main_extable_sort_needed,@object\n"
                + "main_extable_sort_needed: .long 1\n.long 9\n");
        extable(s, random, shape);
        mcount(s, random, bits == 64 ? ".quad" : ".long");
        if (orc) {
            orc(s, random);
        }
        return s.toString();
    }

    private static void extable(StringBuilder s, Random random, ExtableSort.Shape shape) {
        s.append(".section __ex_table,\"a\"\n.balign 4\n");
        String here = shape == ExtableSort.Shape.ABSOLUTE_32 ? "" : " - .";
        for (int i = 0; i < 700; i++) {
            int place = random.nextInt(2000) * 7; // collides often
            s.append(".long text+").append(place).append(here).append('\n');
            s.append(".long text+").append(random.nextInt(0x40000)).append(here).append('\n');
            if (shape == ExtableSort.Shape.RELATIVE_WITH_DATA) {
                s.append(".long ").append(random.nextInt()).append('\n');
            }
        }
    }

    private static void mcount(StringBuilder s, Random random, String pointer) {
        s.append(".section .init.data,\"aw\"\n.balign 8\n").append(pointer).append(" 5\n.globl __start_mcount_loc\n__start_mcount_loc:\n");
        for (int i = 0; i < 1500; i++) {
            s.append(pointer).append(random.nextInt(40) == 0 ? " " : " text+").append(random.nextInt(0x40000)).append('\n');
        }
        s.append(".globl __stop_mcount_loc\n__stop_mcount_loc:\n").append(pointer).append(" 3\n");
    }

    /// Runs of entries, one per imagined text section and each ending in a terminator at the address where
    /// the next begins; runs shuffled; every third image also has entries in no order at all, with ties.
    private static void orc(StringBuilder s, Random random) {
        var runs = new ArrayList<List<int[]>>();
        int place = 0;
        for (int r = 0; r < 120; r++) {
            var run = new ArrayList<int[]>();
            for (int n = random.nextInt(60); n > 0; n--) {
                run.add(new int[] {place, 1 + random.nextInt(0x7ff)});
                place += random.nextInt(40) == 0 ? 0 : 1 + random.nextInt(30);
            }
            run.add(new int[] {place, random.nextInt(16) << 4 | random.nextInt(4) << 8});
            runs.add(run);
        }
        if (random.nextInt(3) == 0) {
            var mess = new ArrayList<int[]>();
            for (int n = 0; n < 3000; n++) {
                mess.add(new int[] {random.nextInt(400), random.nextInt(0x800) & (random.nextBoolean() ? 0xbf0 : 0x7ff)});
            }
            runs.add(mess);
        }
        Collections.shuffle(runs, random);
        s.append(".section .orc_unwind_ip,\"a\"\n");
        runs.forEach(run -> run.forEach(e -> s.append(".long text+").append(e[0]).append(" - .\n")));
        s.append(".section .orc_unwind,\"a\"\n");
        runs.forEach(run -> run.forEach(e -> s.append(".short ").append(random.nextInt(0x10000)).append(',')
                .append(random.nextInt(0x10000)).append(',').append(e[1]).append('\n')));
    }

    private static Map<String, Section> sections(byte[] b, int bits) {
        boolean wide = bits == 64;
        int shoff = wide ? (int) LE.i64(b, 40) : LE.i32(b, 32);
        int shentsize = LE.u16(b, wide ? 58 : 46);
        int shnum = LE.u16(b, wide ? 60 : 48);
        int names = offset(b, shoff + LE.u16(b, wide ? 62 : 50) * shentsize, wide);
        var sections = new HashMap<String, Section>();
        for (int i = 1; i < shnum; i++) {
            int h = shoff + i * shentsize;
            int name = names + LE.i32(b, h);
            int end = name;
            while (b[end] != 0) {
                end++;
            }
            long address = wide ? LE.i64(b, h + 16) : LE.u32(b, h + 12);
            long size = wide ? LE.i64(b, h + 32) : LE.u32(b, h + 20);
            sections.put(new String(b, name, end - name, java.nio.charset.StandardCharsets.ISO_8859_1), new Section(address, offset(b, h, wide), size));
        }
        return sections;
    }

    private static int offset(byte[] b, int header, boolean wide) {
        return wide ? (int) LE.i64(b, header + 24) : LE.i32(b, header + 16);
    }

    private static Map<String, Long> symbols(String map) {
        var symbols = new HashMap<String, Long>();
        map.lines().map(l -> l.split(" ")).forEach(f -> symbols.put(f[2], Long.parseUnsignedLong(f[0], 16)));
        return symbols;
    }
}
