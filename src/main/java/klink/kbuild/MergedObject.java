package klink.kbuild;

import java.util.List;
import klink.kernel.Config;

/// When the kernel build needs a whole `vmlinux.o`, with all code merged in it: some configurations make objtool work on that
/// file, and the image is then linked from what it made.
///
/// Input sections of one name are merged, as `ld -r` does: objtool looks sections up by name and takes the first, and 6.1's
/// modpost takes the nearest symbol in all sections of a name, so that sections kept apart would mislead both.
public final class MergedObject {
    /// An option, and what it makes of `vmlinux.o` (scripts/Makefile.vmlinux_o, Makefile.lib `delay-objtool`).
    private record Reader(String option, String why) {}

    private static final List<Reader> READERS = List.of(
            new Reader("CONFIG_X86_KERNEL_IBT", "objtool seals indirect branch targets there"),
            new Reader("CONFIG_NOINSTR_VALIDATION", "objtool validates noinstr code there"));

    /// In the place of the map of `vmlinux.o`, where that is a stand-in: 6.12's scripts/generate_builtin_ranges.awk wants the file,
    /// but reads no line of it if `vmlinux.map` names the objects themselves.
    public static final String NO_MAP = "vmlinux.o is a stand-in, made by klink; vmlinux.map has all objects\n";

    private MergedObject() {}

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
