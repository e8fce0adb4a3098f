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

    private boolean gnuHasVeneer(List<String> objects) {
        var args = new ArrayList<>(List.of("--no-warn-rwx-segments", "-T", "script.lds"));
        args.addAll(objects);
        var r = shop.link("arm", "ld", args);
        assertEquals(0, r.status(), r.out());
        return shop.run("arm-linux-gnueabihf-nm", "ld.out").contains("__far_");
    }

    /// Branch; mode it is in; mode of its target; how far it reaches backwards and forwards; what the next one is.
    @ParameterizedTest
    @CsvSource({
        "bl,     arm,   arm,   33554424, 33554436, 4",
        "b,      arm,   arm,   33554424, 33554436, 4",
        "bne,    arm,   arm,   33554424, 33554436, 4",
        "blne,   arm,   arm,   33554424, 33554436, 4",
        "bl,     arm,   thumb, 33554424, 33554438, 2",
        "bl,     thumb, thumb, 16777212, 16777218, 2",
        "b.w,    thumb, thumb, 16777212, 16777218, 2",
        "bne.w,  thumb, thumb, 1048572,  1048578,  2",
        "bl,     thumb, arm,   16777212, 16777216, 4",
    })
    void reachesToItsEdge(String branch, String mode, String target, long back, long forward, long step) throws Exception {
        at(branch, mode, target, forward, false);
        at(branch, mode, target, forward + step, true);
        at(branch, mode, target, -back, false);
        at(branch, mode, target, -back - step, true);
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
    @CsvSource({"b, arm, thumb", "bne, arm, thumb", "blne, arm, thumb", "b.w, thumb, arm", "bne.w, thumb, arm"})
    void whatCannotSwitchModeNeedsAVeneer(String branch, String mode, String target) throws Exception {
        at(branch, mode, target, 0x1000, true);
        at(branch, mode, target, -0x1000, true);
    }

    private void at(String branch, String mode, String targetMode, long distance, boolean veneer) throws Exception {
        String site = """
                .arch armv7-a
                .section .near,"ax"
                .globl _start
                .type _start, %%function
                .%s
                _start: %s far
                        nop
                """.formatted(mode, branch);
        String far = """
                .arch armv7-a
                .section .far,"ax"
                .globl far
                .type far, %%function
                .%s
                far:    bx lr
                """.formatted(targetMode);
        String first = distance < 0 ? ".far" : ".near";
        String second = distance < 0 ? ".near" : ".far";
        shop.write("script.lds", "ENTRY(_start) SECTIONS { . = 0x%x; %s . : { *(%s) } . = 0x%x; %s . : { *(%s) } /DISCARD/ : { *(.text .data .bss) } }"
                .formatted(NEAR + Math.min(0, distance), first, first, NEAR + Math.max(0, distance), second, second));
        List<String> objects = List.of(object("near.o", site), object("far.o", far));
        CommandLine.Result r = link(objects);
        assertEquals(0, r.status(), r.err());
        assertEquals(veneer, r.err().contains("1 veneer "), branch + " " + distance + ": " + r.err());
        // GNU ld counts the bit that tells Thumb code, too, and so takes the last place in reach of `bl` for one beyond.
        boolean last = distance == 16777218 && mode.equals("thumb") && targetMode.equals("thumb");
        assertEquals(veneer || last, gnuHasVeneer(objects), "GNU ld, for a distance of " + distance);
        String code = shop.run("arm-linux-gnueabihf-objdump", "-d", "-j", ".near", "out");
        String insn = code.lines().filter(l -> l.startsWith("%8x:".formatted(NEAR))).findFirst().orElseThrow();
        assertTrue(insn.contains((veneer ? "<__far_" : "%x".formatted(NEAR + distance))), insn);
        String same = shop.run("arm-linux-gnueabihf-objdump", "-d", "-j", ".near", "ld.out").lines().filter(l -> l.startsWith("%8x:".formatted(NEAR))).findFirst().orElseThrow();
        if (!last) {
            assertEquals(same.split("\t")[2], insn.split("\t")[2], "the same instruction");
        }
    }

    @Test
    void aNarrowBranchHasNoVeneerAndSaysSo() {
        shop.write("script.lds", "ENTRY(_start) SECTIONS { . = 0x10000; .text : { *(.text) } . = 0x20000; .far : { *(.far) } }");
        String near = object("near.o", ".arch armv7-a\n.text\n.globl _start\n.thumb_func\n_start: bne.n far\n");
        String far = object("far.o", ".arch armv7-a\n.section .far,\"ax\"\n.globl far\n.thumb_func\nfar: bx lr\n");
        CommandLine.Result r = link(List.of(near, far));
        assertEquals(1, r.status());
        assertTrue(r.err().contains("relocation out of range: R_ARM_THM_JUMP8 against far"), r.err());
        assertTrue(Files.notExists(shop.path("out")));
    }

    /// Each stage adds a bit to r4 and goes on far away: both modes, calls, jumps and conditional ones, forwards and backwards.
    private static final String NEAR_CODE = """
            .text
            .globl _start, hop2, hop4, hop6, hop8, last
            .type _start, %function
            .arm
            _start: mov r4, #0
                    bl far_arm
                    bl far_thumb
                    cmp r4, #3
                    b hop1
                    .type hop2, %function
            hop2:   add r4, r4, #8
                    cmp r4, r4
                    beq hop3
                    .type hop4, %function
                    .thumb
            hop4:   adds r4, #32
                    bl far_arm
                    bl far_thumb
                    cmp r4, #63 + 3
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
            far_arm: add r4, r4, #1
                    bx lr
                    .type far_thumb, %function
                    .thumb
            far_thumb: adds r4, #2
                    bx lr
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
    private static final int SUM = 3 + 4 + 8 + 16 + 32 + 3 + 1 + 2 + 1;

    @ParameterizedTest
    @ValueSource(strings = {"--no-relax", "--pic-veneer"})
    void aProgramOf320MebibytesRuns(String option) throws Exception {
        runs("armv7-a", "b.w", "beq.w", option, 10);
    }

    /// Without Thumb-2 there is no long jump but `bl`, of 4 MiB; without `blx` (v4t) none switches modes.
    @ParameterizedTest
    @CsvSource({"armv5te, --no-relax, 10", "armv5te, --pic-veneer, 10", "armv4t, --no-relax, 12", "armv4t, --pic-veneer, 12"})
    void olderProcessors(String arch, String option, int veneers) throws Exception {
        runs(arch, "bl", "bl", option, veneers);
    }

    private void runs(String arch, String wide, String conditional, String option, int veneers) throws Exception {
        assumeTrue(Workshop.has("qemu-arm"), "needs the package qemu-user");
        shop.write("script.lds", "ENTRY(_start) SECTIONS { . = 0x10000; .text : { *(.text) } .data : { *(.data) } }");
        String head = ".arch " + arch + "\n";
        String near = object("near.o", head + NEAR_CODE.replace("WIDE_BEQ", conditional).replace("WIDE_B", wide));
        String pad = object("pad.o", head + ".text\n.zero 0xa000000\n");
        String far = object("far.o", head + FAR_CODE.replace("WIDE_BEQ", conditional).replace("WIDE_B", wide));
        List<String> objects = List.of(near, pad, pad, far);
        CommandLine.Result r = link(objects, option);
        assertEquals(0, r.status(), r.err());
        assertTrue(r.err().contains(veneers + " veneers for branches out of reach"), r.err());
        var process = new ProcessBuilder("qemu-arm", "./out").directory(dir.toFile()).start();
        assertEquals(SUM, process.waitFor());
        byte[] two = Files.readAllBytes(shop.path("out"));
        assertEquals(0, link(objects, option, "--threads=1").status());
        assertArrayEquals(two, Files.readAllBytes(shop.path("out")), "the same bytes for one thread");
    }
}
