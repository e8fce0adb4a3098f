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
            SECTIONS { . = 0x10000000; .text : { *(.text) } .got : ALIGN(256) { *(.got .toc) } .data : { *(.data) } }
            """;

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
                SECTIONS { . = 0x10000000; .init.text : { *(.init.text) } .text : { *(.text) } .got : ALIGN(256) { *(.got .toc) } }
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
        String pad = object("pad.o", ".text\n.zero 0xa000000\n");
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
        CommandLine.Result r = link(List.of(near, pad, pad, far));
        assertEquals(0, r.status(), r.err());
        assertTrue(r.err().contains("4 veneers for branches out of reach"), r.err());
        var process = new ProcessBuilder("qemu-ppc64le", "./out").directory(dir.toFile()).start();
        assertEquals((1 + 2) + 16 + (1 + 2), process.waitFor());
        byte[] two = Files.readAllBytes(shop.path("out"));
        assertEquals(0, link(List.of(near, pad, pad, far), "--threads=1").status());
        assertArrayEquals(two, Files.readAllBytes(shop.path("out")), "the same bytes for one thread");
    }
}
