package klink.kbuild;

import java.util.List;
import klink.kernel.Config;

/// When the kernel build needs a whole `vmlinux.o`, with all code merged in it: some configurations make a tool of the
/// kernel work on that file, and the image is then linked from what the tool made of it, or a list is made of its map.
public final class MergedObject {
    /// An option, and what it makes of `vmlinux.o` (scripts/Makefile.vmlinux_o, Makefile.lib `delay-objtool`).
    private record Reader(String option, String why) {}

    private static final List<Reader> READERS = List.of(
            new Reader("CONFIG_X86_KERNEL_IBT", "objtool seals indirect branch targets there"),
            new Reader("CONFIG_NOINSTR_VALIDATION", "objtool validates noinstr code there"),
            new Reader("CONFIG_BUILTIN_MODULE_RANGES", "modules.builtin.ranges is made from its map"));

    private MergedObject() {}

    /// Which option wants the whole file and why; null if none does.
    public static String reader(Config config) {
        for (Reader r : READERS) {
            if (config.has(r.option)) {
                return r.why + " (" + r.option + ")";
            }
        }
        return null;
    }
}
