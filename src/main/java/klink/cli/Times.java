package klink.cli;

import java.io.PrintStream;
import klink.report.Report;

/// `--time`: what each pass took, by its name in [klink.Link].
final class Times {
    private Times() {}

    static void print(Report report, PrintStream out) {
        long total = 0;
        for (Report.Pass p : report.passes()) {
            out.println("klink: time: " + padded(p.name(), 12) + millis(p.nanos()));
            total += p.nanos();
        }
        out.println("klink: time: " + padded("all passes", 12) + millis(total));
    }

    private static String padded(String s, int width) {
        return s + " ".repeat(Math.max(1, width - s.length()));
    }

    private static String millis(long nanos) {
        String tenths = Long.toString(nanos / 100_000);
        tenths = "0".repeat(Math.max(0, 2 - tenths.length())) + tenths;
        return " ".repeat(Math.max(0, 8 - tenths.length())) + tenths.substring(0, tenths.length() - 1) + "." + tenths.charAt(tenths.length() - 1) + " ms";
    }
}
