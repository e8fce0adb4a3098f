package klink.kbuild;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.LinkOptions;
import klink.StandInLink;
import klink.cli.CommandLine;
import klink.input.InputSpec;
import klink.kernel.Config;
import klink.link.Workshop;
import klink.oracle.KernelSource;
import klink.oracle.Modpost;
import klink.report.Report;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The stand-in for `vmlinux.o` against what GNU ld merges of the same objects: modpost and objcopy must make the same of both.
class StandInTest {
    /// An export of 6.1: NAME, `_gpl` or nothing, namespace.
    private static final String MACRO_6_1 = """
            .macro export name, gpl, namespace
            .section "___ksymtab\\gpl+\\name", "a"
            .balign 4
            __ksymtab_\\name: .long \\name - ., 0, 0
            .section "__ksymtab_strings", "aMS", %progbits, 1
            __kstrtab_\\name: .asciz "\\name"
            __kstrtabns_\\name: .asciz "\\namespace"
            .endm
            """;
    /// An export of 6.12: NAME, licence, namespace.
    private static final String MACRO_6_12 = """
            .macro export name, licence, namespace
            .section ".export_symbol", "a"
            __export_symbol_\\name:
            .asciz "\\licence"
            .asciz "\\namespace"
            .balign 8
            .quad \\name
            .previous
            .endm
            """;
    private static final String BODIES = """
            .text
            .globl open_door, close_door, counter
            .type open_door, @function
            .type close_door, @function
            open_door: nop
            close_door: call open_door
            .data
            .type counter, @object
            counter: .quad open_door
            """;

    @TempDir
    Path directory;
    private Workshop shop;

    @BeforeEach
    void open() {
        shop = new Workshop(directory);
    }

    /// Writes the stand-in of these files.
    private void standIn(String... files) throws IOException {
        var opt = new LinkOptions();
        var inputs = new ArrayList<InputSpec>();
        for (String f : files) {
            inputs.add(new InputSpec(shop.path(f).toString(), !f.endsWith("lib.a"), f.endsWith("lib.a") ? 1 : 0));
        }
        opt.inputs = inputs;
        Files.write(shop.path("vmlinux.o"), StandInLink.make(opt, Config.empty(), new Report(System.err, 0)));
    }

    /// What modpost says of `vmlinux.o` and the files it writes.
    private List<String> modpost(String version, String... options) throws IOException {
        Modpost modpost = Modpost.of(version, 64).orElse(null);
        assumeTrue(modpost != null, KernelSource.missing(version));
        Files.deleteIfExists(shop.path(".vmlinux.export.c"));
        Modpost.Verdict verdict = modpost.check(directory, List.of(options));
        var all = new ArrayList<>(verdict.messages());
        all.add("status " + verdict.status());
        for (String file : List.of("vmlinux.symvers", ".vmlinux.export.c")) {
            all.addAll(Files.exists(shop.path(file)) ? Files.readAllLines(shop.path(file)) : List.of("no " + file));
        }
        return all;
    }

    private void sameAsMerged(String version, List<String> options, String... files) throws IOException {
        var ld = new ArrayList<>(List.of("ld", "-r", "-o", "vmlinux.o", "--whole-archive"));
        for (String f : files) {
            ld.add(f.endsWith("lib.a") ? "--no-whole-archive" : f);
            if (f.endsWith("lib.a")) {
                ld.add(f);
            }
        }
        shop.run(ld.toArray(String[]::new));
        List<String> merged = modpost(version, options.toArray(String[]::new));
        byte[] modinfo = modinfo();
        standIn(files);
        assertEquals(merged, modpost(version, options.toArray(String[]::new)));
        assertArrayEquals(modinfo, modinfo());
    }

    private byte[] modinfo() throws IOException {
        shop.run("objcopy", "-j", ".modinfo", "-O", "binary", "vmlinux.o", "modinfo");
        return Files.readAllBytes(shop.path("modinfo"));
    }

    private void modinfo(String name, String text) {
        shop.assemble(name, "", ".section .modinfo, \"a\"\n.asciz \"" + text + "\"\n");
    }

    @Test
    void exportsOf61() throws IOException {
        shop.assemble("a.o", "", MACRO_6_1 + BODIES + """
                export open_door,_gpl,DOORS
                export counter
                """);
        // GNU ld lists the symbols of a file with a note first.
        shop.assemble("b.o", "", MACRO_6_1 + """
                .section .note.Linux, "a", @note
                .long 0
                .data
                .globl knob
                knob: .quad 1
                export knob
                export close_door,_gpl
                """);
        modinfo("c.o", "knob.file=drivers/knob");
        modinfo("d.o", "knob.license=GPL");
        sameAsMerged("6.1", List.of(), "a.o", "b.o", "c.o", "d.o");
        assertEquals(List.of("0x00000000\tknob\tvmlinux\tEXPORT_SYMBOL\t", "0x00000000\tclose_door\tvmlinux\tEXPORT_SYMBOL_GPL\t",
                "0x00000000\topen_door\tvmlinux\tEXPORT_SYMBOL_GPL\tDOORS", "0x00000000\tcounter\tvmlinux\tEXPORT_SYMBOL\t"),
                Files.readAllLines(shop.path("vmlinux.symvers")));
        wholeObject("a.o", "b.o", "c.o", "d.o");
    }

