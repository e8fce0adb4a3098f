package klink.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A benchmark's result as text or JSON.
final class BenchReport {
    /// Digits of a hash that a table has room for; JSON has all.
    private static final int DIGITS = 12;

    private BenchReport() {}

    static String text(Benchmark.Result r, boolean steps) {
        var sb = new StringBuilder();
        line(sb, "machine   %s", r.machine().text());
        line(sb, "tree      Linux %s, %s, %s", r.release(), r.input(), r.btf() ? "with BTF" : "without BTF");
        r.versions().forEach((program, version) -> line(sb, "%-9s %s", program, version));
        line(sb, "runs      %d of each, in turn, %d before that do not count; load average before %.2f%n", r.runs(), r.warmUps(), r.machine().load());
        line(sb, "%-26s %8s %8s %8s %8s %9s %8s  %-12s  %-12s", "", "median s", "min s", "max s", "CPU s", "peak MiB", "x klink", "vmlinux",
                "System.map");
        double klink = r.scores().getFirst().median();
        for (Score s : r.scores()) {
            if (s.failure != null) {
                line(sb, "%-26s %s", s.contender.name(), s.failure);
                continue;
            }
            line(sb, "%-26s %8.3f %8.3f %8.3f %8s %9s %8.2f  %-12s  %-12s", s.contender.name(), s.median(), s.minimum(), s.maximum(), cpu(s), peak(s),
                    s.median() / klink, digits(s.images()), digits(s.systemMaps()));
        }
        sb.append('\n');
        CheckCost checks = CheckCost.of(r.scores());
        if (checks != null) {
            line(sb, "%s%n", checks.text());
        }
        for (Score s : r.scores()) {
            if (s.failure == null) {
                line(sb, "%-26s %s; leaves %s", s.contender.name(), s.contender.what(), String.join(", ", s.made));
            }
        }
        if (steps) {
            r.scores().forEach(s -> steps(sb, s));
        }
        return sb.toString();
    }

    /// Where a pipeline's time goes: the median of each step, which need not add up to the median of the whole.
    private static void steps(StringBuilder sb, Score s) {
        if (s.samples.isEmpty() || s.samples.getFirst().steps().isEmpty()) {
            return;
        }
        line(sb, "%n%s", s.contender.name());
        for (String step : s.samples.getFirst().steps().keySet()) {
            line(sb, "    %-24s %6.2f", step, s.median(sample -> sample.steps().getOrDefault(step, 0.0)));
        }
    }

    private static String cpu(Score s) {
        double cpu = s.median(Sample::cpu);
        return Double.isNaN(cpu) ? "?" : String.format(Locale.ROOT, "%.2f", cpu);
    }

    private static String peak(Score s) {
        return s.peak() < 0 ? "?" : String.format(Locale.ROOT, "%d", s.peak() >> 20);
    }

    private static String digits(List<String> hashes) {
        return hashes.size() > 1 ? "varies" : hashes.getFirst().isEmpty() ? "none" : hashes.getFirst().substring(0, DIGITS);
    }

    private static void line(StringBuilder sb, String format, Object... values) {
        sb.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    static String json(Benchmark.Result r) {
        var sb = new StringBuilder("{\n");
        Machine m = r.machine();
        line(sb, "  \"machine\": {\"processor\": %s, \"cores\": %d, \"memory\": %d, \"system\": %s, \"load\": %.2f},",
                quoted(m.processor()), m.cores(), m.memory(), quoted(m.system()), m.load());
        line(sb, "  \"kernel\": %s, \"input\": %s, \"btf\": %b, \"runs\": %d,", quoted(r.release()), quoted(r.input()), r.btf(), r.runs());
        line(sb, "  \"versions\": %s,", object(new TreeMap<>(r.versions())));
        CheckCost checks = CheckCost.of(r.scores());
        if (checks != null) {
            line(sb, "  \"section-checks\": %s,", checks.json());
        }
        sb.append("  \"results\": [");
        String separator = "\n";
        for (Score s : r.scores()) {
            sb.append(separator);
            separator = ",\n";
            sb.append("    {\"name\": ").append(quoted(s.contender.name()));
            if (s.failure != null) {
                sb.append(", \"failure\": ").append(quoted(s.failure)).append('}');
                continue;
            }
            sb.append(String.format(Locale.ROOT, ", \"median\": %.4f, \"ratio\": %.4f, \"leaves\": \"%s\",%n     \"runs\": [", s.median(),
                    s.median() / r.scores().getFirst().median(), String.join(" ", s.made)));
            String comma = "";
            for (Sample x : s.samples) {
                sb.append(comma).append(sample(x));
                comma = ",\n              ";
            }
            sb.append("]}");
        }
        return sb.append("\n  ]\n}\n").toString();
    }

    private static String sample(Sample x) {
        var sb = new StringBuilder(String.format(Locale.ROOT,
                "{\"seconds\": %.4f, \"cpu\": %s, \"peak\": %s, \"vmlinux\": %s, \"System.map\": %s", x.seconds(),
                Double.isNaN(x.cpu()) ? "null" : String.format(Locale.ROOT, "%.2f", x.cpu()), x.peak() < 0 ? "null" : Long.toString(x.peak()),
                quoted(x.image()), x.systemMap().isEmpty() ? "null" : quoted(x.systemMap())));
        if (!x.steps().isEmpty()) {
            sb.append(", \"steps\": {");
            String comma = "";
            for (Map.Entry<String, Double> e : x.steps().entrySet()) {
                sb.append(comma).append(quoted(e.getKey())).append(String.format(Locale.ROOT, ": %.2f", e.getValue()));
                comma = ", ";
            }
            sb.append('}');
        }
        return sb.append('}').toString();
    }

    private static String object(Map<String, String> values) {
        var sb = new StringBuilder("{");
        String comma = "";
        for (Map.Entry<String, String> e : values.entrySet()) {
            sb.append(comma).append(quoted(e.getKey())).append(": ").append(quoted(e.getValue()));
            comma = ", ";
        }
        return sb.append('}').toString();
    }

    static String quoted(String text) {
        var sb = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                sb.append('\\').append(c);
            } else if (c < ' ') {
                sb.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                sb.append(c);
            }
        }
        return sb.append('"').toString();
    }
}
