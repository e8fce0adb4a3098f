package klink.inspect;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import klink.inspect.Mismatch.End;

/// What the fix of each section mismatch is worth in memory. A reference from what stays to what is freed can be
/// mended on either side: drop the annotation of its target, and that many more bytes stay after boot; or give one
/// to who refers, and that many more are freed. Which of the two is right depends on who else calls it; this says
/// what each costs or saves. The bytes are the symbol's own (st_size), before memory is rounded to pages; what else
/// a function drags along is not counted.
///
/// A kernel has none of these, or a handful; one that nobody checked for a while has a hundred.
final class FixCosts {
    /// One pair of symbols, however many references there are between them.
    ///
    /// @param keeps bytes more after boot if the target loses its annotation; -1: the image does not tell, or it is not freed now
    /// @param frees bytes more freed if the referring symbol is annotated; -1 likewise
    record Fix(Mismatch mismatch, int references, long keeps, long frees, String drop, String mark, String unclear) {}

    private final ElfSymbols symbols;
    private final InitMemory memory;
    private final Map<String, List<Integer>> byName = new HashMap<>();
    private final List<Fix> fixes = new ArrayList<>();
    private int references;
    private long keeps;
    private long frees;

    private FixCosts(ElfImage image, InitMemory memory, List<Mismatch> mismatches) {
        symbols = image.symbols();
        this.memory = memory;
        for (int i = 1; i < symbols.count(); i++) {
            if (symbols.isInSection(i) && symbols.hasName(i)) {
                byName.computeIfAbsent(symbols.name(i), n -> new ArrayList<>()).add(i);
            }
        }
        var pairs = new LinkedHashMap<List<End>, List<Mismatch>>();
        for (Mismatch m : mismatches) {
            pairs.computeIfAbsent(List.of(m.from(), m.to()), ends -> new ArrayList<>()).add(m);
        }
        Set<Integer> dropped = new HashSet<>();
        Set<Integer> marked = new HashSet<>();
        for (List<Mismatch> pair : pairs.values()) {
            references += pair.size();
            fixes.add(fix(pair.getFirst(), pair.size(), dropped, marked));
        }
        fixes.sort((a, b) -> Long.compare(Math.max(b.keeps, b.frees), Math.max(a.keeps, a.frees)));
    }

    static FixCosts of(ElfImage image, InitMemory memory, Path findings) {
        return new FixCosts(image, memory, FindingsFile.read(findings));
    }

    static FixCosts of(ElfImage image, InitMemory memory, List<Mismatch> mismatches) {
        return new FixCosts(image, memory, mismatches);
    }

    List<Fix> fixes() {
        return List.copyOf(fixes);
    }

    /// Bytes more after boot if every target lost its annotation, each symbol counted once.
    long keeps() {
        return keeps;
    }

    /// Bytes more freed if everything that refers were annotated, each symbol counted once.
    long frees() {
        return frees;
    }

    private Fix fix(Mismatch m, int count, Set<Integer> dropped, Set<Integer> marked) {
        boolean table = isTable(m);
        int from = table ? 0 : find(m.from());
        int to = find(m.to());
        long kept = -1;
        long freed = -1;
        if (to > 0 && isFreed(to) && symbols.size(to) != 0) {
            kept = symbols.size(to);
            keeps += dropped.add(to) ? kept : 0;
        }
        if (from > 0 && !isFreed(from) && symbols.size(from) != 0) {
            freed = symbols.size(from);
            frees += marked.add(from) ? freed : 0;
        }
        String drop = kept < 0 ? "" : "drop " + annotation(m.to()) + " from " + m.to().symbol();
        String mark = freed < 0 ? "" : "mark " + m.from().symbol() + " " + wanted(m);
        if (m.rule().startsWith("EXPORT") && kept >= 0) {
            mark = "do not export it";
        }
        return new Fix(m, count, kept, freed, drop, mark, (table ? "" : unclear(m.from(), from)) + unclear(m.to(), to));
    }

    /// Whether an entry of a table refers, which no annotation moves: of the exported symbols, of the exceptions.
    private static boolean isTable(Mismatch m) {
        return m.rule().startsWith("EXPORT") || m.rule().startsWith("EXTABLE");
    }

    private boolean isFreed(int symbol) {
        return memory.isFreed(memory.addressOf(symbols.shndx(symbol), symbols.value(symbol)));
    }

    /// The symbol of the image: by name, and by the object too where several have that name. 0: none; -1: which one?
    private int find(End end) {
        var named = byName.getOrDefault(end.symbol(), List.of());
        if (named.size() <= 1 || end.symbol().isEmpty()) {
            return named.isEmpty() || end.symbol().isEmpty() ? 0 : named.getFirst();
        }
        int found = 0;
        for (int i : named) {
            if (memory.isIn(end.object(), end.section(), symbols.value(i))) {
                found = found == 0 ? i : -1;
            }
        }
        return found == 0 ? -1 : found;
    }

