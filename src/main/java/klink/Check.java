package klink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import klink.check.Checks;
import klink.check.Violation;
import klink.elf.Elf;
import klink.findings.Findings;
import klink.findings.TextReport;
import klink.input.InputSpec;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.kernel.Kernel;
import klink.report.Finding;
import klink.report.Report;
import klink.resolve.Resolution;
import klink.resolve.Symbols;
import klink.symvers.ExportChecks;
import klink.symvers.Exports;
import klink.symvers.MergeOrder;

/// The checks of a link without the link: reads objects, resolves their symbols, looks at their references.
/// Nothing is written, and what is undefined stays undefined.
public final class Check {
    private Check() {}

    /// What was checked and what was found.
    ///
    /// @param objects    files that would be linked
    /// @param references relocations in them
    public record Result(List<Violation> violations, int objects, long references) {}

    /// @param inputs as a link of vmlinux gets them, without what the link stage makes itself
    /// @throws klink.report.LinkFailed after errors, which the report has shown
    public static Result run(List<InputSpec> inputs, Kernel kernel, Checks.Options options, int threads, Report report) throws IOException {
        Inputs read = report.pass("read", () -> Inputs.read(inputs, threads, report));
        report.stopOnErrors();
        Symbols symbols = report.pass("resolve", () -> Resolution.resolve(read, null, List.of(), List.of(), List.of(), List.of(), List.of(), false, true, threads, report));
        report.stopOnErrors();
        var found = new ArrayList<>(report.pass("check", () -> Checks.run(symbols, kernel.sections(), options, threads)));
        found.addAll(report.pass("exports", () -> exports(symbols, kernel, threads)));
        return new Result(found, symbols.fileCount(), references(symbols));
    }

    private static List<Violation> exports(Symbols symbols, Kernel kernel, int threads) {
        var files = new ArrayList<ObjectFile>();
        for (int f = 0; f < symbols.fileCount(); f++) {
            files.add(symbols.file(f));
        }
        Exports exports = Exports.read(files, kernel, MergeOrder.FILES, threads);
        var found = new ArrayList<>(exports.violations());
        found.addAll(ExportChecks.freed(exports, symbols));
        return found;
    }

    /// Shows the violations that a link found, and fails it if it must.
    static void report(List<Violation> found, KernelJob kernel, Report report) {
        if (found.isEmpty()) {
            return;
        }
        boolean mismatch = false;
        int order = 0;
        for (TextReport.Block b : TextReport.blocks(Findings.of(found, null, null), false)) {
            for (int i = 0; i < b.said().size(); i++) {
                Violation v = b.said().get(i);
                mismatch |= v.isMismatch();
                // A warning of the checks is none of the linker, which --fatal-warnings would turn into an error.
                boolean error = v.severity() == Finding.Severity.ERROR;
                var finding = Finding.of(error ? v.severity() : Finding.Severity.NOTE, v.prefix(), v.message()).ordered(order++);
                for (String line : i + 1 < b.said().size() ? List.<String>of() : b.lines()) {
                    finding = finding.at(line);
                }
                report.add(finding);
            }
        }
        if (mismatch && kernel.mismatchesFail()) {
            report.add(Finding.of(Finding.Severity.ERROR, "ERROR: modpost: ", Checks.REFUSAL));
        }
    }

    private static long references(Symbols symbols) {
        long n = 0;
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            for (int s = 1; s < file.sectionCount(); s++) {
                n += switch (file.type(s)) {
                    case Elf.SHT_RELA -> file.size(s) / (file.is64() ? 24 : 12);
                    case Elf.SHT_REL -> file.size(s) / (file.is64() ? 16 : 8);
                    default -> 0;
                };
            }
        }
        return n;
    }
}
