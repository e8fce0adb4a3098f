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
import klink.inspect.FixCosts.Fix;
import klink.inspect.InitMemory.Part;
import klink.inspect.Mismatch.End;
import klink.report.BadInput;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A kernel in small, laid out as x86's script does it and linked by the real ld, of which it is known who put how
/// many bytes where. That a real kernel prints the same sums is what ./check sees to.
class InitMemoryTest {
    private static final String SCRIPT = """
            PHDRS { text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); percpu PT_LOAD FLAGS(6); init PT_LOAD FLAGS(7); }
            SECTIONS {
              . = 0xffffffff81000000;
              .text : AT(ADDR(.text) - 0xffffffff80000000) { *(.text) } :text =0xcccc
              _etext = .;
              . = ALIGN(0x200000);
              __start_rodata = .;
              .rodata : AT(ADDR(.rodata) - 0xffffffff80000000) { *(.rodata) } :text
              . = ALIGN(4096);
              __end_rodata = .;
              . = ALIGN(0x200000);
              .data : AT(ADDR(.data) - 0xffffffff80000000) { _sdata = .; *(.data) } :data
              . = ALIGN(4096);
              __init_begin = .;
              __per_cpu_load = .;
              .data..percpu 0 : AT(__per_cpu_load - 0xffffffff80000000) { *(.data..percpu) } :percpu
              . = __per_cpu_load + SIZEOF(.data..percpu);
              . = ALIGN(4096);
              .init.text : AT(ADDR(.init.text) - 0xffffffff80000000) { *(.init.text) } :init
              .init.data : AT(ADDR(.init.data) - 0xffffffff80000000) { *(.init.data) . = ALIGN(8); table = .; . += 24; }
              . = ALIGN(4096);
              __init_end = .;
              .smp_locks : AT(ADDR(.smp_locks) - 0xffffffff80000000) { __smp_locks = .; *(.smp_locks) . = ALIGN(4096); __smp_locks_end = .; }
              .bss : AT(ADDR(.bss) - 0xffffffff80000000) { *(.bss) }
            }
            """;

    private static String function(String section, String name, int size) {
        return ".section " + section + ",\"ax\"\n.type " + name + ",@function\n" + name + ": .skip " + size + ",0x90\n.size " + name + ", " + size + "\n";
    }

    private static String variable(String section, String name, int size) {
        return ".section " + section + ",\"aw\"\n.type " + name + ",@object\n" + name + ": .skip " + size + "\n.size " + name + ", " + size + "\n";
    }

    @TempDir
    private Path dir;
    private Toolchain tools;
    private Path vmlinux;

    @BeforeEach
    void link() throws Exception {
        tools = new Toolchain(dir);
        Files.createDirectories(dir.resolve("drivers/net/phy"));
        Files.createDirectories(dir.resolve("kernel"));
        tools.assemble("drivers/net/b", function(".init.text", "local", 7) + ".balign 16\n" + variable(".init.data", "b_data", 5)
                + ".section .smp_locks,\"a\"\n.skip 12\n");
        tools.assemble("kernel/c", function(".init.text", "local", 33) + ".globl twice\n.set twice, local\n.size twice, 33\n"
                + function(".text", "caller", 16) + ".section .rodata,\"a\"\n.quad 1\n");
        tools.write("s.lds", SCRIPT);
        linkWith(a(".text", ".init.text"));
    }

    /// The first object, with `probe` and `setup` in these sections.
    private static String a(String probe, String setup) {
        return function(probe, "probe", 40) + function(setup, "setup", 100) + variable(".init.data", "names", 64)
                + variable(".data..percpu", "counter", 48) + variable(".data", "driver", 72);
    }

    private void linkWith(String a) {
        tools.assemble("drivers/net/phy/a", a);
        vmlinux = tools.link("ld.bfd", "vmlinux", "-T", "s.lds", "-z", "max-page-size=0x200000", "-z", "noexecstack", "-e", "0", "-Map=map",
                "drivers/net/phy/a.o", "drivers/net/b.o", "kernel/c.o");
    }

    private InitMemory memory(boolean withMap) {
        return new InitMemory(ElfImage.open(vmlinux), withMap ? LinkMap.read(dir.resolve("map")) : null);
    }

