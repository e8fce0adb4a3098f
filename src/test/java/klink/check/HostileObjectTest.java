package klink.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import klink.cli.CommandLine;
import klink.link.Workshop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `klink check` on damaged objects, 32-bit ones with REL relocations above all: a message that names the file, or findings,
/// but never an exception trace ([CommandLine] sees to that) and never a hang.
class HostileObjectTest {
    private static final String SOURCE = """
            .text
            .globl caller
            .type caller, %function
            caller: bl early
                    bx lr
            .size caller, . - caller
            table:  .word early, number
            .section .init.text, "ax", %progbits
            .globl early
            .type early, %function
            early:  bx lr
            .size early, . - early
            .section .init.data, "aw"
            number: .word 1
            .comm shared, 4, 4
            .section lost, "", %progbits
            .word 1
            """;

    @TempDir
    Path dir;

    private byte[] object() throws Exception {
        assumeTrue(Workshop.has("arm-linux-gnueabihf-as"), "needs the package binutils-arm-linux-gnueabihf");
        var shop = new Workshop(dir);
        shop.write("a.s", SOURCE);
        shop.run("arm-linux-gnueabihf-as", "-o", "a.o", "a.s");
        return Files.readAllBytes(dir.resolve("a.o"));
    }

    private CommandLine.Result check(byte[] object) throws Exception {
        Path file = dir.resolve("bad.o");
        Files.write(file, object);
        CommandLine.Result r = CommandLine.run(List.of("check", "--kernel=6.12", "--format=json", file.toString()));
        assertTrue(r.status() == 0 || r.status() == 1 && r.err().contains("bad.o"), () -> r.status() + ": " + r.err());
        return r;
    }

    @Test
    void theWholeObjectHasFindings() throws Exception {
        CommandLine.Result r = check(object());
        assertEquals(0, r.status(), r.err());
        assertTrue(r.err().contains("3 section mismatches, 2 other findings"), r.err());
    }

    @Test
    void cutAnywhereItIsAnError() throws Exception {
        byte[] whole = object();
        for (int length = 0; length < whole.length; length++) {
            CommandLine.Result r = check(Arrays.copyOf(whole, length));
            assertEquals(1, r.status(), "cut to " + length);
            assertTrue(r.err().contains("file offset 0x"), r.err());
        }
    }

    @Test
    void changedAnywhereItIsReadOrRefused() throws Exception {
        byte[] whole = object();
        long seed = 6120;
        var random = new Random(seed);
        for (int i = 0; i < 4000; i++) {
            byte[] bad = whole.clone();
            for (int n = random.nextInt(3); n >= 0; n--) {
                bad[random.nextInt(bad.length)] = (byte) (random.nextInt(4) == 0 ? 0xff : random.nextInt(256));
            }
            check(bad);
        }
    }
}
