package klink.link;

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

/// Branches of arm64 to targets at and beyond the edge of their reach: decoded by objdump, executed by qemu-aarch64.
class FarBranchTest {
    private static final long REACH = 1L << 27;
    private static final String SCRIPT = "ENTRY(_start) SECTIONS { . = 0x400000; .text : { *(.text) } }\n";

    @TempDir
    Path dir;
    private Workshop shop;

    @BeforeEach
    void tools() {
        assumeTrue(Workshop.has("aarch64-linux-gnu-as"), "needs the package binutils-aarch64-linux-gnu");
        shop = new Workshop(dir);
        shop.write("script.lds", SCRIPT);
    }

    private String object(String name, String text) {
        return shop.assemble("aarch64", name, "", text).toString();
    }

    private CommandLine.Result link(List<String> objects, String... options) {
        var args = new ArrayList<>(List.of("ld", "-m", "aarch64linux", "-T", shop.path("script.lds").toString(), "-o", shop.path("out").toString(),
                "-Map=" + shop.path("map")));
        args.addAll(List.of(options));
        args.addAll(objects);
        return CommandLine.run(args);
    }

    /// Bytes of veneers in the map.
    private long veneerBytes() throws Exception {
        long n = 0;
        for (String line : Files.readAllLines(shop.path("map"))) {
            if (line.startsWith(" *veneers*")) {
                n += Long.decode(line.substring(line.lastIndexOf("0x")).strip());
            }
        }
        return n;
    }

    /// `_start`, `between` bytes, `far`: the branch is `distance` bytes before its target.
    private void forwards(String branch, long distance, long veneers) throws Exception {
        String near = object("near.o", ".text\n.globl _start\n_start: " + branch + " far\n");
        String pad = object("pad.o", ".text\n.zero " + (distance - 4) + "\n");
        String far = object("far.o", ".text\n.globl far\nfar: ret\n");
        CommandLine.Result r = link(List.of(near, pad, far));
        assertEquals(0, r.status(), r.err());
        assertEquals(veneers, veneerBytes());
        // With a veneer behind it, the first object is 12 bytes longer.
        String target = "%x".formatted(0x400000 + (veneers > 0 ? 4 : distance));
        assertTrue(decoded(0x400000).contains(target), decoded(0x400000));
    }

    private String decoded(long at) {
        return shop.run("aarch64-linux-gnu-objdump", "-d", "--start-address=" + at, "--stop-address=" + (at + 4), "out");
    }

    @Test
    void aCallReachesToItsEdgeForwards() throws Exception {
        forwards("bl", REACH - 4, 0);
    }

    @Test
    void aCallBeyondItNeedsAVeneer() throws Exception {
        forwards("bl", REACH, 12);
    }

    @Test
    void aJumpToo() throws Exception {
        forwards("b", REACH - 4, 0);
        forwards("b", REACH, 12);
    }

    @Test
    void aVeneerThatMovesAnAlignedSectionFarOffTakesOtherTargetsOutOfReach() throws Exception {
        int page = 1 << 24;
        String near = object("near.o", ".text\n.globl _start\n_start: bl far\n bl middle\n.zero " + (page - 8) + "\n");
        long middle = REACH - 12 * (1 << 20) - page; // well in reach; with a veneer before it, the section is a page further on
        String aligned = object("aligned.o", ".text\n.p2align 24\n.zero " + middle + "\n.globl middle\nmiddle: ret\n.zero 0x4000000\n.globl far\nfar: ret\n");
        CommandLine.Result r = link(List.of(near, aligned));
        assertEquals(0, r.status(), r.err());
        assertEquals(24, veneerBytes());
        String calls = shop.run("aarch64-linux-gnu-objdump", "-d", "--start-address=" + page, "--stop-address=" + (page + 8), "out");
        for (String veneer : List.of("__far_veneer", "__middle_veneer")) {
            assertTrue(calls.contains("<" + veneer + ">"), calls);
        }
    }

    private void backwards(long distance, long veneers) throws Exception {
        String far = object("far.o", ".text\n.globl far\nfar: ret\n");
        String pad = object("pad.o", ".text\n.zero " + (distance - 4) + "\n");
        String near = object("near.o", ".text\n.globl _start\n_start: bl far\n");
        CommandLine.Result r = link(List.of(far, pad, near));
        assertEquals(0, r.status(), r.err());
        assertEquals(veneers, veneerBytes());
        long site = 0x400000 + distance;
        assertTrue(decoded(site).contains("%x".formatted(veneers > 0 ? site + 4 : 0x400000)), decoded(site));
    }

    @Test
    void backwardsItReachesAWordFurther() throws Exception {
        backwards(REACH, 0);
        backwards(REACH + 4, 12);
    }

