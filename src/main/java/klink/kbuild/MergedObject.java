package klink.kbuild;

import java.util.List;
import klink.kernel.Config;
import klink.kernel.Kernel;
import klink.script.Glob;

/// When the kernel build needs a whole `vmlinux.o`, with all code merged in it: some configurations make objtool work on that
/// file, and the image is then linked from what it made.
///
/// Sections of code are kept apart, so that the file stays linkable however large it is: a linker can place veneers between sections,
/// never inside one. The rest is merged by name, as `ld -r` does, because objtool looks sections up by name and takes the first.
public final class MergedObject {
    /// An option, and what it makes of `vmlinux.o` (scripts/Makefile.vmlinux_o, Makefile.lib `delay-objtool`).
    private record Reader(String option, String why) {}

    private static final List<Reader> READERS = List.of(
            new Reader("CONFIG_X86_KERNEL_IBT", "objtool seals indirect branch targets there"),
            new Reader("CONFIG_NOINSTR_VALIDATION", "objtool validates noinstr code there"));

    /// In the place of the map of `vmlinux.o`, where that is a stand-in: 6.12's scripts/generate_builtin_ranges.awk wants the file,
    /// but reads no line of it if `vmlinux.map` names the objects themselves.
    public static final String NO_MAP = "vmlinux.o is a stand-in, made by klink; vmlinux.map has all objects\n";

    /// Nearly all code. Not that of a few sections that objtool validates as a whole (`validate_noinstr_sections`).
    private static final List<Glob> CODE = List.of(new Glob(".text"), new Glob(".text.*"), new Glob(".init.text"), new Glob(".exit.text"),
            new Glob(".ref.text"), new Glob(".sched.text"));

    private MergedObject() {}

    /// The sections that are kept apart. None where a tool of the kernel takes sections of one name for one: modpost (6.1), which would
    /// name symbols of the wrong ones, and scripts/generate_builtin_ranges.awk, which adds up their sizes in the map.
    public static List<Glob> apart(Kernel kernel, Config config) {
        boolean confuses = kernel.sections().symbols().acrossSections() || config.has("CONFIG_BUILTIN_MODULE_RANGES");
        return confuses ? List.of() : CODE;
    }

    /// Whether `vmlinux.o` is whole: klink has made it, or the linker that compiles what LTO left.
    public static boolean isMade(Config config) {
        return reader(config) != null || config.has("CONFIG_LTO_CLANG");
    }

    /// Which option wants the whole file and why; null if none does. LTO does too, but klink cannot make the file then.
    public static String reader(Config config) {
        for (Reader r : READERS) {
            if (config.has(r.option)) {
                return r.why + " (" + r.option + ")";
            }
        }
        return null;
    }
}
