package klink.kbuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import klink.link.Workshop;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The variables that `klink make` gives to make, by real makes, one below the other as in a kernel build. A kernel is built in
/// ./check.
class KlinkMakeTest {
    /// A directory as nobody should name one.
    private static final String HOME = "it's a $HOME (of klink) #1";

    @TempDir
    Path directory;
    private Path home;

    @BeforeEach
    void install() throws IOException {
        home = Files.createDirectories(directory.resolve(HOME).resolve("kbuild"));
        Files.copy(Path.of("kbuild/make").toAbsolutePath(), home.resolve("make"));
        assertTrue(home.resolve("make").toFile().setExecutable(true));
        program(home.resolveSibling("klink"), "line=klink:; for word; do line=\"$line <$word>\"; done; echo \"$line\"\n[ \"$3\" != fail ]");
        Files.writeString(directory.resolve("Makefile"), """
                all:
                \t@$(MAKE) -f build.mk vmlinux.o vmlinux
                """);
        // As scripts/Makefile.vmlinux_o and Makefile.vmlinux use the recipes.
        Files.writeString(directory.resolve("build.mk"), """
                LD = ld
                KBUILD_LDFLAGS := -m elf_x86_64 -z noexecstack
                LDFLAGS_vmlinux := --emit-relocs $(FLAG)
                build := -f build.mk obj
                depfile = .$@.d
                cmd_objtool = $(if $(CHECKED), ; echo objtool $@)
                cmd_ld_vmlinux.o = false
                cmd_link_vmlinux = false
                vmlinux.o:
                \t@set -e; $(cmd_ld_vmlinux.o)
                vmlinux: link-vmlinux.sh vmlinux.o
                \t+@set -e; $(cmd_link_vmlinux)
                link-vmlinux.sh: ;
                objtree := .
                PAHOLE_FLAGS = -j --btf_gen_floats
                cmd_btf_ko = false
                %.ko:
                \t+@set -e; $(cmd_btf_ko)
                init/version-timestamp.o:
                \t@echo banner $(obj)
                """);
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private Workshop.Result make(Map<String, String> environment, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(home.resolve("make").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().remove("MAKEFLAGS");
        builder.environment().remove("ARCH");
        builder.environment().putAll(environment);
        Process p = builder.start();
        p.getOutputStream().close();
        String out = new String(p.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return new Workshop.Result(p.waitFor(), out);
    }

    private List<String> lines(Workshop.Result r) {
        return r.out().lines().filter(l -> !l.contains("directory")).toList();
    }

    @Test
    void recipesReachEveryMakeWhateverTheDirectoryIsCalled() throws Exception {
        Workshop.Result r = make(Map.of(), "-j2");
        assertEquals(List.of(
                "klink: <kbuild> <vmlinux.o> <-m> <elf_x86_64> <-z> <noexecstack> <-r> <-o> <vmlinux.o> <--whole-archive> <vmlinux.a> <--no-whole-archive> <--start-group> <--end-group>",
                "banner init",
                "klink: <kbuild> <vmlinux> <ld> <-m elf_x86_64 -z noexecstack> <--emit-relocs >"), lines(r));
        assertEquals(0, r.status());
        assertEquals("vmlinux: link-vmlinux.sh\n", Files.readString(directory.resolve(".vmlinux.d")));
    }

    @Test
    void objtoolAndThePostlinkRunAfterwards() throws Exception {
        Files.writeString(directory.resolve("post.mk"), "vmlinux:\n\t@echo postlink $@\n");
        Workshop.Result r = make(Map.of(), "CHECKED=1", "ARCH_POSTLINK=post.mk");
        assertEquals("objtool vmlinux.o", lines(r).get(1));
        assertEquals("postlink vmlinux", lines(r).get(4));
    }

    @Test
    void modulesGetTheirTypesIfThereIsAKernel() throws Exception {
        Map<String, String> byKlink = Map.of("KLINK_MODULE_BTF", "klink");
        Workshop.Result r = make(byKlink, "-f", "build.mk", "drivers/a.ko");
        assertEquals(List.of("Skipping BTF generation for drivers/a.ko due to unavailability of vmlinux"), lines(r));
        Files.createFile(directory.resolve("vmlinux"));
        r = make(byKlink, "-f", "build.mk", "drivers/a.ko", "MODULE_PAHOLE_FLAGS=--btf_features=distilled_base");
        assertEquals(List.of("klink: <btf> <-j> <--btf_gen_floats> <--btf_features=distilled_base> <--base=./vmlinux> <drivers/a.ko>"), lines(r));
        assertEquals(lines(r), lines(make(Map.of(), "-f", "build.mk", "drivers/a.ko", "MODULE_PAHOLE_FLAGS=--btf_features=distilled_base", "KLINK_MODULE_BTF=klink")));
        assertEquals(2, make(Map.of(), "-f", "build.mk", "drivers/a.ko").status(), "the kernel's own recipe, here false");
        assertEquals(2, make(Map.of("KLINK_MODULE_BTF", "none"), "-f", "build.mk", "vmlinux").status());
    }

    @Test
    void aFailingStepFailsMake() throws Exception {
        Workshop.Result r = make(Map.of(), "LD=fail");
        assertEquals(2, r.status());
        assertTrue(Files.notExists(directory.resolve(".vmlinux.d")));
    }

    @Test
    void linkTimeOptimizationIsLeftToTheLinkerThatKnowsIt() throws Exception {
        Workshop.Result r = make(Map.of(), "CONFIG_LTO_CLANG=y", "LD=echo lld", "initcalls-lds=.tmp_initcalls.lds", "-k");
        assertEquals("klink: note: echo lld makes vmlinux.o: only it can compile what LTO left", lines(r).get(0));
        assertEquals("lld -m elf_x86_64 -z noexecstack -r -o vmlinux.o -T .tmp_initcalls.lds --whole-archive vmlinux.a --no-whole-archive --start-group --end-group", lines(r).get(1));
    }

    @Test
    void argumentsAreMakes() throws Exception {
        Workshop.Result r = make(Map.of(), "-C", directory.toString(), "FLAG=a  b", "-s");
        assertTrue(r.out().contains("<--emit-relocs a  b>"), r.out());
        assertEquals(2, make(Map.of(), "no-such-target").status());
    }

    @Test
    void otherMachinesAreRefusedBeforeAnythingIsCompiled() throws Exception {
        Workshop.Result r = make(Map.of(), "ARCH=riscv", "-j2");
        assertEquals(2, r.status());
        assertEquals("klink: error: klink make builds kernels for x86_64, arm64, arm and powerpc so far, not for riscv\n>>> plain make builds it\n", r.out());
        assertEquals(2, make(Map.of("ARCH", "i386")).status());
        assertEquals(0, make(Map.of("ARCH", "i386"), "ARCH=x86_64").status());
    }

    @Test
    void help() throws Exception {
        Workshop.Result r = make(Map.of(), "--help");
        assertEquals(0, r.status());
        assertTrue(r.out().startsWith("usage: klink make"));
    }
}
