package klink.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.kernel.NamePattern;
import klink.kernel.SectionRule;
import klink.kernel.SectionRule.Kind;
import klink.kernel.SectionRules;
import klink.report.Finding.Severity;
import klink.resolve.Symbols;

/// A broken rule in the words of the kernel's own modpost, on which people's greps and their CI systems rely.
///
/// Offsets are those of the merged `vmlinux.o` that modpost would have looked at: sections of one name lie there
/// behind each other, in the order of files.
final class Wording {
    private final Symbols symbols;
    private final SectionRules rules;
    private final boolean offsets;
    /// By section name, as far as it was asked for.
    private final Map<String, Map<Integer, Long>> starts = new ConcurrentHashMap<>();

    Wording(Symbols symbols, SectionRules rules) {
        this.symbols = symbols;
        this.rules = rules;
        offsets = rules.wording() == SectionRules.Wording.OFFSETS;
    }

    /// What messages call the kernel.
    String image() {
        return offsets ? "vmlinux" : "vmlinux.o";
    }

    /// A symbol's name as excuses and messages see it.
    /// @param symbol its index in `file`; 0: none was found
    String symbol(ObjectFile file, int symbol) {
        return symbol != 0 ? Nearest.cut(file.symbolName(symbol)) : offsets ? "" : "(unknown)";
    }

    /// Whether excuses hold for exception tables too.
    boolean excusesTables() {
        return offsets;
    }

    /// What modpost says of one reference: one message, or two where it goes on to say why.
    /// @param address what it takes the reference to mean, from the start of the section of `to`
    List<Violation> violations(SectionRule rule, int fromFile, End from, String fromName, End to, String toName, int toFile, long address) {
        String message;
        boolean toNamed = !toName.equals("(unknown)");
        if (offsets) {
            String source = fromName.isEmpty() ? "0x" + hex32(merged(fromFile, from.section(), from.offset())) : fromName + "+0x" + hex32(from.symbolOffset());
            String target = toName.isEmpty() ? "0x" + hex32(address == Sites.NOWHERE ? -1 : merged(toFile, to.section(), address)) : toName;
            message = "vmlinux: section mismatch in reference: " + source + " (section: " + from.sectionName() + ") -> " + target
                    + " (section: " + to.sectionName() + ")";
        } else if (rule.kind() == Kind.EXTABLE_TO_NON_TEXT) {
            message = "vmlinux.o(" + from.sectionName() + "+0x" + Long.toHexString(merged(fromFile, from.section(), from.offset()))
                    + "): Section mismatch in reference from the " + what(from, from.symbol() != 0) + " " + fromName + call(from, from.symbol() != 0)
                    + " to the " + what(to, toNamed) + " " + to.sectionName() + ":" + toName + call(to, toNamed);
        } else if (rule.kind() == Kind.EXPORT_TO_INIT_EXIT) {
            message = "vmlinux.o: EXPORT_SYMBOL used for init/exit symbol: " + toName + " (section: " + to.sectionName() + ")";
        } else {
            message = "vmlinux.o: section mismatch in reference: " + fromName + " (section: " + from.sectionName() + ") -> " + toName
                    + " (section: " + to.sectionName() + ")";
        }
        var first = new Violation(rule.kind().name(), Severity.WARNING, message, from, to);
        return rule.kind() == Kind.EXTABLE_TO_NON_TEXT ? table(rule, first, merged(fromFile, from.section(), from.offset())) : List.of(first);
    }

    /// An exception table that leads out of code.
    private List<Violation> table(SectionRule rule, Violation first, long offset) {
        String name = rule.kind().name();
        String from = first.from().sectionName();
        String to = first.to().sectionName();
        String site = from + "+0x" + Long.toHexString(offset);
        if (NamePattern.any(rule.bad(), to)) {
            String text = "The relocation at " + site + " references\nsection \"" + to + "\" which is black-listed.\n"
                    + "Something is seriously wrong and should be fixed.\nYou might get more information about where this is\n"
                    + "coming from by using scripts/check_extable.sh " + image();
            return List.of(first, new Violation(name, Severity.ERROR, text, first.from(), first.to(), List.of(), List.of(), !offsets));
        }
        ObjectFile file = first.to().file();
        if ((file.flags(first.to().section()) & Elf.SHF_EXECINSTR) == 0) {
            return List.of(first, new Violation(name, Severity.ERROR, site + " references non-executable section '" + to + "'", first.from(), first.to()));
        }
        String advice = "The relocation at " + site + " references\nsection \"" + to + "\" which is not in the list of\n"
                + "authorized sections.  If you're adding a new section\nand/or if this reference is valid, add \"" + to + "\" to the\n"
                + "list of authorized sections to jump to on fault.\nThis can be achieved by adding \"" + to + "\" to" + (offsets ? "\n" : " \n")
                + "OTHER_TEXT_SECTIONS in scripts/mod/modpost.c.";
        if (offsets) {
            return List.of(first, new Violation(name, Severity.WARNING, advice, first.from(), first.to()));
        }
        return List.of(new Violation(name, Severity.WARNING, first.message() + "\n" + advice, first.from(), first.to()));
    }

    private static String what(End end, boolean named) {
        return !named ? "(unknown reference)" : end.isFunction() ? "function" : "variable";
    }

    private static String call(End end, boolean named) {
        return named && end.isFunction() ? "()" : "";
    }

    private static String hex32(long value) {
        return Integer.toHexString((int) value);
    }

    /// Where a place of a section would lie in a merged object.
    private long merged(int f, int section, long offset) {
        int id = symbols.firstSection(f) + section;
        return starts.computeIfAbsent(symbols.file(f).sectionName(section), this::starts).get(id) + offset;
    }

    /// The start of each section of that name in a merged one, by section id.
    private Map<Integer, Long> starts(String name) {
        var starts = new HashMap<Integer, Long>();
        long at = 0;
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            for (int s = 1; s < file.sectionCount() && !file.isSynthetic(); s++) {
                int id = symbols.firstSection(f) + s;
                if (!symbols.isDiscarded(id) && file.sectionName(s).equals(name)) {
                    long alignment = Math.max(1, file.alignment(s));
                    at = at + alignment - 1 & -alignment;
                    starts.put(id, at);
                    at += file.size(s);
                }
            }
        }
        return starts;
    }
}