    /// Where objtool wants the whole `vmlinux.o`, modpost reads that one.
    private void wholeObject(String... files) throws IOException {
        List<String> before = modpost("6.1");
        var ld = new ArrayList<>(List.of("ld", "-r", "-o", shop.path("vmlinux.o").toString()));
        for (String f : files) {
            ld.add(shop.path(f).toString());
        }
        assertEquals(0, CommandLine.run(ld).status());
        assertEquals(before, modpost("6.1"));
    }

    @Test
    void exportsOf612() throws IOException {
        shop.assemble("a.o", "", MACRO_6_12 + BODIES + """
                export open_door,GPL,DOORS
                export jiffies
                export counter
                """);
        shop.assemble("b.o", "", MACRO_6_12 + """
                .data
                .weak knob
                .type knob, @object
                knob: .quad 1
                export knob
                export close_door
                """);
        modinfo("c.o", "knob.file=drivers/knob");
        sameAsMerged("6.12", List.of("-M"), "a.o", "b.o", "c.o");
        assertTrue(Files.readString(shop.path(".vmlinux.export.c")).contains("KSYMTAB_FUNC(close_door, \"\", \"\");"));
        assertTrue(Files.readString(shop.path(".vmlinux.export.c")).contains("KSYMTAB_DATA(jiffies, \"\", \"\");"));
    }

    @Test
    void mistakesInExportsAreStillSeen() throws IOException {
        shop.assemble("a.o", "", MACRO_6_12 + """
                .text
                hidden: nop
                export hidden
                .globl other
                other: nop
                export other,BSD
                """);
        shop.assemble("b.o", "", MACRO_6_12 + "export other\n");
        sameAsMerged("6.12", List.of("-M"), "a.o", "b.o");
        assertTrue(modpost("6.12", "-M").getFirst().contains("local symbol 'hidden' was exported"));
        shop.assemble("c.o", "", MACRO_6_1 + BODIES + "export counter\nexport counter2\n.globl counter2\ncounter2=counter\n");
        shop.assemble("d.o", "", MACRO_6_1 + "export counter\n");
        modinfo("e.o", "x=y");
        sameAsMerged("6.1", List.of(), "c.o", "d.o", "e.o");
        assertTrue(modpost("6.1").getFirst().contains("'counter' exported twice"));
    }

    @Test
    void commonSymbolsAreComplainedOf() throws IOException {
        shop.assemble("a.o", "", ".comm shared, 8, 8\n");
        modinfo("b.o", "x=y");
        sameAsMerged("6.1", List.of(), "a.o", "b.o");
        assertTrue(modpost("6.1").getFirst().contains("\"shared\" [vmlinux] is COMMON symbol"));
    }

    /// Without modules, `lib.a` is searched for what is undefined; what nobody wants does not count.
    @Test
    void ofLibrariesOnlyWhatIsWanted() throws IOException {
        shop.assemble("a.o", "", ".globl main\nmain: call wanted\n.section .modinfo, \"a\"\n.asciz \"a=1\"\n");
        shop.assemble("w.o", "", ".globl wanted\nwanted: nop\n.section .modinfo, \"a\"\n.asciz \"w=1\"\n");
        shop.assemble("u.o", "", ".globl unwanted\nunwanted: nop\n.section .modinfo, \"a\"\n.asciz \"u=1\"\n");
        shop.archive(false, List.of("lib.a", "u.o", "w.o"));
        sameAsMerged("6.1", List.of(), "a.o", "lib.a");
        assertEquals("a=1\0w=1\0", new String(modinfo(), java.nio.charset.StandardCharsets.US_ASCII));
    }

    /// A whole `vmlinux.o` has relocations from `.text` to `.init.text`; there is nothing of the kind in the stand-in, as klink looks
    /// for section mismatches itself.
    @Test
    void itHasNoCode() throws IOException {
        shop.assemble("a.o", "", BODIES + ".text\ncall setup\n.section .init.text, \"ax\"\n.globl setup\nsetup: nop\n");
        modinfo("b.o", "x=y");
        standIn("a.o", "b.o");
        assertEquals("status 0", modpost("6.1", "-E").getFirst());
        assertTrue(shop.run("readelf", "-p", ".comment", "vmlinux.o").contains("stand-in for vmlinux.o"));
        assertTrue(Files.size(shop.path("vmlinux.o")) < 2000);
        assertEquals("", shop.run("nm", "vmlinux.o").strip().replace("no symbols", "").replace("nm: vmlinux.o:", "").strip());
    }

    /// readelf finds the same in that of big-endian objects as in that of little-endian ones.
    @Test
    void ofBigEndianObjects() throws IOException {
        assumeTrue(Workshop.has(Workshop.tool("arm", "as")), "no GNU binutils for arm");
        String source = MACRO_6_12.replace(".balign 8", ".balign 4").replace(".quad", ".word") + """
                .text
                .globl open_door
                .type open_door, %function
                open_door: bx lr
                .comm shared, 16, 8
                export open_door, "GPL", "house"
                """;
        var said = new ArrayList<String>();
        for (String machine : List.of("arm", "armeb")) {
            shop.assemble(machine, "a.o", "", source);
            standIn("a.o");
            said.add(shop.run("readelf", "-SsrW", "vmlinux.o"));
            assertEquals(machine.equals("armeb"), shop.run("readelf", "-h", "vmlinux.o").contains("big endian"));
        }
        assertTrue(said.getFirst().contains("__export_symbol_open_door") && said.getFirst().contains("shared"), said.getFirst());
        assertEquals(said.getFirst(), said.getLast());
    }
}