    @Test
    void aConditionalBranchHasNoVeneerAndSaysSo() {
        String near = object("near.o", ".text\n.globl _start\n_start: b.eq far\n");
        String pad = object("pad.o", ".text\n.zero 0x100000\n");
        String far = object("far.o", ".text\n.globl far\nfar: ret\n");
        CommandLine.Result r = link(List.of(near, pad, far));
        assertEquals(1, r.status());
        assertTrue(r.err().contains("relocation out of range: R_AARCH64_CONDBR19 against far"), r.err());
        assertTrue(Files.notExists(shop.path("out")));
    }

    @Test
    void aCallOfWhatIsUndefinedAndWeakDoesNothing() {
        String near = object("near.o", ".text\n.weak nothing\n.globl _start\n_start: bl nothing\n");
        assertEquals(0, link(List.of(near)).status());
        assertTrue(decoded(0x400000).contains("nop"), decoded(0x400000));
    }

    /// Local functions whose names end like those of veneers.
    private List<String> veneerNames(String image) {
        return shop.run("aarch64-linux-gnu-nm", image).lines().filter(l -> l.endsWith("_veneer")).map(l -> {
            assertEquals("t", l.substring(17, 18), l);
            return l.substring(19);
        }).sorted().toList();
    }

    @Test
    void symbolsOfVeneersLeaveKeptRelocationsRight() throws Exception {
        String near = object("near.o", ".text\n.globl _start\n_start: bl far\n bl static\n.data\n.quad far\n.quad _start\n");
        String pad = object("pad.o", ".text\n.zero 0x8000000\n.type static,%function\nstatic: ret\n.globl also\nalso: b static\n");
        String far = object("far.o", ".text\n.globl far\n.type far,%function\nfar: ret\n");
        assertEquals(0, link(List.of(near, pad, far), "-q", "--defsym=static=also").status());
        String relocations = shop.run("aarch64-linux-gnu-readelf", "-rW", "out");
        for (String name : List.of("far", "_start", "static")) {
            assertTrue(relocations.lines().anyMatch(l -> l.contains(" " + name + " + 0")), name + " in\n" + relocations);
        }
        // Each veneer is a function with code before it, and what stands there is decoded as code.
        String symbols = shop.run("aarch64-linux-gnu-nm", "-n", "--special-syms", "out");
        assertTrue(symbols.contains("0000000000400008 t $x\n") && symbols.contains("0000000000400008 t __far_veneer\n"), symbols);
    }

    @Test
    void aBranchOutOfAMergedSectionSaysThatItWasMerged() {
        String merged = object("merged.o", ".text\n.globl _start\n_start: bl far\n.zero 0x8000010\n");
        String far = object("far.o", ".text\n.globl far\nfar: ret\n");
        CommandLine.Result r = link(List.of(merged, far));
        assertEquals(1, r.status());
        assertTrue(r.err().contains("relocation out of range: R_AARCH64_CALL26 against far"), r.err());
        assertTrue(r.err().contains("merged.o:(.text+0x0)"), r.err());
        assertTrue(r.err().contains(".text of ") && r.err().contains(" has 128 MiB: `ld -r` merged it"), r.err());
        assertTrue(r.err().contains("the branch reaches 128 MiB, its target is 128 MiB away"), r.err());
    }

    @Test
    void aProgramOf320MebibytesRuns() throws Exception {
        assumeTrue(Workshop.has("qemu-aarch64"), "needs the package qemu-user");
        String near = object("near.o", """
                .text
                .globl _start, near
                _start: mov x19, #0
                        bl far
                        bl far2
                        b last
                near:   add x19, x19, #1
                        ret
                """);
        String pad = object("pad.o", ".text\n.zero 0xa000000\n");
        String far = object("far.o", """
                .text
                .globl far, far2, last
                far:    stp x29, x30, [sp, #-16]!
                        bl near
                        ldp x29, x30, [sp], #16
                        add x19, x19, #2
                        ret
                far2:   add x19, x19, #4
                        ret
                last:   mov x0, x19
                        mov x8, #93
                        svc #0
                """);
        CommandLine.Result r = link(List.of(near, pad, pad, far));
        assertEquals(0, r.status(), r.err());
        assertEquals(4 * 12, veneerBytes(), "far, far2 and last forwards, near backwards");
        assertEquals(List.of("__far2_veneer", "__far_veneer", "__last_veneer", "__near_veneer"), veneerNames("out"));
        shop.run("aarch64-linux-gnu-ld", "-T", "script.lds", "-o", "gnu", near, pad, pad, far);
        assertEquals(veneerNames("gnu"), veneerNames("out"));
        assertTrue(r.err().contains("4 veneers for branches out of reach"), r.err());
        var process = new ProcessBuilder("qemu-aarch64", "./out").directory(dir.toFile()).start();
        assertEquals(1 + 2 + 4, process.waitFor());
        byte[] two = Files.readAllBytes(shop.path("out"));
        assertEquals(0, link(List.of(near, pad, pad, far), "--threads=1").status());
        assertTrue(java.util.Arrays.equals(two, Files.readAllBytes(shop.path("out"))), "the same bytes for one thread");
    }
}