    private static List<String> text(List<Part> parts) {
        var list = new ArrayList<String>();
        for (Part p : parts) {
            list.add(p.bytes() + " " + p.name());
        }
        return list;
    }

    private static long sum(List<Part> parts) {
        long sum = 0;
        for (Part p : parts) {
            sum += p.bytes();
        }
        return sum;
    }

    @Test
    void rangesAreInTheKernelsWords() {
        var lines = new ArrayList<String>();
        for (FreedRange r : memory(false).ranges()) {
            lines.add(r.message());
        }
        assertEquals(List.of("Freeing SMP alternatives memory: 4K", "Freeing unused kernel image (initmem) memory: 8K",
                "Freeing unused kernel image (text/rodata gap) memory: 2044K", "Freeing unused kernel image (rodata/data gap) memory: 2044K"), lines);
    }

    /// Per-CPU data is linked to 0, but lies in init memory. Code: 100 bytes, from 112 on 7 made 16, and 33. Data: 64 and 5
    /// from offset 161 of a page on, 2 up to a multiple of 8, and the script's table of 24.
    @Test
    void bySection() {
        assertEquals(List.of("4096 .smp_locks", "161 .init.text", "95 .init.data", "48 .data..percpu", "7888 alignment between sections",
                "2093056 rodata/data gap", "2093056 text/rodata gap"), fixed(memory(false).bySection()));
    }

    /// ld pads between objects as it likes; only that is taken out.
    private static List<String> fixed(List<Part> parts) {
        var list = text(parts);
        assertEquals(4096 + 8192 + 2 * 2093056, sum(parts), list.toString());
        return list;
    }

    @Test
    void byObjectAndDirectory() {
        assertEquals(List.of("212 drivers/net/phy/a.o", "33 kernel/c.o"),
                text(memory(true).byObject()).stream().filter(s -> s.endsWith(".o") && !s.endsWith("/b.o")).toList());
        var directories = text(memory(true).byDirectory());
        assertEquals("33 kernel", directories.get(1));
        assertTrue(directories.getFirst().endsWith(" drivers/net"), directories.toString());
        assertEquals(sum(memory(true).byObject()), memory(true).total());
        assertEquals(sum(memory(true).byDirectory()), memory(true).total());
    }

    /// An alias takes nothing from the symbol it stands for, two locals of one name are two, and what no symbol has is there.
    @Test
    void bySymbol() {
        var parts = memory(true).bySymbol();
        assertEquals(List.of("100 setup", "64 names", "48 counter", "33 twice", "7 local", "5 b_data"),
                text(parts.stream().filter(Part::real).toList()));
        assertEquals(".data..percpu  drivers/net/phy/a.o", parts.get(2).detail());
        assertEquals(".init.text  kernel/c.o", parts.get(3).detail());
        assertEquals(memory(true).total(), sum(parts));
    }

    private List<Fix> fixes(boolean withMap, Mismatch... mismatches) {
        return costs(withMap, mismatches).fixes();
    }

    private FixCosts costs(boolean withMap, Mismatch... mismatches) {
        return FixCosts.of(ElfImage.open(vmlinux), memory(withMap), List.of(mismatches));
    }

    private static final End PROBE = new End("drivers/net/phy/a.o", ".text", "probe", true);
    private static final End DRIVER = new End("drivers/net/phy/a.o", ".data", "driver", false);
    private static final End SETUP = new End("drivers/net/phy/a.o", ".init.text", "setup", true);
    private static final End NAMES = new End("drivers/net/phy/a.o", ".init.data", "names", false);
    private static final End LOCAL_B = new End("drivers/net/b.o", ".init.text", "local", true);

    @Test
    void eitherSideOfAFixHasItsBytes() {
        var fix = fixes(false, new Mismatch("TEXT_TO_ANY_INIT", PROBE, SETUP)).getFirst();
        assertEquals(100, fix.keeps());
        assertEquals(40, fix.frees());
        assertEquals("drop __init from setup", fix.drop());
        assertEquals("mark probe __init", fix.mark());
        fix = fixes(false, new Mismatch("DATA_TO_ANY_INIT", DRIVER, NAMES)).getFirst();
        assertEquals(64, fix.keeps());
        assertEquals(72, fix.frees());
        assertEquals("drop __initdata from names", fix.drop());
        assertEquals("mark driver __initdata", fix.mark());
    }

