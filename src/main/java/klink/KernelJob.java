package klink;

import java.nio.file.Path;
import klink.check.Checks;
import klink.kernel.Config;
import klink.kernel.Kernel;

/// What a kernel's link stage does beside linking.
///
/// @param kernel    the facts of its version
/// @param config    its configuration
/// @param systemMap where System.map goes, or null
/// @param btf       how `.BTF` is made
/// @param pahole    the pahole to run
/// @param paholeFlags as kbuild's PAHOLE_FLAGS
/// @param checks    how references between sections are checked, or null: they are not
/// @param exports   what is done with the kernel's exports, or null: nothing
public record KernelJob(Kernel kernel, Config config, Path systemMap, Btf btf, String pahole, String paholeFlags, Checks.Options checks,
                        ExportPlan exports) {
    /// NONE: not at all; MADE: from the objects' debug information; CONFIGURED: the same, but a kernel whose objects have lost
    /// their debug information is linked without, and told so; PAHOLE: pahole runs on an image of the debug information;
    /// PARALLEL: as PAHOLE, but with the `-j` of kbuild's flags, which numbers types differently in every run.
    public enum Btf { NONE, MADE, CONFIGURED, PAHOLE, PARALLEL }

    /// Whether a section mismatch stops the link, as modpost's `-E` stops the build (scripts/Makefile.modpost).
    public boolean mismatchesFail() {
        return !config.has("CONFIG_SECTION_MISMATCH_WARN_ONLY");
    }

    public boolean hasKallsyms() {
        return config.has("CONFIG_KALLSYMS");
    }
}
