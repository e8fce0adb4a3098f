package klink.findings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.check.End;
import klink.check.Violation;
import klink.report.Finding.Severity;

/// What the checks found, ready to be shown: source lines looked up, what belongs to one reference put together,
/// compared with a baseline if there is one. Text, JSON and SARIF are made from this.
///
/// A healthy kernel has none to a handful; an unhealthy one some hundred.
public final class Findings {
    final List<Item> items;
    final List<Baseline.Gone> gone;
    final boolean hasBaseline;

    private Findings(List<Item> items, List<Baseline.Gone> gone, boolean hasBaseline) {
        this.items = List.copyOf(items);
        this.gone = List.copyOf(gone);
        this.hasBaseline = hasBaseline;
    }

    /// Looks up the places of `violations`; reads debug information of the objects named there.
    /// @param build directory left out of objects' names, or null
    /// @param top   directory of the sources, absolute, left out of sources' names, or null
    public static Findings of(List<Violation> violations, Path build, Path top) {
        var sources = new Sources(build, top);
        var items = new ArrayList<Item>();
        for (int i = 0; i < violations.size(); ) {
            Violation v = violations.get(i);
            int end = i + 1;
            while (end < violations.size() && isOfSameReference(v, violations.get(end))) {
                end++;
            }
            Place from = v.to() == null ? sources.declaration(v.from()) : sources.user(v.from());
            Place to = sources.declaration(v.to());
            var chain = new ArrayList<Place>();
            for (End e : v.chain()) {
                chain.add(sources.user(e));
            }
            items.add(new Item(List.copyOf(violations.subList(i, end)), from, to, List.copyOf(chain), Key.of(v, from, to), Item.State.NONE));
            i = end;
        }
        return new Findings(items, List.of(), false);
    }

    /// modpost says the reason for some findings in a message of its own.
    private static boolean isOfSameReference(Violation v, Violation next) {
        return v.from() != null && v.to() != null && v.rule().equals(next.rule()) && v.from().equals(next.from()) && v.to().equals(next.to());
    }

    /// The same findings, known ones marked. Of several with one key the first are the known ones.
    public Findings comparedWith(Baseline baseline) {
        var left = new HashMap<>(baseline.counts());
        var marked = new ArrayList<Item>();
        for (Item i : items) {
            int n = left.getOrDefault(i.key(), 0);
            marked.add(i.with(n > 0 ? Item.State.KNOWN : Item.State.NEW));
            left.put(i.key(), n - 1);
        }
        var gone = new ArrayList<Baseline.Gone>();
        for (Map.Entry<String, Integer> e : baseline.counts().entrySet()) {
            int n = left.get(e.getKey());
            if (n > 0) {
                gone.add(new Baseline.Gone(e.getKey(), n));
            }
        }
        return new Findings(marked, gone, true);
    }

    /// How many with the same key the baseline has.
    int knownLike(Item item) {
        int n = 0;
        for (Item i : items) {
            n += i.isKnown() && i.key().equals(item.key()) ? 1 : 0;
        }
        return n;
    }

    public boolean isCompared() {
        return hasBaseline;
    }

    public int count() {
        return items.size();
    }

    /// Section mismatches, as modpost counts them: one for each reference.
    public int mismatches() {
        int n = 0;
        for (Item i : items) {
            n += RuleText.of(i.rule()).isMismatch() ? 1 : 0;
        }
        return n;
    }

    /// Findings that are errors whatever the options.
    public int errors() {
        int n = 0;
        for (Item i : items) {
            n += i.severity() == klink.report.Finding.Severity.ERROR ? 1 : 0;
        }
        return n;
    }

    /// Findings that are not in the baseline; all, if there is none.
    public int fresh() {
        int n = 0;
        for (Item i : items) {
            n += i.isKnown() ? 0 : 1;
        }
        return n;
    }

    /// Section mismatches that are not in the baseline.
    public int freshMismatches() {
        int n = 0;
        for (Item i : items) {
            n += !i.isKnown() && RuleText.of(i.rule()).isMismatch() ? 1 : 0;
        }
        return n;
    }

    /// Findings of the baseline that are not there any more.
    public int goneCount() {
        int n = 0;
        for (Baseline.Gone g : gone) {
            n += g.count();
        }
        return n;
    }

    public boolean hasErrors() {
        for (Item i : items) {
            if (i.severity() == Severity.ERROR) {
                return true;
            }
        }
        return false;
    }
}
