package klink.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A file that appears under its name only when it is whole: written beside it, then renamed. What
/// stood there before stays until then, also if the link fails or is killed. Ctrl-C leaves nothing else; for what
/// a harder end leaves, the other name is one that the kernel's `make clean` removes (`.*.tmp`).
public final class OutputFile implements AutoCloseable {
    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final Thread interrupted;
    private boolean committed;

    private OutputFile(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
        interrupted = new Thread(this::abandon);
        Runtime.getRuntime().addShutdownHook(interrupted);
    }

    private void abandon() {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // the process is at its end, and the link has not got to its own
        }
    }

    /// @param executable whether the file gets execute permission, under the umask
    /// @throws IOException that names the file and says why it cannot be written
    public static OutputFile create(Path target, boolean executable) throws IOException {
        if (Files.isDirectory(target)) {
            throw new IOException("cannot write " + target + ": it is a directory");
        }
        Path real = Files.isSymbolicLink(target) && Files.exists(target) ? target.toRealPath() : target;
        Path temporary = real.resolveSibling("." + real.getFileName() + ".klink-" + ProcessHandle.current().pid() + ".tmp");
        Set<PosixFilePermission> mode = PosixFilePermissions.fromString(executable ? "rwxrwxrwx" : "rw-rw-rw-");
        try {
            FileChannel channel = FileChannel.open(temporary,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(mode));
            return new OutputFile(real, temporary, channel);
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    private static IOException failed(Path target, IOException e) {
        String why = switch (e) {
            case NoSuchFileException _ -> "its directory does not exist";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage();
        };
        return new IOException("cannot write " + target + ": " + why, e);
    }

    /// Writes at a file offset; from any thread, to disjoint ranges.
    public void write(MemorySegment bytes, long offset) {
        ByteBuffer b = bytes.asByteBuffer();
        try {
            while (b.hasRemaining()) {
                offset += channel.write(b, offset);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(failed(target, e));
        }
    }

    /// Reads back what was written.
    public void read(MemorySegment to, long offset) {
        ByteBuffer b = to.asByteBuffer();
        try {
            while (b.hasRemaining()) {
                int n = channel.read(b, offset);
                if (n <= 0) {
                    throw new IOException("read past the end");
                }
                offset += n;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException("cannot read back " + target + ": " + e.getMessage(), e));
        }
    }

    /// Where the bytes are until [#commit].
    public Path temporary() {
        return temporary;
    }

    /// Gives the file its name. A file of that name is moved aside first and deleted last: renaming over it
    /// would make ext4 write everything to disk at once (its mount option auto_da_alloc), which takes
    /// longer than the link. If the name cannot be given, what stood there gets it back.
    public void commit() throws IOException {
        channel.close();
        Path old = target.resolveSibling("." + target.getFileName() + ".klink-old.tmp");
        boolean aside = Files.isRegularFile(target);
        if (aside) {
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (aside) {
                Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            }
            throw failed(target, e);
        }
        committed = true;
        if (aside) {
            Files.delete(old);
        }
    }

    /// Removes what was written, unless committed.
    @Override
    public void close() throws IOException {
        channel.close();
        if (!committed) {
            Files.deleteIfExists(temporary);
        }
        try {
            Runtime.getRuntime().removeShutdownHook(interrupted);
        } catch (IllegalStateException e) {
            // it is running
        }
    }
}
