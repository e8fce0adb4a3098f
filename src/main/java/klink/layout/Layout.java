package klink.layout;

import java.util.List;
import klink.merge.MergedSections;
import klink.place.Placement;
import klink.report.Finding;
import klink.report.Report;
import klink.resolve.Symbols;
import klink.script.Command;
import klink.script.Script;

/// Assigns every address: the only loop in the link.
///
/// The script is walked from its first statement to its last; expressions may look ahead (`. =
/// srso_alias_untrain_ret | bits` inside `.text`, `SIZEOF` of a later section, `jiffies = jiffies_64`
/// before SECTIONS), so a walk uses what the one before it found and the walks go on until two in a row
/// agree. A kernel takes three.
public final class Layout {
    private static final int MOST_WALKS = 32;

    private Layout() {}

    /// @param early the layout is only wanted for which sections stay and where symbols belong, before
    ///              sizes are final: failed assertions are not reported
    public static Addresses assign(Script script, Symbols symbols, Placement place, MergedSections merged, Sizes sizes, Options options,
            List<Command.Assign> defsyms, boolean early, Report report) {
        var offsets = new InputOffsets(sizes, symbols.sectionCount(), place.sections().size());
        var previous = new Addresses(symbols, place, offsets, new ScriptSymbols(symbols));
        java.util.Arrays.fill(previous.scriptSection, Walk.UNKNOWN);
        java.util.Arrays.fill(previous.kept, true);
        for (int i = 0; i < MOST_WALKS; i++) {
            var walk = new Walk(script, symbols, place, merged, sizes, options, previous, Walk.Mode.SEARCH, report);
            Addresses now = walk.run(defsyms);
            if (i > 0 && !offsets.moved() && now.sameAs(previous)) {
                var last = new Walk(script, symbols, place, merged, sizes, options, now, early ? Walk.Mode.EARLY : Walk.Mode.FINAL, report);
                Addresses done = last.run(defsyms);
                last.settleSections();
                if (!early) {
                    Segments.assign(script, done, options, report);
                }
                return done;
            }
            previous = now;
        }
        report.add(Finding.error("the linker script does not settle: addresses still move after " + MOST_WALKS + " walks")
                .at("a section's size or address must depend on itself; see -Map for the last walk"));
        return previous;
    }
}
