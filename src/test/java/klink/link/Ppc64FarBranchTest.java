package klink.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

    private static final long SHORT = 1 << 15;

    /// A conditional branch, `between` bytes, its target, which is `distance` bytes on.
    private String conditional(String branch, long distance, String note) {
        String near = object("near.o", ".text\n.globl _start\n_start: " + branch + " far\n");
        String pad = object("pad.o", ".text\n.zero " + (distance - 8 - 4) + "\n");
        CommandLine.Result r = link(List.of(near, pad, object("far.o", FAR)));
        assertEquals(0, r.status(), r.err());
        assertEquals(note, r.err());
        return decoded(0x10000000, 5);
    }

    /// To its edge, then by a branch to the local entry point, which changes no register; beyond 32 MiB by way of r12.
    @Test
    void aConditionalBranchReachesItsEdgeAndThenGoesThroughAVeneer() {
        assertTrue(conditional("beq", SHORT - 4, "").contains("beq     %x".formatted(0x10000000 + SHORT - 4)));
        String beyond = conditional("beq", SHORT, ONE);
        assertTrue(beyond.contains("beq     10000004"), beyond);
        assertTrue(beyond.contains("b       %x".formatted(0x10000000 + SHORT + 4)), beyond);
        String far = conditional("bdnz", REACH, ONE);
        assertTrue(far.contains("bdnz    10000004") && far.contains("mtctr   r12"), far);
    }

    @Test
    void backwardsAConditionalBranchReachesAWordFurther() {
        for (boolean beyond : new boolean[] {false, true}) {
            String near = object("near.o", ".text\n.globl _start\n_start: bne cr7, far\n");
            String pad = object("pad.o", ".text\n.zero " + (SHORT - 4 + (beyond ? 4 : 0)) + "\n");
            CommandLine.Result r = link(List.of(object("far.o", FAR), pad, near));
            assertEquals(0, r.status(), r.err());
            assertEquals(beyond ? ONE : "", r.err());
            long site = 0x10000008 + SHORT + (beyond ? 4 : 0);
            assertTrue(decoded(site, 1).contains("bne     cr7,%x".formatted(beyond ? site + 4 : 0x10000008)), decoded(site, 1));
        }
    }

    /// What no veneer can help: one section is larger than the branch reaches.
    @Test
    void aConditionalBranchOutOfALargeSectionSaysSo() {
        String near = object("near.o", ".text\n.globl _start\n_start: beq far\n.zero 0x8000\n");
        CommandLine.Result r = link(List.of(near, object("far.o", FAR)));
        assertEquals(1, r.status());
        assertTrue(r.err().contains("relocation out of range: R_PPC64_REL14 against far"), r.err());
        assertTrue(r.err().contains("the branch reaches 32 KiB, its target is 32 KiB away"), r.err());
        assertTrue(r.err().contains(" has 32 KiB: no linker can place a veneer inside a section"), r.err());
        assertFalse(r.err().contains("ld -r"), r.err());
        assertTrue(Files.notExists(shop.path("out")));
    }

    @Test
    void aBranchOutOfAMergedSectionSaysThatItWasMerged() {
        String merged = object("merged.o", ".text\n.globl _start\n_start: bl far\n.zero 0x2000010\n");
        CommandLine.Result r = link(List.of(merged, object("far.o", FAR)));
        assertEquals(1, r.status());
        assertTrue(r.err().contains("relocation out of range: R_PPC64_REL24 against far"), r.err());
        assertTrue(r.err().contains("merged.o:(.text+0x0)"), r.err());
        assertTrue(r.err().contains(".text of ") && r.err().contains(" has 32 MiB: `ld -r` merged it"), r.err());
        assertTrue(r.err().contains("the branch reaches 32 MiB, its target is 32 MiB away"), r.err());
        assertTrue(r.err().contains("klink ld -r --unique"), r.err());
    }

    /// Conditional branches forwards and backwards, taken and not, to what is 40 KiB away, which changes no register, and what is 320 MiB away.
    @Test
    void aProgramOfConditionalBranchesRuns() throws Exception {
        String near = object("near.o", """
                .text
                .globl _start, near, after
                _start: li 31, 0
                        li 12, 77
                        cmpwi 31, 1
                        beq wrong
                        bne beside
                after:  cmpwi 12, 77
                        bne wrong
                        li 3, 3
                        mtctr 3
                        bdnz counted
                        b wrong
                near:   addi 31, 31, 1
                        cmpwi 31, 3
                        bne far
                        beql far2
                        b last
                """);
        String beside = object("beside.o", """
                .text
                .globl beside, wrong, counted
                beside: addi 31, 31, 0
                        cmpwi 31, 0
                        beq after
                counted: mfctr 3
                        cmpwi 3, 2
                        beq near
                wrong:  li 3, 99
                        li 0, 1
                        sc
                """);
        String far = object("far.o", """
                .text
                .globl far, far2, last
                far:    cmpwi 31, 50
                        ble near
                        li 31, 60
                last:   mr 3, 31
                        li 0, 1
                        sc
                far2:   addi 31, 31, 10
                        blr
                """);
        String little = object("little.o", ".text\n.zero 0xa000\n");
        String pad = object("pad.o", ".text\n.zero 0xa000000\n");
        String start = object("start.o", """
                .text
                .globl begin
                begin:  bcl 20, 31, 1f
                1:      mflr 12
                        addis 2, 12, .TOC. - 1b@ha
                        addi 2, 2, .TOC. - 1b@l
                        b _start
                        .abiversion 2
                        .data
                        .long 0
                """);
        runs(13, List.of(near, little, beside, pad, pad, far, start), "-e", "begin");
    }

    /// What calls functions that save and restore registers from afar: they are copied, since their callers use r0, r11 and r12.
    @Test
    void farFunctionsThatSaveRegistersWork() throws Exception {
        shop.write("script.lds", SCRIPT.replace(".text : { *(.text) }", ".text : { *(.text) *(.sfpr) }"));
        String near = object("near.o", """
                .text
                .globl _start
                _start: bcl 20, 31, 1f
                1:      mflr 12
                        addis 2, 12, .TOC. - 1b@ha
                        addi 2, 2, .TOC. - 1b@l
                        li 29, 1
                        li 30, 2
                        li 31, 3
                        bl function
                        bl other
                        add 3, 29, 30
                        add 3, 3, 31
                        li 0, 1
                        sc
                function:
                        mflr 0
                        bl _savegpr0_29
                        stdu 1, -128(1)
                        li 29, 100
                        li 30, 100
                        li 31, 100
                        addi 1, 1, 128
                        b _restgpr0_29
                other:  mflr 0
                        std 0, 16(1)
                        mr 12, 1
                        bl _savegpr1_30
                        li 30, 100
                        li 31, 100
                        mr 12, 1
                        bl _restgpr1_30
                        ld 0, 16(1)
                        mtlr 0
                        blr
                        .abiversion 2
                        .data
                        .long 0
                """);
        String pad = object("pad.o", ".text\n.zero 0xa000000\n");
        runs(6, List.of(near, pad, pad));
        assertTrue(shop.run("powerpc64le-linux-gnu-nm", "out").contains("._savegpr1_30"));
        runsAlone(6, List.of(near, object("small.o", ".text\n.zero 0x2800000\n")));
        assertTrue(shop.run("powerpc64le-linux-gnu-nm", "out").contains("._savegpr1_30"));
    }

    private void runs(int status, List<String> objects, String... options) throws Exception {
        var all = new ArrayList<>(objects);
        all.add(object("bulk.o", BULK));
        runsAlone(status, all, options);
    }

    private void runsAlone(int status, List<String> objects, String... options) throws Exception {
        assumeTrue(Workshop.has("qemu-ppc64le"), "needs the package qemu-user");
        CommandLine.Result r = linkAlone(objects, options);
        assertEquals(0, r.status(), r.err());
        var process = new ProcessBuilder("qemu-ppc64le", "-cpu", "power10", "./out").directory(dir.toFile()).start();
        assertEquals(status, process.waitFor());
        Path two = Files.move(shop.path("out"), shop.path("two"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        var single = new ArrayList<>(List.of(options));
        single.add("--threads=1");
        assertEquals(0, linkAlone(objects, single.toArray(String[]::new)).status());
        assertEquals(-1, Files.mismatch(two, shop.path("out")), "the same bytes for one thread");
    }

    private static final String CALLER = """
            .text
            .globl _start, back
            _start: bcl 20, 31, 1f
            1:      mflr 12
                    addis 2, 12, .TOC. - 1b@ha
                    addi 2, 2, .TOC. - 1b@l
                    li 31, 0
                    bl plain
                    nop
                    addis 4, 2, one@toc@ha
                    lwz 4, one@toc@l(4)
                    add 31, 31, 4
                    bl toc
                    nop
                    cmpwi 31, 0
                    bnel plain2
                    nop
                    addis 4, 2, one@toc@ha
                    lwz 4, one@toc@l(4)
                    add 3, 31, 4
                    li 0, 1
                    sc
                    .type back, @function
            back:   addis 2, 12, .TOC. - back@ha
                    addi 2, 2, .TOC. - back@l
                    .localentry back, . - back
                    addis 4, 2, two@toc@ha
                    lwz 4, two@toc@l(4)
                    add 31, 31, 4
                    blr
                    .data
            one:    .long 1
            two:    .long 2
                    .section .toc,"aw"
                    .quad one
            """;

    /// Power10 code: it uses r2 for itself, as it may, and calls code that wants its own there.
    private static final String CALLEE = """
            .machine power10
            .text
            .globl plain, plain2, toc
            .type plain, @function
            plain:  .localentry plain, 1
                    li 2, -1
                    mflr 30
                    bl back@notoc
                    bl plain2@notoc
                    mtlr 30
                    li 2, -1
                    plwz 4, four@pcrel
                    add 31, 31, 4
                    blr
            .type plain2, @function
            plain2: .localentry plain2, 1
                    li 2, -1
                    addi 31, 31, 8
                    blr
            .type toc, @function
            toc:    addis 2, 12, .TOC. - toc@ha
                    addi 2, 2, .TOC. - toc@l
                    .localentry toc, . - toc
                    mflr 29
                    bl plain
                    nop
                    bl back
                    nop
                    mtlr 29
                    addis 4, 2, sixteen@toc@ha
                    lwz 4, sixteen@toc@l(4)
                    add 31, 31, 4
                    blr
                    .data
            four:   .long 4
            sixteen: .long 16
            """;

    /// Code that counts from r2 and code that has none call each other: beside each other, 48 MiB apart as GNU ld has that, and 320 MiB apart; with Power10 veneers and without.
    @Test
    void codeOfBothKindsRuns() throws Exception {
        shop.write("script.lds", SCRIPT.replace(".data :", ".branch_lt : { *(.branch_lt) } .data :"));
        int sum = (2 + 8 + 4) + 1 + (2 + 8 + 4) + 2 + 16 + 8 + 1;
        for (boolean prefixed : new boolean[] {true, false}) {
            String callee = prefixed ? CALLEE : CALLEE.replace("plwz 4, four@pcrel", "li 4, 4");
            List<String> near = List.of(object("near.o", CALLER), object("far.o", callee));
            runsAlone(sum, near);
            String half = object("half.o", ".text\n.zero 0x3000000\n");
            runsAlone(sum, List.of(near.getFirst(), half, near.getLast()));
            assertEquals(prefixed, shop.run("powerpc64le-linux-gnu-objdump", "-d", "-Mpower10", "--no-show-raw-insn", "out").contains("pla     r12"));
            String pad = object("pad.o", ".text\n.zero 0xa000000\n");
            runs(sum, List.of(near.getFirst(), pad, pad, near.getLast()));
        }
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
