package klink.kbuild;

import java.util.List;
import klink.kernel.Config;

/// What an architecture's Makefile adds to the link of vmlinux (arch/x86/Makefile, arch/arm64/Makefile, arch/arm/Makefile,
/// arch/powerpc/Makefile; 6.1): for trees
/// that have not been linked yet and so have no record of it.
///
/// @param base      KBUILD_LDFLAGS
/// @param vmlinux   LDFLAGS_vmlinux, without what the top Makefile adds for all
/// @param directory below `arch/`, where the linker script is
/// @param libraries archives that are always searched, as far as they exist
record ArchFlags(String base, String vmlinux, String directory, List<String> libraries) {
    static ArchFlags of(Config config) {
        return config.has("CONFIG_ARM64") ? arm64(config) : config.has("CONFIG_ARM") ? arm(config) : config.has("CONFIG_PPC64") ? powerpc(config) : x86(config);
    }

    private static ArchFlags x86(Config config) {
        String relocs = config.has("CONFIG_X86_NEED_RELOCS") ? "--emit-relocs --discard-none " : "";
        return new ArchFlags("-m elf_x86_64 -z noexecstack", relocs + "-z max-page-size=0x200000", "x86", List.of());
    }

    private static ArchFlags arm(Config config) {
        String code = config.has("CONFIG_CPU_ENDIAN_BE8") ? " --be8" : "";
        return new ArchFlags((config.has("CONFIG_CPU_BIG_ENDIAN") ? "-EB" : "-EL") + " -z noexecstack", "--no-undefined -X --pic-veneer -z norelro" + code, "arm", List.of());
    }

    private static ArchFlags powerpc(Config config) {
        return new ArchFlags("-EL -m elf64lppc -z noexecstack", config.has("CONFIG_RELOCATABLE") ? "-pie -z notext" : "-Bstatic", "powerpc", List.of());
    }

    private static ArchFlags arm64(Config config) {
        String moves = config.has("CONFIG_RELOCATABLE") ? " -shared -Bsymbolic -z notext --no-apply-dynamic-relocs" : "";
        String erratum = config.has("CONFIG_ARM64_ERRATUM_843419") ? " --fix-cortex-a53-843419" : "";
        return new ArchFlags("-EL -maarch64elf -z noexecstack", "--no-undefined -X --pic-veneer" + moves + erratum, "arm64",
            List.of("drivers/firmware/efi/libstub/lib.a"));
    }

    /// KBUILD_LDS.
    String script() {
        return "arch/" + directory + "/kernel/vmlinux.lds";
    }

    /// The `lib.a`s that a kernel without modules takes only what it needs from.
    List<String> lazyLibraries() {
        return List.of("lib/lib.a", "arch/" + directory + "/lib/lib.a");
    }
}
