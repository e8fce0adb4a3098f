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

/// Branches of powerpc to targets at and beyond the edge of their reach: decoded by objdump, executed by qemu-ppc64le.
class Ppc64FarBranchTest {
    private static final long REACH = 1L << 25;
    private static final String SCRIPT = """
            ENTRY(_start)
            SECTIONS { . = 0x10000000; .text : { *(.text) } .got : ALIGN(256) { *(.got .toc) } .data : { *(.data) } .bulk : { *(.bulk) } }
            """;
    /// So much code that veneers stand where klink wants them, and not where GNU ld has them.
    private static final String BULK = ".section .bulk,\"ax\"\n.zero 0x4000000\n";

    @TempDir
    Path dir;
    private Workshop shop;

    @BeforeEach
    void tools() {
        assumeTrue(Workshop.has("powerpc64le-linux-gnu-as"), "needs the package binutils-powerpc64le-linux-gnu");
        shop = new Workshop(dir);
        shop.write("script.lds", SCRIPT);
    }

    private String object(String name, String text) {
        return shop.assemble("powerpc64le", name, "", text).toString();
    }

    private CommandLine.Result link(List<String> objects, String... options) {
        var all = new ArrayList<>(objects);
        all.add(object("bulk.o", BULK));
        return linkAlone(all, options);
    }

    private CommandLine.Result linkAlone(List<String> objects, String... options) {
        var args = new ArrayList<>(List.of("ld", "-m", "elf64lppc", "-T", shop.path("script.lds").toString(), "-o", shop.path("out").toString()));
        args.addAll(List.of(options));
        args.addAll(objects);
        return CommandLine.run(args);
    }

    private String decoded(long at, int words) {
        return shop.run("powerpc64le-linux-gnu-objdump", "-d", "--no-show-raw-insn", "--start-address=" + at, "--stop-address=" + (at + 4L * words), "out");
    }

    private static final String FAR = """
            .text
            .globl far
            .type far, @function
            far: addis 2, 12, .TOC. - far@ha
                 addi 2, 2, .TOC. - far@l
                 .localentry far, . - far
                 blr
            """;

    /// `_start`, `between` bytes, `far`: the branch is `distance` bytes before the local entry point.
    private String forwards(long distance, String note) {
        String near = object("near.o", ".text\n.globl _start\n_start: bl far\n");
        String pad = object("pad.o", ".text\n.zero " + (distance - 8 - 4) + "\n");
        CommandLine.Result r = link(List.of(near, pad, object("far.o", FAR)));
        assertEquals(0, r.status(), r.err());
        assertEquals(note, r.err());
        return decoded(0x10000000, 5);
    }

    private static final String ONE = "klink: note: 1 veneer for branches out of reach (-Map shows where)\n";

    @Test
    void aCallReachesTheLocalEntryAtTheEdge() {
        assertTrue(forwards(REACH - 4, "").contains("bl      %x".formatted(0x10000000 + REACH - 4)));
    }

    @Test
    void aCallBeyondItGoesThroughAVeneerToTheGlobalEntry() {
        String code = forwards(REACH, ONE);
        assertTrue(code.contains("bl      10000004"), code);
        for (String insn : List.of("addis   r12,r2,", "addi    r12,r12,", "mtctr   r12", "bctr")) {
            assertTrue(code.contains(insn), code);
        }
    }

    /// `far`, `between` bytes, `_start`: the local entry point is `distance` bytes before the branch.
    private String backwards(long distance, String note) {
        String near = object("near.o", ".text\n.globl _start\n_start: bl far\n");
        String pad = object("pad.o", ".text\n.zero " + (distance - 4) + "\n");
        CommandLine.Result r = link(List.of(object("far.o", FAR), pad, near));
        assertEquals(0, r.status(), r.err());
        assertEquals(note, r.err());
        return decoded(0x10000008 + distance, 1);
    }

    @Test
    void backwardsItReachesAWordFurther() {
        assertTrue(backwards(REACH, "").contains("bl      10000008"));
        assertTrue(backwards(REACH + 4, ONE).contains("bl      %x".formatted(0x10000000 + 8 + REACH + 4 + 4)));
    }

