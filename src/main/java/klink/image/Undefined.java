package klink.image;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import klink.input.ObjectFile;
import klink.report.Finding;
import klink.report.Report;
import klink.resolve.Symbols;

/// References that cannot be resolved, gathered from all threads: per symbol the first three in
/// input order are shown and the others counted.
final class Undefined {
    private static final int SHOWN = 3;
    private static final int KEPT = 10_000;

    private record Site(int file, int section, long offset) {}

    private final Symbols symbols;
    private final TreeMap<Integer, List<Site>> sites = new TreeMap<>();

    Undefined(Symbols symbols) {
        this.symbols = symbols;
    }

    synchronized void add(int global, int file, int section, long offset) {
        List<Site> list = sites.computeIfAbsent(global, g -> new ArrayList<>());
        if (list.size() < KEPT) {
            list.add(new Site(file, section, offset));
        }
    }

    void report(Report report) {
        sites.forEach((global, list) -> {
            list.sort(Comparator.comparingInt(Site::file).thenComparingInt(Site::section).thenComparingLong(Site::offset));
            Finding f = Finding.error("undefined symbol: " + symbols.names().name(global));
            for (int i = 0; i < Math.min(SHOWN, list.size()); i++) {
                Site s = list.get(i);
                ObjectFile file = symbols.file(s.file);
                f = f.at("referenced by " + file.name() + ":(" + file.sectionName(s.section) + "+0x" + Long.toHexString(s.offset) + ")");
            }
            if (list.size() > SHOWN) {
                f = f.at("referenced " + (list.size() - SHOWN) + " more times");
            }
            Site first = list.getFirst();
            report.add(f.ordered((long) first.file << 32 | first.section));
        });
    }
}
