package klink.findings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import klink.report.BadInput;

/// Findings that are known and do not fail a check, so that a kernel with some can still see to it that no more come.
/// A text file to be kept with the sources: a line for each finding, sorted, ` xN` at its end where N references
/// have the same names at both ends.
///
/// @param counts by key, sorted
public record Baseline(Map<String, Integer> counts) {
    private static final String HEADER = """
            # Findings of klink check that are known: only others fail it.
            # A line each: rule, object, referring symbol (section) -> symbol referred to (section), xN if N references.
            # Made by klink check --baseline FILE --write-baseline, which also takes out what is gone.
            """;

    /// A finding that was there.
    record Gone(String key, int count) {}

    public static Baseline of(Findings findings) {
        var counts = new TreeMap<String, Integer>();
        for (Item i : findings.items) {
            counts.merge(i.key(), 1, Integer::sum);
        }
        return new Baseline(counts);
    }

    /// @throws BadInput for a line that is none of a baseline
    public static Baseline read(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new BadInput(file.toString(), 0, "no such baseline; --write-baseline makes it");
        } catch (IOException e) {
            throw new BadInput(file.toString(), 0, "cannot be read: " + (Files.isDirectory(file) ? "is a directory" : e.getMessage()));
        }
        var counts = new TreeMap<String, Integer>();
        for (int at = 0; at < bytes.length; ) {
            int end = at;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            String line = new String(bytes, at, end - at, StandardCharsets.UTF_8).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(counts, line, file, at);
            }
            at = end + 1;
        }
        return new Baseline(counts);
    }

    private static void add(Map<String, Integer> counts, String line, Path file, int offset) {
        int times = line.lastIndexOf(" x");
        int count = times < 0 ? -1 : number(line, times + 2);
        String key = count < 0 ? line : line.substring(0, times);
        if (key.indexOf(' ') < 0 || count == 0 || key.startsWith("<<<") || key.startsWith(">>>") || key.startsWith("===")) {
            throw new BadInput(file.toString(), offset, "not a line of a baseline: " + line);
        }
        counts.merge(key, Math.max(1, count), Integer::sum);
    }

    /// The number that the rest of a line is; -1 if it is none.
    private static int number(String line, int from) {
        int n = 0;
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < '0' || c > '9' || i - from > 8) {
                return -1;
            }
            n = 10 * n + c - '0';
        }
        return from < line.length() ? n : -1;
    }

    /// The file's text.
    public String text() {
        var sb = new StringBuilder(HEADER);
        for (Map.Entry<String, Integer> e : counts.entrySet()) {
            sb.append(e.getKey()).append(e.getValue() > 1 ? " x" + e.getValue() : "").append('\n');
        }
        return sb.toString();
    }
}
