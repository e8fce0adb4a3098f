package klink.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import klink.cli.CommandLine;
import klink.inspect.Comparison;
import klink.inspect.Difference;
import klink.inspect.ElfImage;
import klink.inspect.RelocationAudit;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Links every case below `src/test/link` with one thread and with four, which must give the same bytes,
/// and compares the image with GNU ld's, with ld.lld's, and with what the case expects; see [LinkCase].
///
/// `-Dklink.case=NAME` runs the cases whose path contains NAME.
class LinkCasesTest {
    private static final Path CASES = Path.of("src/test/link");
    private static final Map<String, String> EMULATIONS = Map.of("x86_64", "elf_x86_64", "aarch64", "aarch64elf", "powerpc64le", "elf64lppc", "arm", "armelf_linux_eabi", "armeb", "armelfb_linux_eabi");
    private static final byte[] OLD = "what stood here before".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    /// The same in every image, and what two linkers may write as they like.
    private static final List<String> FREE = List.of(
            "section..strtab.size", // whether names share tails
            "section..shstrtab.size",
            "section..symtab.size", // its contents are compared one by one
            "file-symbol.*", // GNU ld makes a FILE symbol for every object, klink keeps those that locals follow
            "sections.order"); // where .symtab and its string tables stand among sections without address

    /// GNU ld for AArch64 has a symbol for each section, though nothing refers to it.
    private static final List<String> OTHER_MACHINES = List.of("section-symbol.*");

    /// ld.lld keeps empty `.data` and `.bss`, adds its name to `.comment`, and maps segments its own way without PHDRS.
    private static final List<String> LLD = List.of("segment.*", "section..comment.present", "section..data.present", "section..bss.present",
            "section..symtab.size");

    @TempDir
    Path work;

    @TestFactory
    Stream<DynamicNode> cases() throws IOException {
        String only = System.getProperty("klink.case", "");
        try (Stream<Path> files = Files.walk(CASES)) {
            List<Path> sorted = files.filter(f -> f.toString().endsWith(".s") && f.toString().contains(only)).sorted().toList();
            var tests = new ArrayList<DynamicNode>();
            for (Path f : sorted) {
                String name = CASES.relativize(f).toString();
                var c = LinkCase.read(f);
                tests.add(DynamicTest.dynamicTest(name, f.toUri(), () -> run(c, name)));
                if (c.machine().equals("arm")) {
                    tests.add(DynamicTest.dynamicTest(name + " big-endian", f.toUri(), () -> run(c.forMachine("armeb", "-EB"), name + "-be32")));
                    tests.add(DynamicTest.dynamicTest(name + " BE8", f.toUri(), () -> run(c.forMachine("armeb", "-EB --be8"), name + "-be8")));
                }
            }
            return tests.stream();
        }
    }

    private void run(LinkCase c, String name) throws IOException {
        assumeTrue(Workshop.has(Workshop.tool(c.machine(), "as")), () -> "no GNU binutils for " + c.machine());
        Path dir = Files.createDirectories(work.resolve(name.replace('/', '-')));
        var shop = new Workshop(dir);
        List<String> command = prepare(c, shop);
        Set<String> before = listing(dir);
        before.add("one");
        before.add("four");
        Files.write(dir.resolve("one"), OLD);
        var one = link(dir, "one", 1, command);
        var four = link(dir, "four", 4, command);
        assertEquals(one.status(), four.status(), () -> "exit status with 1 and 4 threads\n" + one.err() + four.err());
        assertEquals(one.err(), four.err(), "messages with 1 and 4 threads");
        if (c.fails()) {
            assertTrue(one.status() != 0, () -> "should fail\n" + one.err());
            assertTrue(java.util.Arrays.equals(OLD, Files.readAllBytes(dir.resolve("one"))), "the old output is gone");
            before.remove("four");
        } else {
            assertEquals(0, one.status(), one.err());
            assertEquals(-1, Files.mismatch(dir.resolve("one"), dir.resolve("four")), "1 and 4 threads give the same bytes");
        }
        assertEquals(before, listing(dir), "files left behind");
        messages(c, one.err());
        for (String linker : c.words("compare")) {
            compare(c, shop, linker, command);
        }
        for (String d : c.all("differs")) {
            differs(c, d, shop, command);
        }
        if (one.status() == 0) {
            Expectations.check(c, ElfImage.open(dir.resolve("one")));
            if (c.machine().equals("aarch64") || c.has("audit")) {
                audit(dir, command);
            }
        }
    }

    /// Makes the inputs; the command line after `-o out`.
    private static List<String> prepare(LinkCase c, Workshop shop) {
        var words = new ArrayList<String>();
        var objects = new ArrayList<String>();
        Path script = CASES.resolve("plain.lds");
        for (LinkCase.Source s : c.sources()) {
            if (s.isScript()) {
                script = shop.write(s.name(), s.text());
            } else {
                shop.assemble(c.machine(), s.name(), s.options(), s.text());
                objects.add(s.name());
            }
        }
        for (String s : c.all("script")) {
            script = s.equals("inline") ? script : c.file().resolveSibling(s);
        }
        var archives = new ArrayList<String>();
        for (LinkCase.Directive d : c.directives()) {
            switch (d.name()) {
                case "archive", "thin-archive" -> {
                    List<String> parts = List.of(d.value().split(" +"));
                    shop.archive(d.name().startsWith("thin"), parts);
                    objects.removeAll(parts);
                    archives.add(parts.getFirst());
                }
                case "run" -> shop.run("sh", "-c", d.value());
                default -> { }
            }
        }
        words.addAll(c.words("options"));
        if (c.has("args")) {
            words.addAll(c.words("args"));
        } else {
            words.addAll(List.of("-T", "SCRIPT"));
            words.addAll(objects);
            words.addAll(archives);
        }
        Path used = script.toAbsolutePath();
        words.replaceAll(w -> w.equals("SCRIPT") ? used.toString() : shop.isFile(w) ? shop.path(w).toString() : w);
        words.addAll(0, List.of("-m", EMULATIONS.get(c.machine()), "-z", "noexecstack", "--no-warn-rwx-segments"));
        return words;
    }