    /// The fix is made, and the kernel linked again.
    @Test
    void aFixFreesAndKeepsWhatWasForetold() {
        var fix = fixes(false, new Mismatch("TEXT_TO_ANY_INIT", PROBE, SETUP)).getFirst();
        long before = bytes("drivers/net/phy/a.o");
        linkWith(a(".init.text", ".init.text"));
        assertEquals(before + fix.frees(), bytes("drivers/net/phy/a.o"));
        linkWith(a(".text", ".text"));
        assertEquals(before - fix.keeps(), bytes("drivers/net/phy/a.o"));
    }

    private long bytes(String object) {
        return memory(true).byObject().stream().filter(p -> p.name().equals(object)).mapToLong(Part::bytes).sum();
    }

    private static final String FINDINGS = """
            {"format": "klink-check", "version": 1, "objects": 3, "summary": {"findings": [1, {"from": 2}]},
             "findings": [
              {"rule": "TEXT_TO_ANY_INIT", "severity": "warning", "message": "probe \u2192 setup",
               "from": {"object": "drivers/net/phy/a.o", "section": ".text", "offset": 4, "symbol": "probe", "function": true, "line": 3},
               "to": {"object": "drivers/net/phy/a.o", "section": ".init.text", "symbol": "setup", "function": true},
               "chain": [{"object": "kernel/c.o", "symbol": "caller"}], "advice": ["one", "two"]},
              {"rule": "duplicate-export", "message": "no ends", "chain": []},
              {"rule": "DATA_TO_ANY_INIT", "from": {"object": "drivers/net/phy/a.o", "section": ".data"},
               "to": {"object": "drivers/net/phy/a.o", "section": ".init.data", "symbol": "names", "function": false}}],
             "gone": []}
            """;

    @Test
    void findingsOfKlinkCheckAreRead() {
        Path file = tools.write("check.json", FINDINGS);
        var read = FindingsFile.read(file);
        assertEquals(List.of(new Mismatch("TEXT_TO_ANY_INIT", PROBE, SETUP),
                new Mismatch("DATA_TO_ANY_INIT", new End("drivers/net/phy/a.o", ".data", "", false), NAMES)), read);
        String text = run(0, new InitReport.Wanted(vmlinux, null, file, InitReport.By.section, 5, false));
        assertTrue(text.contains("2 mismatches in 2 references") && text.contains("not counted: no symbol in drivers/net/phy/a.o(.data)")
                && text.endsWith("         164          40  in all, each symbol once\n"), text);
        String json = run(0, new InitReport.Wanted(vmlinux, null, file, InitReport.By.section, 5, true));
        assertTrue(json.contains("\"fixes-total\": {\"references\": 2, \"keeps\": 164, \"frees\": 40}"), json);
    }

    /// Cut anywhere, or another file: an error with its place.
    @Test
    void findingsThatCannotBeReadAreAnError() {
        for (int length = 0; length < FINDINGS.stripTrailing().length(); length += 7) {
            Path file = tools.write("cut.json", FINDINGS.substring(0, length));
            assertThrows(BadInput.class, () -> FindingsFile.read(file), file.toString());
        }
        for (String other : List.of("[]", "{}", "{\"findings\": {}}", "{\"findings\": [3]}", "{\"findings\": [{\"from\": 3}]}", "vmlinux")) {
            Path file = tools.write("other.json", other);
            String said = run(1, new InitReport.Wanted(vmlinux, null, file, InitReport.By.section, 5, false));
            assertTrue(said.startsWith("klink: error: not ") && said.contains("other.json: file offset 0x"), said);
        }
        assertThrows(BadInput.class, () -> FindingsFile.read(dir.resolve("nowhere")));
    }

    @Test
    void totalsCountASymbolOnce() {
        var costs = costs(false, new Mismatch("TEXT_TO_ANY_INIT", PROBE, SETUP), new Mismatch("TEXT_TO_ANY_INIT", PROBE, SETUP),
                new Mismatch("DATA_TO_ANY_INIT", DRIVER, SETUP), new Mismatch("TEXT_TO_ANY_INIT", PROBE, NAMES));
        assertEquals(3, costs.fixes().size());
        assertEquals(2, costs.fixes().stream().mapToInt(Fix::references).max().orElseThrow());
        assertEquals(164, costs.keeps());
        assertEquals(112, costs.frees());
    }

