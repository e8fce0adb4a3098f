package klink.findings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Map;
import klink.check.End;
import klink.dwarf.SourceLine;
import klink.dwarf.SourceLines;
import klink.input.ObjectFile;

/// Finds the source lines of places, and names objects and sources so that they mean the same on every machine:
/// relative to the top of the build and of the sources.
final class Sources {
    private final Path build;
    private final Path top;
    private final Map<ObjectFile, SourceLines> lines = new IdentityHashMap<>();

    /// @param build directory whose name is left out before objects; null: names stay as they are
    /// @param top   directory of the sources, absolute; null: sources are named as they were for the compiler
    Sources(Path build, Path top) {
        this.build = build == null ? null : build.normalize();
        this.top = top == null ? null : top.normalize();
    }

    /// The place of a reference.
    Place site(End end) {
        if (end == null) {
            return null;
        }
        SourceLines lines = lines(end.file());
        SourceLine line = lines.at(end.section(), end.offset());
        SourceLine inlined = line == null ? null : lines.inlinedAt(end.section(), end.offset());
        return new Place(object(end.file()), end, tidy(end.file(), line), line != null && line.equals(inlined) ? null : tidy(end.file(), inlined));
    }

    /// The place where what is referred to is declared.
    Place declaration(End end) {
        if (end == null) {
            return null;
        }
        long start = end.symbol() == 0 ? end.offset() : end.file().symbolValue(end.symbol());
        return new Place(object(end.file()), end, tidy(end.file(), lines(end.file()).declaration(end.section(), start)), null);
    }

    /// The place that uses a function: a call, or a variable that holds its address.
    Place user(End end) {
        Place call = site(end);
        return call == null || call.source() != null ? call : declaration(end);
    }

    private SourceLines lines(ObjectFile file) {
        return lines.computeIfAbsent(file, SourceLines::of);
    }

    String object(ObjectFile file) {
        String name = file.name();
        if (build == null) {
            return name;
        }
        String prefix = build + "/";
        return !build.toString().isEmpty() && name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    private SourceLine tidy(ObjectFile file, SourceLine line) {
        if (line == null || top == null) {
            return line;
        }
        try {
            Path path = Path.of(lines(file).directory()).resolve(line.file()).normalize();
            return path.isAbsolute() && path.startsWith(top) ? new SourceLine(top.relativize(path).toString(), line.line()) : line;
        } catch (InvalidPathException e) { // debug information may hold any bytes
            return line;
        }
    }
}