    private String unclear(End end, int symbol) {
        if (symbol > 0) {
            return symbols.size(symbol) == 0 ? end.symbol() + " has no size; " : "";
        }
        if (end.symbol().isEmpty()) {
            return "no symbol in " + end.object() + "(" + end.section() + "); ";
        }
        return symbol == 0 ? end.symbol() + " is not in the image; "
                : byName.get(end.symbol()).size() + " symbols are called " + end.symbol() + (memory.hasObjects() ? "; " : ", --map tells them apart; ");
    }

    /// What a declaration says to get into this section (include/linux/init.h).
    private static String annotation(End to) {
        String s = to.section();
        int kind = s.indexOf('.', 1);
        String stem = kind < 0 ? s : s.substring(0, kind);
        return switch (stem) {
            case ".init", ".meminit", ".exit", ".memexit" -> "__" + stem.substring(1)
                    + (s.startsWith(".data", kind) ? "data" : s.startsWith(".rodata", kind) ? "const" : s.startsWith(".text", kind) ? "" : "…");
            case ".ref" -> "__ref" + (to.function() ? "" : "data");
            default -> s;
        };
    }

    /// The annotation that would put who refers beside what it refers to.
    private static String wanted(Mismatch m) {
        String stem = m.to().section().contains("exit") ? "__exit" : "__init";
        return m.from().function() ? stem : stem + (m.from().section().startsWith(".rodata") ? "const" : "data");
    }

    void printText(PrintStream out, int lines) {
        out.println(String.format(Locale.ROOT, "%12s%12s  what a fix costs or saves: %d mismatches in %d references", "more kept", "more freed",
                fixes.size(), references));
        int shown = lines == 0 || fixes.size() <= lines ? fixes.size() : lines - 1;
        for (Fix f : fixes.subList(0, shown)) {
            out.println(String.format(Locale.ROOT, "%12s%12s  %s -> %s", bytes(f.keeps), bytes(f.frees), end(f.mismatch.from()), end(f.mismatch.to())));
            String advice = f.drop.isEmpty() || f.mark.isEmpty() ? f.drop + f.mark : f.drop + ", or " + f.mark;
            if (!advice.isEmpty()) {
                out.println(" ".repeat(26) + "    " + advice);
            }
            if (!f.unclear.isEmpty()) {
                out.println(" ".repeat(26) + "    not counted: " + f.unclear.substring(0, f.unclear.length() - 2));
            }
        }
        if (shown < fixes.size()) {
            out.println(" ".repeat(26) + "(" + (fixes.size() - shown) + " more)");
        }
        out.println(String.format(Locale.ROOT, "%12s%12s  in all, each symbol once", bytes(keeps), bytes(frees)));
    }

    private static String bytes(long n) {
        return n < 0 ? "-" : String.format(Locale.ROOT, "%,d", n);
    }

    private static String end(End e) {
        return (e.symbol().isEmpty() ? "?" : e.symbol()) + " (" + e.section() + ", " + e.object() + ")";
    }

    void appendJson(StringBuilder sb) {
        sb.append(",\n\"fixes\": [");
        String separator = "\n";
        for (Fix f : fixes) {
            sb.append(separator).append("  {\"rule\": ").append(Names.quoted(f.mismatch.rule()));
            appendEnd(sb, "from", f.mismatch.from());
            appendEnd(sb, "to", f.mismatch.to());
            sb.append(", \"references\": ").append(f.references).append(", \"keeps\": ").append(f.keeps < 0 ? "null" : f.keeps)
                    .append(", \"frees\": ").append(f.frees < 0 ? "null" : f.frees).append(", \"drop\": ").append(Names.quoted(f.drop))
                    .append(", \"mark\": ").append(Names.quoted(f.mark)).append(", \"unclear\": ").append(Names.quoted(f.unclear)).append('}');
            separator = ",\n";
        }
        sb.append("\n],\n\"fixes-total\": {\"references\": ").append(references).append(", \"keeps\": ").append(keeps).append(", \"frees\": ")
                .append(frees).append('}');
    }

    private static void appendEnd(StringBuilder sb, String key, End e) {
        sb.append(", \"").append(key).append("\": {\"object\": ").append(Names.quoted(e.object())).append(", \"section\": ").append(Names.quoted(e.section()))
                .append(", \"symbol\": ").append(Names.quoted(e.symbol())).append('}');
    }
}
