package klink.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.cli.CommandLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Branches of arm to targets at and beyond the edge of their reach, and into the other mode: decoded by objdump, executed by qemu-arm. Whether a
/// branch needs a veneer is also what GNU ld says.
class ArmFarBranchTest {
    private static final long NEAR = 0x10000000;

    @TempDir
    Path dir;
    private Workshop shop;

    @BeforeEach
    void tools() {
        assumeTrue(Workshop.has("arm-linux-gnueabihf-as"), "needs the package binutils-arm-linux-gnueabihf");
        shop = new Workshop(dir);
    }

    private String object(String name, String text) {
        return shop.assemble("arm", name, "", ".syntax unified\n" + text).toString();
    }

    private CommandLine.Result link(List<String> objects, String... options) {
        var args = new ArrayList<>(List.of("ld", "-m", "armelf_linux_eabi", "-T", shop.path("script.lds").toString(), "-o", shop.path("out").toString()));
        args.addAll(List.of(options));
        args.addAll(objects);
        return CommandLine.run(args);
    }

    private boolean gnuHasVeneer(List<String> objects, String option) {
        var args = new ArrayList<>(List.of("--no-warn-rwx-segments", "-T", "script.lds", option));
        args.addAll(objects);
        var r = shop.link("arm", "ld", args);
        assertEquals(0, r.status(), r.out());
        return shop.run("arm-linux-gnueabihf-nm", "ld.out").contains("__far_");
    }

    /// Architecture; branch; mode it is in; mode of its target; how far it reaches backwards and forwards; what the next one is.
    @ParameterizedTest
    @CsvSource({
        "armv7-a, bl,     arm,   arm,   33554424, 33554436, 4",
        "armv7-a, b,      arm,   arm,   33554424, 33554436, 4",
        "armv7-a, bne,    arm,   arm,   33554424, 33554436, 4",
        "armv7-a, blne,   arm,   arm,   33554424, 33554436, 4",
        "armv7-a, blx,    arm,   arm,   33554424, 33554436, 4",
        "armv7-a, bl,     arm,   thumb, 33554424, 33554438, 2",
        "armv7-a, blx,    arm,   thumb, 33554424, 33554438, 2",
        "armv7-a, bl,     thumb, thumb, 16777212, 16777218, 2",
        "armv7-a, blx,    thumb, thumb, 16777212, 16777218, 2",
        "armv7-a, b.w,    thumb, thumb, 16777212, 16777218, 2",
        "armv7-a, bne.w,  thumb, thumb, 1048572,  1048578,  2",
        "armv7-a, bl,     thumb, arm,   16777212, 16777216, 4",
        "armv7-a, blx,    thumb, arm,   16777212, 16777216, 4",
        "armv6t2, bl,     thumb, thumb, 16777212, 16777218, 2",
        "armv6t2, b.w,    thumb, thumb, 16777212, 16777218, 2",
        "armv6,   bl,     thumb, thumb, 4194300,  4194306,  2",
        "armv6,   b,      arm,   arm,   33554424, 33554436, 4",
        "armv5te, bl,     thumb, thumb, 4194300,  4194306,  2",
        "armv5te, blne,   arm,   arm,   33554424, 33554436, 4",
        "armv4t,  bl,     thumb, thumb, 4194300,  4194306,  2",
        "armv4t,  bl,     arm,   arm,   33554424, 33554436, 4",
        "armv4t,  b,      arm,   arm,   33554424, 33554436, 4",
        "armv4t,  bne,    arm,   arm,   33554424, 33554436, 4",
        "armv7-m, bl,     thumb, thumb, 16777212, 16777218, 2",
        "armv7-m, b.w,    thumb, thumb, 16777212, 16777218, 2",
        "armv7-m, bne.w,  thumb, thumb, 1048572,  1048578,  2",
        "armv6-m, bl,     thumb, thumb, 16777212, 16777218, 2",
    })
    void reachesToItsEdge(String arch, String branch, String mode, String target, long back, long forward, long step) throws Exception {
        for (String option : new String[] {"--no-relax", "--pic-veneer"}) {
            at(arch, branch, mode, target, forward, false, option);
            at(arch, branch, mode, target, forward + step, true, option);
            at(arch, branch, mode, target, -back, false, option);
            at(arch, branch, mode, target, -back - step, true, option);
        }
    }