    /// `.init.text` is freed: what stays must not go through it.
    @Test
    void outputSectionsShareNoVeneers() {
        shop.write("script.lds", """
                ENTRY(_start)
                SECTIONS { . = 0x10000000; .init.text : { *(.init.text) } .text : { *(.text) } .got : ALIGN(256) { *(.got .toc) } .bulk : { *(.bulk) } }
                """);
        String near = object("near.o", ".section .init.text,\"ax\"\n bl far\n.text\n.globl _start\n_start: bl far\n");
        String pad = object("pad.o", ".text\n.zero " + REACH + "\n");
        CommandLine.Result r = link(List.of(near, pad, object("far.o", FAR)));
        assertEquals(0, r.status(), r.err());
        assertTrue(r.err().contains("2 veneers"), r.err());
        assertTrue(decoded(0x10000000, 1).contains("bl      10000004"), decoded(0x10000000, 1));
        assertTrue(decoded(0x10000014, 1).contains("bl      10000018"), decoded(0x10000014, 1));
    }

    @Test
    void aConditionalBranchHasNoVeneerAndSaysSo() {
        String near = object("near.o", ".text\n.globl _start\n_start: beq far\n");
        String pad = object("pad.o", ".text\n.zero 0x8000\n");
        CommandLine.Result r = link(List.of(near, pad, object("far.o", FAR)));
        assertEquals(1, r.status());
        assertTrue(r.err().contains("relocation out of range: R_PPC64_REL14 against far"), r.err());
        assertTrue(Files.notExists(shop.path("out")));
    }

    /// Forwards and backwards, calls and a jump, functions that use r2 and those that do not, a function pointer.
    @Test
    void aProgramOf320MebibytesRuns() throws Exception {
        runs("0xa000000", "4 veneers", true);
    }

    /// As GNU ld has them: before groups of sections, by way of a table.
    @Test
    void aProgramOf60MebibytesAsGnuLdHasItRuns() throws Exception {
        shop.write("script.lds", SCRIPT.replace(".data :", ".branch_lt : { *(.branch_lt) } .data :"));
        runs("0x1e00000", "veneers", false);
        assertTrue(shop.run("powerpc64le-linux-gnu-nm", "out").contains(".plt_branch.last"));
    }

    private void runs(String padding, String note, boolean bulk) throws Exception {
        assumeTrue(Workshop.has("qemu-ppc64le"), "needs the package qemu-user");
        String near = object("near.o", """
                .text
                .globl _start, near
                _start: bcl 20, 31, 1f
                1:      mflr 12
                        addis 2, 12, .TOC. - 1b@ha
                        addi 2, 2, .TOC. - 1b@l
                        li 31, 0
                        bl far
                        nop
                        bl plain
                        addis 3, 2, pointer@toc@ha
                        ld 3, pointer@toc@l(3)
                        mr 12, 3
                        mtctr 3
                        bctrl
                        b last
                        .type near, @function
                near:   addis 2, 12, .TOC. - near@ha
                        addi 2, 2, .TOC. - near@l
                        .localentry near, . - near
                        addis 4, 2, one@toc@ha
                        lwz 4, one@toc@l(4)
                        add 31, 31, 4
                        blr
                        .section .toc,"aw"
                pointer: .quad far
                        .data
                one:    .long 1
                """);
        String pad = object("pad.o", ".text\n.zero " + padding + "\n");
        String far = object("far.o", """
                .text
                .globl far, plain, last
                .type far, @function
                far:    addis 2, 12, .TOC. - far@ha
                        addi 2, 2, .TOC. - far@l
                        .localentry far, . - far
                        mflr 30
                        bl near
                        nop
                        mtlr 30
                        addis 4, 2, two@toc@ha
                        lwz 4, two@toc@l(4)
                        add 31, 31, 4
                        blr
                plain:  addi 31, 31, 16
                        blr
                last:   mr 3, 31
                        li 0, 1
                        sc
                        .data
                two:    .long 2
                """);
        List<String> objects = List.of(near, pad, pad, far);
        CommandLine.Result r = bulk ? link(objects) : linkAlone(objects);
        assertEquals(0, r.status(), r.err());
        assertTrue(r.err().contains(note + " for branches out of reach"), r.err());
        var process = new ProcessBuilder("qemu-ppc64le", "./out").directory(dir.toFile()).start();
        assertEquals((1 + 2) + 16 + (1 + 2), process.waitFor());
        byte[] two = Files.readAllBytes(shop.path("out"));
        assertEquals(0, (bulk ? link(objects, "--threads=1") : linkAlone(objects, "--threads=1")).status());
        assertArrayEquals(two, Files.readAllBytes(shop.path("out")), "the same bytes for one thread");
    }

