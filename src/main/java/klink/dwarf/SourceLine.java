package klink.dwarf;

/// A line of source.
///
/// @param file as the compiler was given it: relative to the directory it ran in, which is the top of the build for a
///             kernel, or absolute
/// @param line from 1
public record SourceLine(String file, int line) {
    /// `drivers/foo.c:34`.
    @Override
    public String toString() {
        return file + ":" + line;
    }
}