    /// Before v7 calls become `blx` only if the ARM1176, whose erratum 720247 concerns it, is none of the processors.
    @ParameterizedTest
    @CsvSource({
        "armv6,   bl,     thumb, arm,   4194300,  4194304,  4",
        "armv6,   blx,    thumb, arm,   4194300,  4194304,  4",
        "armv6,   bl,     arm,   thumb, 33554424, 33554438, 2",
        "armv6k,  bl,     arm,   thumb, 33554424, 33554438, 2",
        "armv5te, bl,     thumb, arm,   4194300,  4194304,  4",
        "armv5te, blx,    thumb, arm,   4194300,  4194304,  4",
        "armv5te, bl,     arm,   thumb, 33554424, 33554438, 2",
        "armv5te, blx,    arm,   thumb, 33554424, 33554438, 2",
    })
    void olderProcessorsCallToTheirEdge(String arch, String branch, String mode, String target, long back, long forward, long step) throws Exception {
        at(arch, branch, mode, target, forward, false, "--no-fix-arm1176");
        at(arch, branch, mode, target, forward + step, true, "--no-fix-arm1176");
        at(arch, branch, mode, target, -back, false, "--no-fix-arm1176");
        at(arch, branch, mode, target, -back - step, true, "--no-fix-arm1176");
    }

    @Test
    void aBranchOutOfAMergedSectionSaysThatItWasMerged() {
        shop.write("script.lds", "ENTRY(_start) SECTIONS { . = 0x10000000; .text : { *(.text) } }");
        String merged = object("merged.o", ".text\n.globl _start\n_start: bl far\n.zero 0x2000010\n");
        String far = object("far.o", ".text\n.globl far\n.type far, %function\nfar: bx lr\n");
        CommandLine.Result r = link(List.of(merged, far));
        assertEquals(1, r.status());
        assertTrue(r.err().contains("relocation out of range: R_ARM_CALL against far"), r.err());
        assertTrue(r.err().contains("merged.o:(.text+0x0)"), r.err());
        assertTrue(r.err().contains(".text of ") && r.err().contains(" has 32 MiB: `ld -r` merged it"), r.err());
        assertTrue(r.err().contains("the branch reaches 32 MiB, its target is 32 MiB away"), r.err());
        assertTrue(r.err().contains("klink ld -r --unique"), r.err());
    }

    /// What has no form that switches needs a veneer however near its target is.
    @ParameterizedTest
    @CsvSource({
        "armv7-a, b,     arm,   thumb",
        "armv7-a, bne,   arm,   thumb",
        "armv7-a, blne,  arm,   thumb",
        "armv7-a, b.w,   thumb, arm",
        "armv7-a, bne.w, thumb, arm",
        "armv6,   b,     arm,   thumb",
        "armv5te, bne,   arm,   thumb",
        "armv5te, blne,  arm,   thumb",
        "armv6k,  bl,    arm,   thumb",
        "armv6,   bl,    thumb, arm",
        "armv5te, bl,    thumb, arm",
        "armv5te, blx,   arm,   thumb",
        "armv4t,  bl,    arm,   thumb",
        "armv4t,  b,     arm,   thumb",
        "armv4t,  bl,    thumb, arm",
    })
    void whatCannotSwitchModeNeedsAVeneer(String arch, String branch, String mode, String target) throws Exception {
        for (String option : new String[] {"--no-relax", "--pic-veneer"}) {
            for (long distance : new long[] {0x1000, 4194304, 4194308, 16777220, 33554440}) {
                at(arch, branch, mode, target, distance, true, option);
                at(arch, branch, mode, target, -distance, true, option);
            }
        }
    }

    private void at(String arch, String branch, String mode, String targetMode, long distance, boolean veneer, String option) throws Exception {
        String site = """
                .arch %s
                .section .near,"ax"
                .globl _start
                .type _start, %%function
                .%s
                _start: %s far
                        nop
                """.formatted(arch, mode, branch);
        String far = """
                .arch %s
                .section .far,"ax"
                .globl far
                .type far, %%function
                .%s
                far:    bx lr
                """.formatted(arch, targetMode);
        String first = distance < 0 ? ".far" : ".near";
        String second = distance < 0 ? ".near" : ".far";
        shop.write("script.lds", "ENTRY(_start) SECTIONS { . = 0x%x; %s . : { *(%s) } . = 0x%x; %s . : { *(%s) } /DISCARD/ : { *(.text .data .bss) } }"
                .formatted(NEAR + Math.min(0, distance), first, first, NEAR + Math.max(0, distance), second, second));
        List<String> objects = List.of(object("near.o", site), object("far.o", far));
        CommandLine.Result r = link(objects, option);
        assertEquals(0, r.status(), r.err());
        String what = arch + " " + branch + " over " + distance + " " + option;
        assertEquals(veneer, r.err().contains("1 veneer "), what + ": " + r.err());
        // GNU ld counts the bit that tells Thumb code, too, and so takes the last place in reach of a branch for one beyond.
        boolean last = !veneer && distance > 0 && distance % 4 == 2 && mode.equals("thumb") && branch.startsWith("b") && !branch.startsWith("bne");
        assertEquals(veneer || last, gnuHasVeneer(objects, option), "GNU ld: " + what);
        if (!last) {
            assertEquals(decoded("ld.out"), decoded("out"), what);
        }
        String insn = decoded("out").lines().filter(l -> l.startsWith("%8x:".formatted(NEAR))).findFirst().orElseThrow();
        assertTrue(insn.contains((veneer ? "<__far_" : "%x".formatted(NEAR + distance))), insn);
    }

