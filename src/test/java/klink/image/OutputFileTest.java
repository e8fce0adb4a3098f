package klink.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An output that cannot be written is named, with the reason; one that is not committed changes nothing.
class OutputFileTest {
    @TempDir
    Path work;

    @Test
    void namesWhatCannotBeWritten() {
        Path lost = work.resolve("none/vmlinux");
        assertEquals("cannot write " + lost + ": its directory does not exist", message(lost));
        assertEquals("cannot write " + work + ": it is a directory", message(work));
    }

    private static String message(Path target) {
        return assertThrows(IOException.class, () -> OutputFile.create(target, true)).getMessage();
    }

    @Test
    void replacesOnlyWhenCommitted() throws IOException {
        Path target = Files.writeString(work.resolve("vmlinux"), "old");
        try (OutputFile file = OutputFile.create(target, true)) {
            file.write(MemorySegment.ofArray("new".getBytes()), 0);
        }
        assertEquals("old", Files.readString(target));
        try (OutputFile file = OutputFile.create(target, true)) {
            file.write(MemorySegment.ofArray("new".getBytes()), 0);
            file.commit();
        }
        assertEquals("new", Files.readString(target));
        assertArrayEquals(new Object[] {"vmlinux"}, names(), "nothing is left beside it");
    }

    private Object[] names() throws IOException {
        try (var files = Files.list(work)) {
            return files.map(f -> f.getFileName().toString()).toArray();
        }
    }
}
