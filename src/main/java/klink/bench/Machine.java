package klink.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What a figure depends on besides the programs: the machine, as Linux describes it.
///
/// @param load processes that wanted to run in the last minute, before the first run
record Machine(String processor, int cores, long memory, String system, double load) {
    static Machine here() {
        return new Machine(field("/proc/cpuinfo", "model name"), Runtime.getRuntime().availableProcessors(),
                kilobytes(field("/proc/meminfo", "MemTotal")) * 1024, "Linux " + text("/proc/sys/kernel/osrelease").strip(), loadNow());
    }

    static double loadNow() {
        String text = text("/proc/loadavg");
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text.substring(0, text.indexOf(' ')));
    }

    String text() {
        return String.format(Locale.ROOT, "%s, %d cores, %.1f GiB, %s", processor, cores, memory / (double) (1 << 30), system);
    }

    /// The first line that a program prints when asked for its version.
    static String version(String program) {
        try {
            var process = new ProcessBuilder(List.of(program, "--version")).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text.lines().findFirst().orElse("").strip() : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static long kilobytes(String text) {
        int space = text.indexOf(' ');
        return text.isEmpty() ? 0 : Long.parseLong(space < 0 ? text : text.substring(0, space));
    }

    private static String field(String file, String name) {
        for (String line : text(file).split("\n")) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
                return line.substring(colon + 1).strip();
            }
        }
        return "";
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            return "";
        }
    }
}
