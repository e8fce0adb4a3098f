package klink.findings;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import klink.check.Violation;

/// Findings as text: the line that the kernel's own modpost prints, then what it does not know.
///
///     WARNING: modpost: vmlinux.o: section mismatch in reference: probe (section: .text) -> setup (section: .init.text)
///     >>> referenced at drivers/foo.c:34, drivers/foo.o:(.text+0x1c)
///     >>> setup is defined at drivers/foo.c:12, drivers/foo.o:(.init.text+0x0)
///     >>> probe is used by foo_driver at drivers/foo.c:60, drivers/foo.o:(.data+0x8)
///     >>> try: remove __init from setup: probe is used by foo_driver, which stays after boot
public final class TextReport {
    /// References with the same names at both ends of which the places are given.
    private static final int PLACES = 3;
    private static final int GONE = 10;

    private final PrintStream out;
    private final boolean all;

    /// @param all also known findings, and every reference
    public TextReport(PrintStream out, boolean all) {
        this.out = out;
        this.all = all;
    }

    public void print(Findings findings) {
        for (Block b : blocks(findings, all)) {
            for (Violation v : b.said()) {
                out.println(v.prefix() + v.message());
            }
            for (String line : b.lines()) {
                out.println(">>> " + line);
            }
        }
        gone(findings);
    }

    private void gone(Findings findings) {
        int lines = 0;
        for (Baseline.Gone g : findings.gone) {
            if (lines++ == GONE && !all) {
                out.println("klink: note: " + (findings.gone.size() - GONE) + " more lines of the baseline are gone (--all lists them)");
                break;
            }
            out.println("klink: note: gone: " + g.key() + (g.count() > 1 ? " x" + g.count() : ""));
        }
    }

    /// modpost's last words, where mismatches are errors (its option -E).
    public void refusal() {
        out.println("ERROR: modpost: Section mismatches detected.\nSet CONFIG_SECTION_MISMATCH_WARN_ONLY=y to allow them.");
    }

    /// The findings with one pair of names in one object.
    ///
    /// @param said  modpost's messages on all of them, as often as it says them: people count lines
    /// @param lines what follows, each to be put after `>>> `
    public record Block(List<Violation> said, List<String> lines) {}

    /// Findings as text, for whoever prints them otherwise.
    public static List<Block> blocks(Findings findings, boolean all) {
        var blocks = new ArrayList<Block>();
        for (List<Item> group : groups(findings, all).values()) {
            Item first = group.getFirst();
            List<String> lines = lines(group, all);
            int known = findings.hasBaseline ? findings.knownLike(first) : 0;
            if (first.isKnown()) {
                lines.add("known: in the baseline");
            } else if (known > 0) {
                lines.add("new: the baseline has " + known + " of them");
            }
            var said = new ArrayList<Violation>();
            for (Item i : group) {
                said.addAll(i.said());
            }
            blocks.add(new Block(List.copyOf(said), List.copyOf(lines)));
        }
        return blocks;
    }

    private static LinkedHashMap<String, List<Item>> groups(Findings findings, boolean all) {
        var groups = new LinkedHashMap<String, List<Item>>();
        for (Item i : findings.items) {
            if (all || !i.isKnown()) {
                String names = i.key() + "\0" + (i.from() == null ? "" : i.from().symbol()) + "\0" + (i.to() == null ? "" : i.to().symbol()) + "\0" + i.state();
                groups.computeIfAbsent(names, _ -> new ArrayList<>()).add(i);
            }
        }
        return groups;
    }

    private static List<String> lines(List<Item> group, boolean all) {
        var lines = new ArrayList<String>();
        Item first = group.getFirst();
        int shown = all ? group.size() : Math.min(PLACES, group.size());
        for (int i = 0; i < shown; i++) {
            Item item = group.get(i);
            if (item.from() != null) {
                lines.add((item.to() == null ? "" : "referenced ") + "at " + item.from().text());
            }
        }
        if (group.size() > shown) {
            int more = group.size() - shown;
            lines.add(more + " more reference" + (more > 1 ? "s" : "") + " (--all lists them)");
        }
        if (first.to() != null) {
            lines.add(name(first.to()) + " is defined at " + first.to().text());
        }
        String used = first.from() == null ? "" : name(first.from());
        for (Place p : first.chain()) {
            lines.add(used + " is used by " + name(p) + " at " + p.text());
            used = name(p);
        }
        for (String a : first.advice()) {
            lines.add("try: " + a);
        }
        return lines;
    }

    private static String name(Place p) {
        return p.symbol().isEmpty() ? "something in " + p.end().sectionName() : p.symbol();
    }
}
