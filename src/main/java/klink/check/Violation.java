package klink.check;

import java.util.List;
import klink.report.Finding;

/// One thing that modpost would complain of, as data: text, JSON and SARIF are made from it last.
///
/// @param rule     what was broken: a name that stays the same for all time, in the kernel's words where it has
///                 one (`TEXT_TO_ANY_INIT`, `EXTABLE_TO_NON_TEXT`, `duplicate-export`)
/// @param severity a warning leaves the link alone; an error stops it
/// @param message  the kernel's own wording for this version, first line without `WARNING: modpost: ` or
///                 `ERROR: modpost: `, further lines as the kernel prints them
/// @param from     the place that refers, or the place complained of; null if it has none
/// @param to       the place referred to; null if the complaint is not about a reference
/// @param chain    how the referring function is itself reached, innermost caller first; often empty
/// @param advice   what to change, one sentence a line
/// @param fatal    an error at which that modpost stops, so that it reports nothing more
public record Violation(String rule, Finding.Severity severity, String message, End from, End to, List<End> chain, List<String> advice, boolean fatal) {
    public Violation {
        chain = List.copyOf(chain);
        advice = List.copyOf(advice);
    }

    public Violation(String rule, Finding.Severity severity, String message, End from, End to, List<End> chain, List<String> advice) {
        this(rule, severity, message, from, to, chain, advice, false);
    }

    /// Without chain and advice.
    public Violation(String rule, Finding.Severity severity, String message, End from, End to) {
        this(rule, severity, message, from, to, List.of(), List.of());
    }

    /// The same with how the referring function is reached, and what to change.
    public Violation with(List<End> reachedBy, List<String> change) {
        return new Violation(rule, severity, message, from, to, reachedBy, change, fatal);
    }

    /// Whether modpost counts it among section mismatches, which its option -E refuses: those it names in capitals.
    public boolean isMismatch() {
        return Character.isUpperCase(rule.charAt(0));
    }

    /// What modpost puts before [#message].
    public String prefix() {
        return switch (severity) {
            case ERROR -> fatal ? "FATAL: modpost: " : "ERROR: modpost: ";
            case WARNING, NOTE -> "WARNING: modpost: ";
        };
    }
}
