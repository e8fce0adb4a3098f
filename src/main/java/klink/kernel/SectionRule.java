package klink.kernel;

import java.util.List;

/// Which sections may not refer to which: one row of the table that scripts/mod/modpost.c calls `sectioncheck`.
///
/// @param kind    what breaking it is called
/// @param from    sections it holds for
/// @param bad     a reference to one of these breaks it
/// @param good    if not empty: so does a reference to anything else
/// @param reason  why
public record SectionRule(Kind kind, List<NamePattern> from, List<NamePattern> bad, List<NamePattern> good, String reason) {
    /// modpost's `enum mismatch`, all versions together.
    public enum Kind {
        TEXT_TO_ANY_INIT, DATA_TO_ANY_INIT, TEXT_TO_ANY_EXIT, DATA_TO_ANY_EXIT, TEXTDATA_TO_ANY_INIT_EXIT, XXXINIT_TO_SOME_INIT,
        ANY_INIT_TO_ANY_EXIT, ANY_EXIT_TO_ANY_INIT, EXPORT_TO_INIT_EXIT, EXTABLE_TO_NON_TEXT
    }

    /// References that a rule forbids and that are fine all the same. What is null or empty is not asked.
    ///
    /// @param from        sections referring
    /// @param to          sections referred to
    /// @param fromSymbols symbols referring
    /// @param toSymbols   symbols referred to
    /// @param unlessExtra not with `W=1`
    /// @param reason      why
    public record Excuse(List<NamePattern> from, List<NamePattern> to, List<NamePattern> fromSymbols, List<NamePattern> toSymbols,
                         boolean unlessExtra, String reason) {
        public boolean holds(String fromSection, String toSection, String fromSymbol, String toSymbol, boolean extraWarnings) {
            return !(unlessExtra && extraWarnings) && asked(from, fromSection) && asked(to, toSection) && asked(fromSymbols, fromSymbol)
                && asked(toSymbols, toSymbol);
        }

        private static boolean asked(List<NamePattern> patterns, String name) {
            return patterns.isEmpty() || NamePattern.any(patterns, name);
        }
    }

    public boolean holdsFor(String fromSection) {
        return NamePattern.any(from, fromSection);
    }

    public boolean isBrokenBy(String toSection) {
        return NamePattern.any(bad, toSection) || !good.isEmpty() && !NamePattern.any(good, toSection);
    }
}
