package klink.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import klink.report.BadInput;

/// The configuration a kernel tree was built with: `include/config/auto.conf`, the file that the
/// kernel's own link script asks (scripts/link-vmlinux.sh, `is_enabled`). It has 1,500 to 3,000
/// lines `CONFIG_X=value`; options that are off do not appear.
public final class Config {
    private final Map<String, String> values;
    private final String release;

    private Config(Map<String, String> values, String release) {
        this.values = values;
        this.release = release;
    }

    /// No option set: what a plain `ld` run, outside a kernel tree, sees.
    public static Config empty() {
        return new Config(Map.of(), "");
    }

    public static Config read(Path file) throws IOException {
        byte[] text;
        try {
            text = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new BadInput(file.toString(), 0, "no such file; configure the kernel tree first");
        }
        return parse(text, file.toString());
    }

    /// @param name the file's name, for messages
    public static Config parse(byte[] text, String name) {
        var values = new HashMap<String, String>(4096);
        String release = "";
        for (int at = 0; at < text.length; ) {
            int end = at;
            int equals = -1;
            for (; end < text.length && text[end] != '\n'; end++) {
                if (equals < 0 && text[end] == '=') {
                    equals = end;
                }
            }
            if (end > at && text[at] == '#') {
                if (release.isEmpty()) {
                    release = releaseIn(new String(text, at, end - at, StandardCharsets.UTF_8));
                }
            } else if (equals > at) {
                values.put(new String(text, at, equals - at, StandardCharsets.UTF_8), unquoted(text, equals + 1, end));
            } else if (end > at) {
                throw new BadInput(name, at, "not a configuration: a line without '='");
            }
            at = end + 1;
        }
        return new Config(values, release);
    }

    /// The value of an option, without quotes: `y`, `m`, a string or a number; null if it is off.
    ///
    /// @param option with its `CONFIG_` prefix
    public String get(String option) {
        return values.get(option);
    }

    /// Whether an option is built in. `=m` is not: what the link does depends on `y` alone.
    public boolean has(String option) {
        return "y".equals(values.get(option));
    }

    public int size() {
        return values.size();
    }

    /// The kernel version that the header comment names (`# Linux/x86 6.1.192 Kernel Configuration`),
    /// or empty.
    public String release() {
        return release;
    }

    private static String releaseIn(String comment) {
        int slash = comment.indexOf("Linux/");
        int from = slash < 0 ? -1 : comment.indexOf(' ', slash);
        if (from < 0 || !comment.endsWith(" Kernel Configuration")) {
            return "";
        }
        int to = comment.indexOf(' ', from + 1);
        return comment.substring(from + 1, to);
    }

    private static String unquoted(byte[] text, int from, int to) {
        if (to - from < 2 || text[from] != '"' || text[to - 1] != '"') {
            return new String(text, from, to - from, StandardCharsets.UTF_8);
        }
        var sb = new StringBuilder(to - from);
        String inner = new String(text, from + 1, to - from - 2, StandardCharsets.UTF_8);
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            if (c == '\\' && i + 1 < inner.length()) {
                c = inner.charAt(++i);
            }
            sb.append(c);
        }
        return sb.toString();
    }
}