    /// The branch and its veneer.
    private String decoded(String image) {
        String all = shop.run("arm-linux-gnueabihf-objdump", "-d", "-j", ".near", image);
        return all.substring(all.indexOf("Disassembly"));
    }

    /// Sections of Thumb code begin at any halfword.
    @Test
    void aVeneerOfArmCodeIsAlignedWhereverItsSectionIs() {
        shop.write("script.lds", "ENTRY(_start) SECTIONS { . = 0x10000; .near : { *(.near) } . = 0x9000000; .far : { *(.far) } /DISCARD/ : { *(.text .data .bss) } }");
        String head = ".arch armv7-a\n.thumb\n.section ";
        List<String> objects = List.of(object("first.o", head + ".near,\"ax\"\nnop\n"),
                object("near.o", head + ".near,\"ax\"\n.globl _start\n.type _start, %function\n_start: bl far\n"),
                object("far.o", head + ".far,\"ax\"\n.globl far\n.type far, %function\nfar: bx lr\n"));
        assertEquals(0, link(objects).status());
        var gnu = new ArrayList<>(List.of("--no-warn-rwx-segments", "-T", "script.lds"));
        gnu.addAll(objects);
        assertEquals(0, shop.link("arm", "ld", gnu).status());
        assertEquals(decoded("ld.out"), decoded("out"));
        assertTrue(decoded("out").contains("00010008 <__far_veneer>"), decoded("out"));
    }

    /// GNU ld refuses them too.
    @ParameterizedTest
    @CsvSource({"bne.n far, R_ARM_THM_JUMP8", "b.n far, R_ARM_THM_JUMP11", "'.hword 0xb100; .reloc .-2, R_ARM_THM_JUMP6, far', R_ARM_THM_JUMP6"})
    void aNarrowBranchHasNoVeneerAndSaysSo(String branch, String type) {
        shop.write("script.lds", "ENTRY(_start) SECTIONS { . = 0x10000; .text : { *(.text) } . = 0x20000; .far : { *(.far) } }");
        String near = object("near.o", ".arch armv7-a\n.text\n.globl _start\n.thumb_func\n_start: " + branch + "\n");
        String far = object("far.o", ".arch armv7-a\n.section .far,\"ax\"\n.globl far\n.thumb_func\nfar: bx lr\n");
        CommandLine.Result r = link(List.of(near, far));
        assertEquals(1, r.status());
        assertTrue(r.err().contains("relocation out of range: " + type + " against far") && r.err().contains("near.o:(.text+0x0)"), r.err());
        assertTrue(Files.notExists(shop.path("out")));
        var gnu = shop.link("arm", "ld", List.of("-T", "script.lds", near, far));
        assertTrue(gnu.status() != 0 && gnu.out().contains(type), gnu.out());
    }

