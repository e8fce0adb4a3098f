package klink.script;

/// A file name pattern, with the `archive:member` forms of GNU ld:
///
/// | written | matches |
/// |---|---|
/// | `*crtend.o` | a file or an archive member of that name |
/// | `archive:member` | that member of that archive |
/// | `archive:` | every member of that archive |
/// | `:file` | a file that is in no archive |
///
/// Members of kernel's thin archives are named by their path (`kernel/fork.o`).
public final class FileGlob {
    private final String text;
    private final Glob archive;
    private final Glob file;

    public FileGlob(String text) {
        this.text = text;
        int colon = text.indexOf(':');
        archive = colon > 0 ? new Glob(text.substring(0, colon)) : null;
        file = colon == text.length() - 1 && colon >= 0 ? null : new Glob(text.substring(colon + 1));
    }

    /// The pattern as written.
    public String text() {
        return text;
    }

    /// Whether it is `*`, which every file matches.
    public boolean isAny() {
        return file != null && file.isAny() && text.equals("*");
    }

    /// Whether a file to be linked is meant.
    ///
    /// @param inArchive the archive's name as the linker opened it, or null if `name` is in none
    /// @param name      the file, or the member
    public boolean matches(String inArchive, String name) {
        if (text.indexOf(':') < 0) {
            return file.matches(name);
        }
        if (archive == null) {
            return inArchive == null && (file == null || file.matches(name));
        }
        return inArchive != null && archive.matches(inArchive) && (file == null || file.matches(name));
    }

    /// Whether `EXCLUDE_FILE` with this pattern leaves the file out. There a plain pattern may also name
    /// the archive (GNU ld accepts this, though only the form with a colon is documented).
    public boolean excludes(String inArchive, String name) {
        return matches(inArchive, name)
                || text.indexOf(':') < 0 && inArchive != null && file.matches(inArchive);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof FileGlob g && g.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
