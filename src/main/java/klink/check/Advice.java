package klink.check;

import java.util.ArrayList;
import java.util.List;
import klink.kernel.SectionRule.Kind;

/// What to change about a mismatch, and on which side: said from who uses the referring function.
final class Advice {
    private Advice() {}

    /// Whether code or data at this place is still there after boot.
    static boolean stays(End e) {
        String name = e.sectionName();
        return !(name.startsWith(".init") || name.startsWith(".meminit") || name.startsWith(".exit") || name.startsWith(".con_initcall")
                || name.startsWith(".head.text"));
    }

    /// @param callers all places that use the function that `v.from()` is in
    static List<String> of(Violation v, List<End> callers) {
        String from = v.from().symbol() == 0 ? "the referring " + (v.from().isFunction() ? "function" : "object") : Nearest.cut(v.from().symbolName());
        String to = v.to().symbol() == 0 ? "the target" : Nearest.cut(v.to().symbolName());
        String section = v.to().sectionName();
        boolean data = section.contains("data") || section.contains("setup");
        return switch (Kind.valueOf(v.rule())) {
            case TEXT_TO_ANY_INIT, DATA_TO_ANY_INIT, TEXTDATA_TO_ANY_INIT_EXIT, TEXT_TO_ANY_EXIT, DATA_TO_ANY_EXIT, XXXINIT_TO_SOME_INIT -> {
                boolean exit = section.startsWith(".exit");
                String mark = exit ? data ? "__exitdata" : "__exit" : data ? "__initdata (or __initconst)" : "__init";
                String own = v.from().sectionName().startsWith(".data") ? exit ? "__exitdata" : "__initdata" : exit ? "__exit" : "__init";
                yield text(v, from, to, mark, own, callers);
            }
            case ANY_INIT_TO_ANY_EXIT -> v.from().sectionName().startsWith(".pci_fixup")
                ? List.of("remove __init from " + to + ": a PCI fixup is called again on hotplug")
                : List.of("remove " + (data ? "__exitdata" : "__exit") + " from " + to + ": init code uses it, and exit code of what is built in is dropped");
            case ANY_EXIT_TO_ANY_INIT -> List.of("remove " + (data ? "__initdata" : "__init") + " from " + to + ": exit code runs when init sections are gone");
            case EXPORT_TO_INIT_EXIT -> List.of("remove " + (section.startsWith(".exit") ? "__exit" : "__init") + " from " + to
                + ", or do not export it: a module may use it at any time");
            case EXTABLE_TO_NON_TEXT -> List.of("the exception table must lead from code to code: see scripts/check_extable.sh, or list " + section
                + " in OTHER_TEXT_SECTIONS of scripts/mod/modpost.c");
        };
    }

    private static boolean isExport(End e) {
        return e.sectionName().startsWith("___ksymtab") || e.sectionName().startsWith(".export_symbol");
    }

    private static List<String> text(Violation v, String from, String to, String mark, String own, List<End> callers) {
        int stay = 0;
        End kept = null;
        for (End e : callers) {
            if (stays(e)) {
                stay++;
                kept = kept == null ? e : kept;
            }
        }
        var lines = new ArrayList<String>();
        if (v.from().sectionName().startsWith(".data")) {
            lines.add("mark " + from + " " + own + " if nothing uses it after boot, or remove " + mark + " from " + to);
            lines.add("if its use of " + to + " is over by then, mark it __refdata and say why in a comment");
        } else if (callers.isEmpty()) {
            lines.add("no use of " + from + " was found: mark it " + own + ", or remove " + mark + " from " + to);
        } else if (stay == 0) {
            lines.add(callers.size() == 1 ? "the only use of " + from + " is in " + callers.getFirst().sectionName() + ": mark " + from + " " + own
                    : "all " + callers.size() + " uses of " + from + " are in code and data that are freed too: mark " + from + " " + own);
        } else {
            String more = stay > 1 ? " (and in " + (stay - 1) + " more place" + (stay > 2 ? "s)" : ")") : "";
            lines.add("remove " + mark + " from " + to + ": " + from + " is " + (isExport(kept) ? "exported, modules may use it at any time"
                    : "used by " + (kept.symbol() == 0 ? kept.sectionName() : Nearest.cut(kept.symbolName())) + ", which stays after boot") + more);
            if (!mark.startsWith("__exit")) {
                lines.add("if " + from + " gets there only during boot, mark it __ref and say why in a comment");
            }
        }
        return lines;
    }
}