    /// Each stage adds to r4 and goes on far away: both modes, calls that return and call back, jumps and conditional ones, forwards and backwards.
    private static final String NEAR_CODE = """
            .text
            .globl _start, near_arm, near_thumb, hop2, hop4, hop6, hop8, last
            .type _start, %function
            .arm
            _start: mov r4, #0
                    bl far_arm
                    bl far_thumb
                    CALL_OTHER far_thumb
                    cmp r4, r4
                    bleq far_arm
                    b hop1
                    .type near_arm, %function
            near_arm: add r4, r4, #1
                    bx lr
                    .type hop2, %function
            hop2:   add r4, r4, #8
                    cmp r4, r4
                    beq hop3
                    .type near_thumb, %function
                    .thumb
            near_thumb: adds r4, #2
                    bx lr
                    .type hop4, %function
            hop4:   adds r4, #32
                    bl far_arm
                    bl far_thumb
                    CALL_OTHER far_arm
                    cmp r4, r4
                    WIDE_BEQ hop5
                    b .
                    .type hop6, %function
            hop6:   adds r4, #2
                    WIDE_B hop7
                    .type last, %function
                    .arm
            last:   mov r0, r4
                    mov r7, #1
                    svc 0
            """;
    private static final String FAR_CODE = """
            .text
            .globl far_arm, far_thumb, hop1, hop3, hop5, hop7
            .type far_arm, %function
            .arm
            far_arm: mov r8, lr
                    add r4, r4, #1
                    bl near_arm
                    bl near_thumb
                    bx r8
                    .type far_thumb, %function
                    .thumb
            far_thumb: mov r8, lr
                    adds r4, #2
                    bl near_thumb
                    bl near_arm
                    bx r8
                    .type hop1, %function
            hop1:   adds r4, #4
                    WIDE_B hop2
                    .type hop3, %function
                    .arm
            hop3:   add r4, r4, #16
                    cmp r4, r4
                    beq hop4
                    .type hop5, %function
                    .thumb
            hop5:   adds r4, #1
                    WIDE_B hop6
                    .type hop7, %function
                    .arm
            hop7:   add r4, r4, #1
                    b last
            """;
    private static final int SUM = 4 * (1 + 3) + 3 * (2 + 3) + 4 + 8 + 16 + 32 + 1 + 2 + 1;

    @ParameterizedTest
    @ValueSource(strings = {"--no-relax", "--pic-veneer"})
    void aProgramOf320MebibytesRuns(String option) throws Exception {
        runs("armv7-a", "b.w", "beq.w", "blx", option);
    }

    /// Without Thumb-2 there is no long jump but `bl`, of 4 MiB; without `blx` none switches modes.
    @ParameterizedTest
    @CsvSource({"armv6t2, b.w, beq.w, blx, --no-relax", "armv6, bl, bl, blx, --no-fix-arm1176", "armv6, bl, bl, bl, --pic-veneer", "armv5te, bl, bl, blx, --no-fix-arm1176",
        "armv5te, bl, bl, bl, --no-relax", "armv4t, bl, bl, bl, --no-relax", "armv4t, bl, bl, bl, --pic-veneer"})
    void olderProcessors(String arch, String wide, String conditional, String other, String option) throws Exception {
        runs(arch, wide, conditional, other, option);
    }

    private static String with(String code, String arch, String wide, String conditional, String other) {
        return ".arch " + arch + "\n" + code.replace("WIDE_BEQ", conditional).replace("WIDE_B", wide).replace("CALL_OTHER", other);
    }

    private void runs(String arch, String wide, String conditional, String other, String option) throws Exception {
        assumeTrue(Workshop.has("qemu-arm"), "needs the package qemu-user");
        shop.write("script.lds", "ENTRY(_start) SECTIONS { . = 0x10000; .text : { *(.text) } .data : { *(.data) } }");
        String near = object("near.o", with(NEAR_CODE, arch, wide, conditional, other));
        String pad = object("pad.o", ".arch " + arch + "\n.text\n.zero 0xa000000\n");
        String far = object("far.o", with(FAR_CODE, arch, wide, conditional, other));
        List<String> objects = List.of(near, pad, pad, far);
        CommandLine.Result r = link(objects, option);
        assertEquals(0, r.status(), r.err());
        assertEquals(SUM, new ProcessBuilder("qemu-arm", "./out").directory(dir.toFile()).start().waitFor());
        assertTrue(r.err().contains(veneers("out").size() + " veneers for branches out of reach"), r.err());
        shop.run("arm-linux-gnueabihf-ld", "--no-warn-rwx-segments", "-T", "script.lds", "-o", "gnu", option, near, pad, pad, far);
        assertEquals(veneers("gnu"), veneers("out"));
        byte[] two = Files.readAllBytes(shop.path("out"));
        assertEquals(0, link(objects, option, "--threads=1").status());
        assertArrayEquals(two, Files.readAllBytes(shop.path("out")), "the same bytes for one thread");
    }

    /// Size and name of each.
    private List<String> veneers(String image) {
        return shop.run("arm-linux-gnueabihf-nm", "-S", image).lines().filter(l -> l.contains(" t __")).map(l -> l.substring(9)).sorted().toList();
    }
}
