package klink.symvers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import klink.check.Violation;
import klink.input.InputSpec;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.kernel.ExportForm;
import klink.kernel.Kernel;
import klink.link.Workshop;
import klink.oracle.KernelSource;
import klink.oracle.Modpost;
import klink.report.Report;
import klink.resolve.Resolution;
import klink.resolve.Symbols;

/// Objects that export, assembled as this kernel version's macros would have it; what modpost writes of them; and what
/// klink does.
final class ExportBench {
    final Kernel kernel;
    final Workshop shop;
    final List<String> objects = new ArrayList<>();
    private final Modpost modpost;

    ExportBench(String version, Path directory) {
        var found = Modpost.of(version, 64);
        assumeTrue(found.isPresent(), () -> KernelSource.missing(version));
        modpost = found.get();
        kernel = Kernel.of(version).orElseThrow();
        shop = new Workshop(directory);
    }

    /// One export, in assembly.
    static String export(Kernel kernel, String name, boolean gpl, String namespace) {
        return kernel.exports() == ExportForm.ENTRIES
            ? """
                    .section ___ksymtab%s+%s, "a"
                    .balign 4
            __ksymtab_%2$s: .long %2$s - ., __kstrtab_%2$s - ., __kstrtabns_%2$s - .
                    .section __ksymtab_strings, "aMS", %%progbits, 1
            __kstrtab_%2$s: .asciz "%2$s"
            __kstrtabns_%2$s: .asciz "%3$s"
                    .text
            """.formatted(gpl ? "_gpl" : "", name, namespace)
            : """
                    .section .export_symbol, "a"
            __export_symbol_%s:
                    .asciz "%s"
                    .asciz "%s"
                    .balign 8
                    .quad %1$s
                    .text
            """.formatted(name, gpl ? "GPL" : "", namespace);
    }

    String export(String name, boolean gpl, String namespace) {
        return export(kernel, name, gpl, namespace);
    }

    static String function(String name) {
        return "        .globl " + name + "\n        .type " + name + ", @function\n" + name + ":      ret\n";
    }

    static String variable(String name) {
        return "        .data\n        .globl " + name + "\n        .type " + name + ", @object\n" + name + ":      .quad 0\n        .text\n";
    }

    void assemble(String object, String text) {
        shop.assemble(object, "", text);
        objects.add(object);
    }

    /// What modpost says; it leaves `vmlinux.symvers` and `.vmlinux.export.c`.
    Modpost.Verdict modpost(String... options) {
        var ld = new ArrayList<>(List.of("ld", "-r", "-o", "vmlinux.o"));
        ld.addAll(objects);
        shop.run(ld.toArray(String[]::new));
        shop.write(".vmlinux.objs", String.join("\n", objects) + "\n");
        var all = new ArrayList<String>(List.of(options));
        if (kernel.exports() == ExportForm.RECORDS) {
            all.addFirst("-M");
        }
        return modpost.check(shop.directory(), all);
    }

    byte[] read(String name) {
        try {
            return Files.readAllBytes(shop.path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String name) {
        return new String(read(name), StandardCharsets.UTF_8);
    }

    /// What klink makes of the same objects.
    Result klink(boolean versions, int threads) {
        return klink(objects, versions, threads);
    }

    Result klink(List<String> names, boolean versions, int threads) {
        var report = new Report(System.err, 0);
        var inputs = Inputs.read(names.stream().map(o -> new InputSpec(shop.path(o).toString(), true, 0)).toList(), threads, report);
        var files = new ArrayList<ObjectFile>();
        for (Inputs.Item item : inputs.items()) {
            files.add(((Inputs.Definite) item).file());
        }
        Symbols symbols = Resolution.resolve(inputs, null, List.of(), List.of(), List.of(), List.of(), List.of(), false, true, threads, report);
        Exports exports = Exports.read(files, kernel, MergeOrder.NOTES_FIRST, threads);
        Crcs crcs = versions ? Crcs.read(exports, files.stream().map(ObjectFile::name).toList(), threads) : null;
        return new Result(exports, crcs, symbols);
    }

    record Result(Exports exports, Crcs crcs, Symbols symbols) {
        String symvers() {
            return symvers(null);
        }

        String symvers(BitSet used) {
            return new String(SymversText.lines(exports, crcs == null ? Crcs.none(exports) : crcs, used), StandardCharsets.UTF_8);
        }

        String source() {
            return source(null);
        }

        String source(BitSet used) {
            return new String(SymversText.source(exports, crcs, symbols, used), StandardCharsets.UTF_8);
        }

        /// All that is wrong, in modpost's words.
        List<String> messages() {
            var all = new ArrayList<Violation>(exports.violations());
            all.addAll(ExportChecks.freed(exports, symbols));
            if (crcs != null) {
                all.addAll(crcs.violations());
            }
            return all.stream().map(v -> v.prefix() + v.message()).toList();
        }
    }
}
