package klink.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.report.BadInput;

/// The differences that a comparison is told to accept: one key a line, `*` for any run of characters,
/// and after `#` the reason, without which the line is refused.
///
/// A list that says more than is true hides the next bug, so every entry counts what it matched and the
/// comparison names those that matched nothing.
public final class IgnoreList {
    private final List<Entry> entries = new ArrayList<>();

    private static final class Entry {
        final String glob;
        final int line;
        int matched;

        Entry(String glob, int line) {
            this.glob = glob;
            this.line = line;
        }
    }

    public static IgnoreList none() {
        return new IgnoreList();
    }

    public static IgnoreList read(Path path) {
        try {
            return parse(path.toString(), Files.readString(path));
        } catch (IOException e) {
            throw new BadInput(path.toString(), 0, "cannot read: " + e.getMessage());
        }
    }

    static IgnoreList parse(String file, String text) {
        var list = new IgnoreList();
        int start = 0;
        int number = 1;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            String line = text.substring(start, end).strip();
            if (!line.isEmpty() && line.charAt(0) != '#') {
                int hash = line.indexOf('#');
                if (hash < 0 || line.substring(hash + 1).isBlank()) {
                    throw new BadInput(file, start, "line " + number + " ignores " + line + " without giving a reason after #");
                }
                list.entries.add(new Entry(line.substring(0, hash).strip(), number));
            }
            start = end + 1;
            number++;
        }
        return list;
    }

    /// Whether some entry covers the key; the first that does is charged with it.
    boolean covers(String key) {
        for (Entry e : entries) {
            if (matches(e.glob, key)) {
                e.matched++;
                return true;
            }
        }
        return false;
    }

    /// Entries that matched nothing, as `line N: glob`.
    List<String> unused() {
        var unused = new ArrayList<String>();
        for (Entry e : entries) {
            if (e.matched == 0) {
                unused.add("line " + e.line + ": " + e.glob);
            }
        }
        return unused;
    }

    static boolean matches(String glob, String key) {
        int g = 0;
        int k = 0;
        int star = -1;
        int resume = 0;
        while (k < key.length()) {
            if (g < glob.length() && glob.charAt(g) == '*') {
                star = g++;
                resume = k;
            } else if (g < glob.length() && glob.charAt(g) == key.charAt(k)) {
                g++;
                k++;
            } else if (star >= 0) {
                g = star + 1;
                k = ++resume;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }
}
