package klink.link;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import klink.cli.CommandLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Strings and constants made at random, in sections that are to be merged: equal ones, tails of others, padded
/// and aligned ones, referred to by label, by section and offset, and relative to the site. klink's image must
/// be GNU ld's, byte for byte: which copy stays where decides the offset of everything behind it.
///
/// `-Dklink.seed=N` replays one, `-Dklink.rounds=N` does more.
class RandomMergeTest {
    private static final int ROUNDS = Integer.getInteger("klink.rounds", 40);
    private static final long SEED = Long.getLong("klink.seed", 9_000);

    @TempDir
    Path work;

    private Random random;
    private int linked;

    @Test
    void agreesWithGnuLd() throws Exception {
        Seeds.run(SEED, ROUNDS, this::round);
        assertTrue(linked > 0, "every link was refused");
    }

    private String round(long seed) throws Exception {
        random = new Random(seed);
        Path base = System.getProperty("klink.seed") == null ? work : Path.of("target", "random").toAbsolutePath();
        var shop = new Workshop(Files.createDirectories(base.resolve("merge" + seed)));
        var args = new ArrayList<>(List.of("-m", "elf_x86_64", "-z", "noexecstack", "--no-warn-rwx-segments", "-T",
                Path.of("src/test/link/plain.lds").toAbsolutePath().toString()));
        if (random.nextInt(4) == 0) {
            args.add("--emit-relocs");
        }
        int objects = 1 + random.nextInt(4);
        for (int o = 0; o < objects; o++) {
            args.add(shop.assemble("o" + o + ".o", "", source(o)).toString());
        }
        var words = new ArrayList<>(List.of("ld", "--threads=2", "-o", shop.path("klink.out").toString()));
        words.addAll(args);
        var result = CommandLine.run(words);
        linked += result.status() == 0 ? 1 : 0;
        return RandomScriptTest.compare(shop, result, shop.link("ld", args));
    }

    private String source(int object) {
        var sb = new StringBuilder();
        var labels = new ArrayList<String>();
        if (object == 0) {
            sb.append(".globl _start\n_start: ret\n");
        }
        if (random.nextInt(5) != 0) {
            strings(sb, labels, ".rodata.str1.1", "aMS", 1, 1);
        }
        if (random.nextInt(3) != 0) {
            strings(sb, labels, ".rodata.str1.8", "aMS", 1, 8);
        }
        if (random.nextInt(4) == 0) {
            strings(sb, labels, ".rodata.str4.4", "aMS", 4, 4);
        }
        if (random.nextInt(3) == 0) {
            strings(sb, new ArrayList<>(), ".debug_str", "MS", 1, 1);
        }
        if (random.nextInt(3) != 0) {
            constants(sb, labels, ".rodata.cst8", 8);
        }
        if (random.nextInt(3) == 0) {
            constants(sb, labels, ".rodata.cst16", 16);
        }
        sb.append(".data\n");
        for (String l : labels) {
            switch (random.nextInt(5)) {
                case 0 -> sb.append(".quad ").append(l).append('\n');
                case 1 -> sb.append(".long ").append(l).append(" - .\n");
                case 2 -> sb.append(".long ").append(l).append('\n');
                case 3 -> sb.append(".quad ").append(l).append(" + ").append(random.nextInt(4)).append('\n');
                default -> { }
            }
        }
        return sb.toString();
    }

    private void strings(StringBuilder sb, List<String> labels, String section, String flags, int width, int align) {
        sb.append(".section ").append(section).append(",\"").append(flags).append("\",@progbits,").append(width).append('\n');
        int n = random.nextInt(9);
        for (int i = 0; i < n; i++) {
            if (align > 1) {
                sb.append(".balign ").append(align).append('\n');
            }
            String label = ".L" + section.replace('.', '_') + i;
            labels.add(label);
            sb.append(label).append(": ").append(width == 1 ? ".byte " : ".long ");
            for (int k = random.nextInt(random.nextInt(3) == 0 ? 20 : 4); k > 0; k--) {
                sb.append("'").append((char) ('a' + random.nextInt(2))).append(",");
            }
            sb.append("0\n");
        }
        if (align > 1 && random.nextInt(2) == 0) {
            sb.append(".balign ").append(align).append('\n');
        }
    }

    private void constants(StringBuilder sb, List<String> labels, String section, int size) {
        sb.append(".section ").append(section).append(",\"aM\",@progbits,").append(size).append("\n.balign ").append(size).append('\n');
        int n = random.nextInt(7);
        for (int i = 0; i < n; i++) {
            String label = ".L" + section.replace('.', '_') + i;
            labels.add(label);
            sb.append(label).append(": .quad ").append(random.nextInt(4)).append(size == 16 ? "," + random.nextInt(2) : "").append('\n');
        }
    }
}
