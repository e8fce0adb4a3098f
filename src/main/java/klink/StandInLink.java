package klink;

import java.io.IOException;
import java.util.List;
import klink.input.Inputs;
import klink.kbuild.StandIn;
import klink.kernel.Config;
import klink.report.Report;
import klink.resolve.Resolution;
import klink.resolve.Symbols;
import klink.symvers.MergeOrder;

/// The first passes of a link alone, for `vmlinux.o` where only modpost reads it: which files there are, which
/// definitions prevail, and from that a [StandIn]. A defconfig kernel takes a quarter of a second.
public final class StandInLink {
    private StandInLink() {}

    /// The bytes of the stand-in.
    /// @param config of the kernel
    /// @throws klink.report.LinkFailed after errors, which the report has shown
    public static byte[] make(LinkOptions opt, Config config, Report report) throws IOException {
        Inputs inputs = report.pass("read", () -> Inputs.read(opt.inputs, opt.threads, report));
        report.stopOnErrors();
        int machine = Target.machine(inputs, opt, report);
        report.stopOnErrors();
        Symbols symbols = report.pass("resolve", () -> Resolution.resolve(inputs, null, List.of(), List.of(), List.of(), List.of(), List.of(), false,
                opt.allowMultipleDefinition, opt.threads, report));
        report.stopOnErrors();
        return report.pass("stand-in", () -> StandIn.of(symbols, machine, MergeOrder.of(config)));
    }
}
