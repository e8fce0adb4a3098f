package klink.dwarf;

import klink.input.ObjectFile;
import klink.report.BadInput;

/// Source lines of places in one object, from its debug information, where it has any: what turns
/// `drivers/foo.o:(.text+0x1c)` into `drivers/foo.c:34`.
///
/// Nothing is read before the first question, so that asking for the lines of an object that turns out to have no
/// findings costs nothing; the first answer takes some milliseconds. Debug information is not what a link is about:
/// damaged or of an unknown kind, it answers null.
public final class SourceLines {
    private final ObjectFile file;
    private final DebugSections sections;
    private LineTable lines;
    private DebugInfo unit;
    private DebugInfo info;
    private BadInput defect;

    private SourceLines(ObjectFile file) {
        this.file = file;
        sections = new DebugSections(file);
    }

    public static SourceLines of(ObjectFile file) {
        return new SourceLines(file);
    }

    /// The line that the instruction at an offset of a section comes from; null if that is not known.
    public SourceLine at(int section, long offset) {
        if (section == 0 || file.isSynthetic() || defect != null) {
            return null;
        }
        try {
            return relative(lines().at(section, offset));
        } catch (BadInput e) {
            defect = e;
            return null;
        }
    }

    /// The line that declares the function or variable which begins at an offset of a section; of code
    /// without a declaration, which is what assembly is, its first line; null if that is not known.
    public SourceLine declaration(int section, long offset) {
        if (section == 0 || file.isSynthetic() || defect != null) {
            return null;
        }
        try {
            SourceLine declared = info().at(section, offset);
            return relative(declared != null ? declared : lines().first(section, offset));
        } catch (BadInput e) {
            defect = e;
            return null;
        }
    }

    /// For an instruction that was inlined: the line of the function it is in that calls the one it comes from. Null for any
    /// other, and if that is not known.
    public SourceLine inlinedAt(int section, long offset) {
        if (section == 0 || file.isSynthetic() || defect != null) {
            return null;
        }
        try {
            return relative(info().inlinedAt(section, offset));
        } catch (BadInput e) {
            defect = e;
            return null;
        }
    }

    /// The directory that the object was compiled in, to which files are relative; empty if that is not known.
    public String directory() {
        if (defect != null || file.isSynthetic()) {
            return "";
        }
        try {
            String told = lines().directory();
            if (!told.isEmpty()) {
                return told;
            }
            if (unit == null) {
                unit = DebugInfo.read(sections, lines, false);
            }
            return unit.directory();
        } catch (BadInput e) {
            defect = e;
            return "";
        }
    }

    /// What is wrong with the debug information; null if nothing was found wrong so far.
    public BadInput defect() {
        return defect;
    }

    private DebugInfo info() {
        if (info == null) {
            info = DebugInfo.read(sections, lines(), true);
        }
        return info;
    }

    private LineTable lines() {
        if (lines == null) {
            lines = LineTable.read(sections);
        }
        return lines;
    }

    /// The same line with its file relative to the directory it was compiled in, if it lies below, and without detours
    /// (`./include/x.h`, `lib/../x.c`).
    private SourceLine relative(SourceLine l) {
        if (l == null) {
            return null;
        }
        String path = straight(l.file());
        String top = path.startsWith("/") ? straight(directory()) : "";
        return new SourceLine(!top.isEmpty() && path.startsWith(top + "/") ? path.substring(top.length() + 1) : path, l.line());
    }

    private static String straight(String path) {
        if (!path.contains("./") && !path.contains("//")) {
            return path;
        }
        var sb = new StringBuilder(path.length());
        int kept = 0; // parts that a .. can take back
        for (int at = 0; at <= path.length(); ) {
            int slash = path.indexOf('/', at);
            int end = slash < 0 ? path.length() : slash;
            String part = path.substring(at, end);
            if (part.equals("..") && kept > 0) {
                sb.setLength(sb.lastIndexOf("/") < 0 ? 0 : sb.lastIndexOf("/"));
                kept--;
            } else if (!part.isEmpty() && !part.equals(".")) {
                sb.append(sb.isEmpty() && !path.startsWith("/") ? "" : "/").append(part);
                kept += part.equals("..") ? 0 : 1;
            }
            at = end + 1;
        }
        return sb.toString();
    }
}
