package klink.symvers;

import static klink.symvers.ExportBench.function;
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
import java.util.BitSet;
import java.util.List;
import klink.kernel.ExportForm;
import klink.report.LinkFailed;
import klink.report.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What modules use and export, as modpost sees it in one run over kernel and modules.
class ModulesTest {
    @TempDir
    Path dir;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private Modules modules(ExportBench bench) throws Exception {
        return Modules.read(dir, bench.kernel, 2, new Report(new PrintStream(said, true, StandardCharsets.UTF_8), 0));
    }

    private static final String LICENSE = "        .section .modinfo, \"a\"\n        .asciz \"license=GPL\"\n        .text\n";

    private ExportBench bench(String version) throws Exception {
        var bench = new ExportBench(version, dir);
        Files.createDirectory(dir.resolve("fs"));
        bench.assemble("a.o", function("used") + bench.export("used", false, "") + function("unused") + bench.export("unused", true, "")
            + function("module_layout") + bench.export("module_layout", false, "") + function("kept") + bench.export("kept", false, "NS")
            + function("weakly") + bench.export("weakly", false, ""));
        bench.shop.write(".a.o.cmd", "cmd\n#SYMVER used 0x1\n#SYMVER unused 0x2\n#SYMVER module_layout 0x3\n#SYMVER kept 0x4\n#SYMVER weakly 0x5\n");
        module(bench, "fs/one", LICENSE + "call used\n" + function("one_a") + bench.export("one_a", true, "") + function("one_b") + bench.export("one_b", false, "")
            + "call one_b\n.weak weakly\n.quad weakly\n");
        module(bench, "two", LICENSE + "call one_a\ncall used\n.quad __this_module\n" + function("two") + bench.export("two", false, ""));
        bench.shop.write("modules.order", bench.kernel.exports() == ExportForm.RECORDS ? "fs/one.o\ntwo.o\n" : "fs/one.ko\ntwo.ko\n");
        bench.shop.write("modules.objects", "fs/one.o\ntwo.o\n");
        return bench;
    }

    private void module(ExportBench bench, String name, String text) {
        bench.shop.assemble(name + ".o", "", text);
        bench.shop.write(name + ".mod", name + ".o\n");
        int slash = name.lastIndexOf('/');
        var crcs = new StringBuilder("cmd\n");
        for (String exported : List.of("one_a", "one_b", "two")) {
            crcs.append("#SYMVER ").append(exported).append(" 0x").append(Integer.toHexString(exported.hashCode())).append('\n');
        }
        bench.shop.write(name.substring(0, slash + 1) + "." + name.substring(slash + 1) + ".o.cmd", crcs.toString());
    }

    private static String moduleSymvers(ExportBench bench, Modules modules, boolean versions, List<BitSet> used) throws Exception {
        var klink = bench.klink(versions, 2);
        String all = klink.symvers(used == null ? null : used.getFirst());
        for (int m = 0; m < modules.count(); m++) {
            Exports exports = modules.exports(m);
            all += new String(SymversText.lines(exports, versions ? modules.crcs(m) : Crcs.none(exports), used == null ? null : used.get(m + 1)), StandardCharsets.UTF_8);
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({"6.1,false", "6.1,true", "6.12,false", "6.12,true"})
    void moduleSymvers(String version, boolean versions) throws Exception {
        ExportBench bench = bench(version);
        var options = new ArrayList<>(List.of("-T", "modules.objects"));
        if (versions) {
            options.add("-m");
        }
        assertEquals(List.of(), bench.modpost(options.toArray(String[]::new)).messages());
        assertEquals(bench.text("vmlinux.symvers"), moduleSymvers(bench, modules(bench), versions, null));
        assertTrue(bench.text("vmlinux.symvers").contains("\tone_a\tfs/one\tEXPORT_SYMBOL_GPL\t"));
    }

    @ParameterizedTest
    @CsvSource({"false,false", "true,false", "false,true", "true,true"})
    void unusedExportsAreLeftOut(boolean versions, boolean keeps) throws Exception {
        ExportBench bench = bench("6.12");
        var options = new ArrayList<>(List.of("-T", "modules.objects", "-t"));
        if (versions) {
            options.add("-m");
        }
        byte[] kept = keeps ? "kept\nnobody\n.unused".getBytes(StandardCharsets.US_ASCII) : null;
        if (keeps) {
            Files.write(dir.resolve("whitelist"), kept);
            options.addAll(List.of("-u", "whitelist"));
        }
        assertEquals(List.of(), bench.modpost(options.toArray(String[]::new)).messages());
        Modules modules = modules(bench);
        var klink = bench.klink(versions, 2);
        List<BitSet> used = modules.used(klink.exports(), versions, kept);
        assertEquals(bench.text("vmlinux.symvers"), moduleSymvers(bench, modules, versions, used));
        assertEquals(bench.text(".vmlinux.export.c"), klink.source(used.getFirst()));
        assertEquals(keeps, klink.symvers(used.getFirst()).contains("\tunused\t"));
        assertEquals(versions, klink.symvers(used.getFirst()).contains("\tmodule_layout\t"));
        assertFalse(bench.text("vmlinux.symvers").contains("\ttwo\t"));
    }

    @Test
    void aModuleThatIsNotThere() throws Exception {
        ExportBench bench = bench("6.1");
        Files.delete(dir.resolve("two.o"));
        assertThrows(LinkFailed.class, () -> modules(bench));
        assertTrue(said.toString(StandardCharsets.UTF_8).contains("cannot find " + dir.resolve("two.o")), said.toString(StandardCharsets.UTF_8));
    }
}