    private static CommandLine.Result link(Path dir, String output, int threads, List<String> command) {
        var args = new ArrayList<>(List.of("ld", "--threads=" + threads, "-o", dir.resolve(output).toString()));
        args.addAll(command);
        var r = CommandLine.run(args);
        return new CommandLine.Result(r.status(), r.out(), r.err().replace(dir + "/", ""));
    }

    /// Every site of the image, computed anew.
    private static void audit(Path dir, List<String> command) {
        var words = new ArrayList<>(List.of("-Map=" + dir.resolve("map")));
        words.addAll(command);
        assertEquals(0, link(dir, "audited", 1, words).status());
        List<String> files = command.stream().filter(w -> w.endsWith(".o") || w.endsWith(".a")).toList();
        var audit = RelocationAudit.of(dir, files, dir.resolve("map"), dir.resolve("audited"), 1);
        assertEquals(List.of(), audit.mismatches());
    }

    private static Set<String> listing(Path dir) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return new TreeSet<>(files.map(f -> f.getFileName().toString()).toList());
        }
    }

    private static void messages(LinkCase c, String err) {
        for (String text : c.all("expect-error")) {
            assertTrue(err.contains("klink: error: ") && err.contains(text), () -> "should say: " + text + "\nsays:\n" + err);
        }
        for (String text : c.all("expect-warning")) {
            assertTrue(err.contains("klink: warning: ") && err.contains(text), () -> "should warn: " + text + "\nsays:\n" + err);
        }
        if (c.has("expect-silence")) {
            assertEquals("", err);
        }
    }

    private static void compare(LinkCase c, Workshop shop, String linker, List<String> command) {
        var result = shop.link(c.machine(), linker, command);
        if (c.fails()) {
            assertTrue(result.status() != 0, () -> linker + " links what should fail");
            return;
        }
        assertEquals(0, result.status(), () -> linker + ": " + result.out());
        var ignored = new ArrayList<String>();
        for (String line : c.all("ignore")) {
            String[] parts = line.split(" +", 2);
            if (parts[0].endsWith(":")) {
                if (!parts[0].equals(linker + ":")) {
                    continue;
                }
                parts = parts[1].split(" +", 2);
            }
            assertTrue(parts.length == 2 && parts[1].startsWith("("), () -> "ignore without a reason: " + line);
            ignored.add(parts[0]);
        }
        var left = new StringBuilder();
        var used = new TreeSet<String>();
        for (Difference d : Comparison.of(ElfImage.open(shop.path(linker + ".out")), ElfImage.open(shop.path("one")), false)) {
            String by = covering(ignored, d.key());
            if (by != null) {
                used.add(by);
            } else if (covering(FREE, d.key()) == null && (c.machine().equals("x86_64") || covering(OTHER_MACHINES, d.key()) == null) && (!linker.equals("ld.lld") || covering(LLD, d.key()) == null)) {
                left.append(d.text()).append('\n');
            }
        }
        if (!left.isEmpty()) {
            fail("differs from " + linker + " (" + linker + " | klink):\n" + left);
        }
        ignored.removeAll(used);
        assertTrue(ignored.isEmpty(), () -> "ignored but does not occur: " + ignored);
    }

    private static void differs(LinkCase c, String directive, Workshop shop, List<String> command) {
        String[] parts = directive.split(" +", 3);
        assertTrue(parts.length == 3 && parts[2].startsWith("("), () -> "differs without a reason: " + directive);
        var result = shop.link(c.machine(), parts[0], command);
        if (parts[1].equals("link")) {
            assertTrue(result.status() == 0 == c.fails(), () -> parts[0] + " does the same, and says " + result.out());
            return;
        }
        assertEquals(0, result.status(), () -> parts[0] + ": " + result.out());
        var keys = new ArrayList<String>();
        for (Difference d : Comparison.of(ElfImage.open(shop.path(parts[0] + ".out")), ElfImage.open(shop.path("one")), false)) {
            if (covering(List.of(parts[1]), d.key()) != null) {
                return;
            }
            keys.add(d.key());
        }
        fail(parts[0] + " does not differ in " + parts[1] + ", only in " + keys);
    }

    /// Whether two linkers may write this as they like.
    static boolean isFree(String key) {
        return covering(FREE, key) != null;
    }

    private static String covering(List<String> keys, String key) {
        for (String k : keys) {
            int star = k.indexOf('*');
            if (star < 0 ? k.equals(key) : key.length() >= k.length() - 1 && key.startsWith(k.substring(0, star)) && key.endsWith(k.substring(star + 1))) {
                return k;
            }
        }
        return null;
    }
}
