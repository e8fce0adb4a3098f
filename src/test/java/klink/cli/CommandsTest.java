package klink.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The command line as a user meets it: exit status, and where what is said.
class CommandsTest {
    @TempDir
    Path dir;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int klink(String... args) {
        return Main.run(List.of(args), new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nothing", "--nothing", "help nothing", "inspect", "inspect --compare one", "inspect --audit image object",
        "inspect --map=map image", "inspect --format=xml image", "inspect --compare --audit a b", "inspect one two", "inspect --init", "inspect --by=section image",
        "inspect --init --by=object image", "inspect --init --audit --map=map image object", "inspect --findings=file image", "bench --runs=0",
        "bench --runs=many", "bench -C /nowhere", "bench --linkers=no-such-linker"})
    void wrongUsageIsStatus2AndSaysWhereHelpIs(String line) {
        assertEquals(2, klink(line.isEmpty() ? new String[0] : line.split(" ")));
        assertTrue(err().startsWith("klink: error: ") && err().contains("--help"), err());
        assertEquals("", out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "help ld", "help vmlinux", "help inspect", "help bench", "help check", "inspect --help", "bench -h", "--version"})
    void helpGoesToStandardOutput(String line) {
        assertEquals(0, klink(line.split(" ")));
        assertFalse(out().isBlank());
        assertEquals("", err());
    }

    @Test
    void theListOfCommandsHasThemAll() {
        klink("help");
        for (String command : List.of("vmlinux", "ld", "demo", "check", "inspect", "bench")) {
            assertTrue(out().contains("\n  " + command + " "), command + " is not in:\n" + out());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect FILE", "inspect --compare FILE FILE", "inspect --audit --map=FILE FILE FILE", "inspect NONE",
        "inspect --compare NONE FILE", "inspect --compare --ignore=NONE FILE FILE"})
    void whatIsNoImageIsAnErrorThatNamesTheFile(String line) throws Exception {
        Path file = Files.writeString(dir.resolve("text"), "no ELF");
        assertEquals(1, klink(line.replace("FILE", file.toString()).replace("NONE", dir.resolve("none").toString()).split(" ")));
        String said = out() + err();
        assertTrue(said.startsWith("klink: error: ") && said.contains(dir.toString()), said);
        assertFalse(said.contains("\tat ") || said.contains("Exception"), said);
    }

    @Test
    void aTreeThatIsNotConfiguredCannotBeTimed() {
        assertEquals(1, klink("bench", "-C", dir.toString(), "--klink=/bin/sh", "--linkers=sh"));
        assertTrue(err().contains("auto.conf"), err());
    }

    @Test
    void aDirectoryOfTheUsersIsNotEmptied() throws Exception {
        Files.createDirectories(dir.resolve("include/config"));
        Path precious = Files.writeString(Files.createDirectory(dir.resolve("mine")).resolve("file"), "precious");
        assertEquals(1, klink("bench", "-C", dir.toString(), "--klink=/bin/sh", "--linkers=sh", "--scratch=" + precious.getParent()));
        assertTrue(Files.exists(precious) && err().contains("mine"), err());
    }
}
