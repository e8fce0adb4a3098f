package klink.findings;

import java.util.List;
import klink.check.Violation;
import klink.report.Finding.Severity;

/// One finding as it is shown: all that modpost says of one reference, with its places located.
///
/// @param said  what modpost says; the first is the finding, others give reasons. All are about the same places
/// @param from  the place that refers; null if there is none
/// @param to    what is referred to; null if there is none
/// @param chain how the referring function is reached, innermost first
/// @param key   which finding this is, without what moves; see [Key]
/// @param state compared with a baseline
record Item(List<Violation> said, Place from, Place to, List<Place> chain, String key, State state) {
    /// `NONE` without a baseline.
    enum State { NONE, NEW, KNOWN }

    Violation first() {
        return said.getFirst();
    }

    String rule() {
        return first().rule();
    }

    List<String> advice() {
        return first().advice();
    }

    /// The worst that is said.
    Severity severity() {
        for (Violation v : said) {
            if (v.severity() == Severity.ERROR) {
                return Severity.ERROR;
            }
        }
        return first().severity();
    }

    boolean isKnown() {
        return state == State.KNOWN;
    }

    Item with(State newState) {
        return new Item(said, from, to, chain, key, newState);
    }
}