    private static final String PLAIN = """
            .machine power10
            .text
            .globl far
            .type far, @function
            far: .localentry far, 1
                 cmpd 12, 12
                 li 3, 42
                 blr
            """;

    /// Code without a table of contents, to both edges and beyond.
    @Test
    void callsOfCodeWithoutContentsReachTheEdgeAndThenGoThroughAVeneer() {
        for (boolean beyond : new boolean[] {false, true}) {
            String near = object("near.o", ".machine power10\n.text\n.globl _start\n_start: .localentry _start, 1\n bl far@notoc\n");
            String pad = object("pad.o", ".text\n.zero " + (REACH - 8 + (beyond ? 4 : 0)) + "\n");
            CommandLine.Result r = link(List.of(near, pad, object("far.o", PLAIN)));
            assertEquals(0, r.status(), r.err());
            assertEquals(beyond ? ONE : "", r.err());
            String code = shop.run("powerpc64le-linux-gnu-objdump", "-d", "-Mpower10", "--no-show-raw-insn", "--start-address=" + 0x10000000, "--stop-address=" + 0x10000018, "out");
            assertTrue(code.contains(beyond ? "bl      10000004" : "bl      %x".formatted(0x10000000 + REACH - 4)), code);
            assertEquals(beyond, code.contains("pla     r12,"), code);
            CommandLine.Result back = link(List.of(object("far.o", PLAIN), object("pad.o", ".text\n.zero " + (REACH - 12 + (beyond ? 4 : 0)) + "\n"), near));
            assertEquals(0, back.status(), back.err());
            assertEquals(beyond ? ONE : "", back.err());
        }
    }

    @Test
    void aProgramWithoutContentsRuns() throws Exception {
        assumeTrue(Workshop.has("qemu-ppc64le"), "needs the package qemu-user");
        String near = object("near.o", """
                .machine power10
                .text
                .globl _start, back
                _start: .localentry _start, 1
                    li 31, 0
                    bl far@notoc
                    li 0, 1
                    mr 3, 31
                    sc
                back: .localentry back, 1
                    plwz 4, value@pcrel
                    add 31, 31, 4
                    blr
                    .data
                value: .long 7
                """);
        String far = object("far.o", """
                .machine power10
                .text
                .globl far
                far: .localentry far, 1
                    mflr 30
                    bl back@notoc
                    bl back@notoc
                    mtlr 30
                    blr
                """);
        String pad = object("pad.o", ".text\n.zero 0x5000000\n");
        CommandLine.Result r = link(List.of(near, pad, far));
        assertEquals(0, r.status(), r.err());
        assertTrue(r.err().contains("2 veneers"), r.err());
        assertEquals(14, new ProcessBuilder("qemu-ppc64le", "-cpu", "power10", "./out").directory(dir.toFile()).start().waitFor());
    }

    @Test
    void aTargetMoreThanTwoGibibytesFromTheContentsIsRefused() {
        shop.write("script.lds", """
                ENTRY(_start)
                SECTIONS { . = 0x10000000; .text : { *(.text) } .bulk : { *(.bulk) } .got 0x100000000 : { *(.got .toc) } }
                """);
        String near = object("near.o", ".text\n.globl _start\n_start: bl far\n.section .toc,\"aw\"\n.quad 1\n");
        String pad = object("pad.o", ".text\n.zero " + REACH + "\n");
        CommandLine.Result r = link(List.of(near, pad, object("far.o", ".text\n.globl far\nfar: blr\n")));
        assertEquals(1, r.status());
        assertTrue(r.err().contains("plt_branch.far at 0x"), r.err());
        assertTrue(r.err().contains("does not reach 0x12000014"), r.err());
        assertTrue(r.err().contains("the image is larger than its code can address"), r.err());
        assertTrue(Files.notExists(shop.path("out")));
    }
}
