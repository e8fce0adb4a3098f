package klink.inspect;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import klink.inspect.InitMemory.Part;
import klink.report.BadInput;

/// `klink inspect --init`: how much of the image the kernel gives back after boot, whose it is, and what the fix
/// of each section mismatch would cost or save there. The total is what the booted kernel prints as freed, and the
/// lines of each list add up to it.
public final class InitReport {
    /// By what the freed memory is listed.
    public enum By { section, directory, object, symbol }

    /// What is asked for.
    ///
    /// @param map      the link map, or null: then nothing is known of objects
    /// @param findings what `klink check --format=json` wrote, or null
    /// @param by       the only list wanted, or null for all of them
    /// @param lines    of each list; what does not fit is one line; 0: all. JSON has all
    public record Wanted(Path vmlinux, Path map, Path findings, By by, int lines, boolean json) {}

    private record Table(By by, List<Part> parts) {}

    private final Wanted wanted;
    private final InitMemory memory;
    private final FixCosts costs;
    private final List<Table> tables = new ArrayList<>();

    private InitReport(Wanted wanted) {
        this.wanted = wanted;
        var image = ElfImage.open(wanted.vmlinux);
        memory = new InitMemory(image, wanted.map == null ? null : LinkMap.read(wanted.map));
        table(By.section, memory::bySection);
        if (memory.hasObjects()) {
            table(By.directory, memory::byDirectory);
            table(By.object, memory::byObject);
        }
        table(By.symbol, memory::bySymbol);
        costs = wanted.findings == null ? null : FixCosts.of(image, memory, wanted.findings);
    }

    private void table(By by, Supplier<List<Part>> parts) {
        if (wanted.by == null || wanted.by == by) {
            tables.add(new Table(by, parts.get()));
        }
    }

    /// Prints what is wanted. Returns 0, or 1 if a file cannot be read.
    public static int run(Wanted wanted, PrintStream out, PrintStream err) {
        try {
            var report = new InitReport(wanted);
            if (wanted.json) {
                report.printJson(out);
            } else {
                report.printText(out);
            }
            return 0;
        } catch (BadInput e) {
            err.println(e.finding().text());
            return 1;
        }
    }

    private void printText(PrintStream out) {
        out.println(wanted.vmlinux + ": what the kernel frees of its image, in the words of its log");
        for (FreedRange r : memory.ranges()) {
            String line = "    " + r.message();
            out.println(r.condition().isEmpty() ? line : String.format(Locale.ROOT, "%-68s (%s)", line, r.condition()));
        }
        out.println(String.format(Locale.ROOT, "    in all %,d bytes, %dK", memory.total(), memory.total() / 1024));
        for (Table t : tables) {
            out.println();
            out.println(String.format(Locale.ROOT, "%12s  by %s", "bytes", t.by));
            print(t.parts, out);
        }
        if (costs != null) {
            out.println();
            costs.printText(out, wanted.lines);
        }
    }

    private void print(List<Part> parts, PrintStream out) {
        int named = (int) parts.stream().filter(Part::real).count();
        int shown = wanted.lines == 0 || named <= wanted.lines ? named : wanted.lines - 1;
        long rest = 0;
        long sum = 0;
        for (int i = 0; i < parts.size(); i++) {
            Part p = parts.get(i);
            sum += p.bytes();
            if (i < shown) {
                line(out, p.bytes(), p.detail().isEmpty() ? p.name() : p.name() + "  (" + p.detail() + ")");
            } else if (p.real()) {
                rest += p.bytes();
            }
        }
        if (shown < named) {
            line(out, rest, "(" + (named - shown) + " more)");
        }
        for (Part p : parts.subList(named, parts.size())) {
            line(out, p.bytes(), "(" + p.name() + ")");
        }
        line(out, sum, "in all");
    }

    private static void line(PrintStream out, long bytes, String what) {
        out.println(String.format(Locale.ROOT, "%,12d  %s", bytes, what));
    }

    private void printJson(PrintStream out) {
        var sb = new StringBuilder("{\"file\": ").append(Names.quoted(wanted.vmlinux.toString())).append(", \"total\": ").append(memory.total())
                .append(",\n\"freed\": [");
        String separator = "\n";
        for (FreedRange r : memory.ranges()) {
            sb.append(separator).append("  {\"what\": ").append(Names.quoted(r.what())).append(", \"message\": ").append(Names.quoted(r.message()))
                    .append(", \"from\": \"0x").append(Long.toHexString(r.from())).append("\", \"to\": \"0x").append(Long.toHexString(r.to()))
                    .append("\", \"bytes\": ").append(r.bytes()).append(", \"condition\": ").append(Names.quoted(r.condition())).append('}');
            separator = ",\n";
        }
        sb.append("\n]");
        for (Table t : tables) {
            sb.append(",\n\"").append(t.by).append("\": [");
            separator = "\n";
            for (Part p : t.parts) {
                sb.append(separator).append("  {\"name\": ").append(Names.quoted(p.name())).append(", \"bytes\": ").append(p.bytes())
                        .append(", \"detail\": ").append(Names.quoted(p.detail())).append(", \"padding\": ").append(!p.real()).append('}');
                separator = ",\n";
            }
            sb.append("\n]");
        }
        if (costs != null) {
            costs.appendJson(sb);
        }
        out.println(sb.append("\n}"));
    }
}
