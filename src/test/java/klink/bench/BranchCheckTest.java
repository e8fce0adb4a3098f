package klink.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.cli.CommandLine;
import klink.link.Workshop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The check of branches finds those of an image right, and finds one that is not.
class BranchCheckTest {
    @TempDir
    Path dir;

    private String checked(String machine, String emulation, List<String> sources, Integer damaged) throws Exception {
        assumeTrue(Workshop.has(machine + "-linux-gnu-as"), () -> "no binutils for " + machine);
        var shop = new Workshop(dir);
        shop.write("script.lds", """
                ENTRY(_start)
                SECTIONS { . = 0x10000000; .text : { *(.text) } .got : ALIGN(256) { *(.got .toc) } .bulk : { *(.bulk) } }
                """);
        var args = new ArrayList<>(List.of("ld", "-q", "-m", emulation, "-T", shop.path("script.lds").toString(), "-o", shop.path("out").toString()));
        for (int i = 0; i < sources.size(); i++) {
            args.add(shop.assemble(machine, i + ".o", "", sources.get(i)).toString());
        }
        CommandLine.Result r = CommandLine.run(args);
        assertEquals(0, r.status(), r.err());
        if (damaged != null) {
            try (var file = new RandomAccessFile(shop.path("out").toFile(), "rw")) {
                file.seek(0x10000 + damaged);
                int old = file.read();
                file.seek(0x10000 + damaged);
                file.write(old + 4);
            }
        }
        var text = new ByteArrayOutputStream();
        boolean right = new BranchCheck(machine + "-linux-gnu-").run(shop.path("out"), new PrintStream(text, true, StandardCharsets.UTF_8));
        Files.delete(shop.path("out"));
        assertEquals(damaged == null, right, text.toString(StandardCharsets.UTF_8));
        return text.toString(StandardCharsets.UTF_8);
    }

    private static final List<String> PPC64 = List.of("""
            .machine power10
            .text
            .weak nothing
            .globl _start
            _start: bl far
             nop
             bl plain
             nop
             bl nothing
             nop
             bl plain@notoc
             beq far
             bl near
             blr
            """, "        .text\n        .zero 0x9000\n", """
            .text
            .type near, @function
            .globl near
            near: addis 2, 12, .TOC. - near@ha
             addi 2, 2, .TOC. - near@l
             .localentry near, . - near
             blr
            """, "        .text\n        .zero 0x2000000\n", """
            .machine power10
            .text
            .globl far, plain
            .type far, @function
            far: addis 2, 12, .TOC. - far@ha
             addi 2, 2, .TOC. - far@l
             .localentry far, . - far
             beq near
             blr
            .type plain, @function
            plain: .localentry plain, 1
             blr
            .section .toc,"aw"
            .quad far
            """, ".section .bulk,\"ax\"\n.zero 0x4000000\n");

    @Test
    void powerpcBranchesAreRight() throws Exception {
        String text = checked("powerpc64le", "elf64lppc", PPC64, null);
        assertTrue(text.contains("7 branches with a relocation, 5 of them by one of 4 veneers, 0 wrong"), text);
    }

    @Test
    void oneThatIsNotIsFound() throws Exception {
        String text = checked("powerpc64le", "elf64lppc", PPC64, 0);
        assertTrue(text.contains(" 1 wrong"), text);
        assertTrue(text.contains("the branch at 0x10000000 goes to"), text);
        assertFalse(text.contains("no branch or no target"), text);
    }

    private static final List<String> ARM64 = List.of(".text\n.globl _start\n_start: bl far\n bl near\n ret\n.globl near\nnear: ret\n", ".text\n.zero 0x8000000\n",
            ".text\n.globl far\nfar: b near\n");

    @Test
    void arm64BranchesAreRight() throws Exception {
        String text = checked("aarch64", "aarch64elf", ARM64, null);
        assertTrue(text.contains("3 branches with a relocation, 2 of them by one of 2 veneers, 0 wrong"), text);
        assertTrue(checked("aarch64", "aarch64elf", ARM64, 4).contains(" 1 wrong"));
    }
}