    @Test
    void theMapTellsSymbolsOfOneNameApart() {
        var mismatch = new Mismatch("TEXT_TO_ANY_INIT", PROBE, LOCAL_B);
        assertEquals(-1, fixes(false, mismatch).getFirst().keeps());
        assertTrue(fixes(false, mismatch).getFirst().unclear().contains("2 symbols are called local"));
        assertEquals(7, fixes(true, mismatch).getFirst().keeps());
        // klink check may have been told another path to the same object.
        assertEquals(7, fixes(true, new Mismatch("TEXT_TO_ANY_INIT", PROBE, new End("/build/drivers/net/b.o", ".init.text", "local", true))).getFirst().keeps());
    }

    @Test
    void whatIsFreedAlreadyOrNotThereCostsNothing() {
        var fix = fixes(false, new Mismatch("ANY_INIT_TO_ANY_EXIT", SETUP, new End("kernel/c.o", ".exit.text", "gone", true))).getFirst();
        assertEquals(-1, fix.keeps());
        assertEquals(-1, fix.frees());
        assertEquals("gone is not in the image; ", fix.unclear());
    }

    /// An entry of a table cannot be annotated.
    @Test
    void anExportHasOneSideOnly() {
        var fix = fixes(false, new Mismatch("EXPORT_TO_INIT_EXIT", new End("kernel/c.o", "___ksymtab+setup", "__ksymtab_setup", false), SETUP)).getFirst();
        assertEquals(100, fix.keeps());
        assertEquals(-1, fix.frees());
        assertEquals("do not export it", fix.mark());
        assertEquals("", fix.unclear());
    }

    private String run(int status, InitReport.Wanted wanted) {
        var out = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertEquals(status, InitReport.run(wanted, stream, stream));
        return out.toString(StandardCharsets.UTF_8);
    }

    /// Every list, cut short or not, ends with the sum.
    @Test
    void everyListAddsUp() {
        for (int lines : new int[] {0, 2, 3, 50}) {
            String text = run(0, new InitReport.Wanted(vmlinux, dir.resolve("map"), null, null, lines, false));
            int lists = 0;
            long sum = 0;
            for (String line : text.split("\n")) {
                String number = line.strip().split(" ", 2)[0].replace(",", "");
                if (line.contains("bytes  by ")) {
                    sum = 0;
                } else if (line.endsWith("  in all")) {
                    assertEquals(sum, Long.parseLong(number), text);
                    assertEquals(memory(false).total(), sum);
                    lists++;
                } else if (!number.isEmpty() && number.chars().allMatch(Character::isDigit)) {
                    sum += Long.parseLong(number);
                }
            }
            assertEquals(4, lists, text);
            assertEquals(lines == 2 || lines == 3, text.contains(" more)"), text);
        }
    }

    @Test
    void withoutAMapObjectsAreNotNamed() {
        String json = run(0, new InitReport.Wanted(vmlinux, null, null, null, 5, true));
        assertTrue(json.contains("\"section\": [") && json.contains("\"symbol\": ["), json);
        assertFalse(json.contains("\"object\": [") || json.contains("/a.o"), json);
        assertTrue(json.contains("{\"name\": \"setup\", \"bytes\": 100, \"detail\": \".init.text\", \"padding\": false}"), json);
    }

    @Test
    void aFileThatIsNoKernelIsAnError() {
        assertThrows(BadInput.class, () -> new InitMemory(ElfImage.open(dir.resolve("kernel/c.o")), null));
        tools.run("strip", "-o", "stripped", "vmlinux");
        String said = run(1, new InitReport.Wanted(dir.resolve("stripped"), null, null, null, 5, false));
        assertTrue(said.startsWith("klink: error: ") && said.contains("no symbol table"), said);
        said = run(1, new InitReport.Wanted(vmlinux, dir.resolve("s.lds"), null, null, 5, false));
        assertTrue(said.contains("not a GNU ld link map"), said);
    }
}
