package klink.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.kernel.SectionRule;
import klink.kernel.SectionRules;
import klink.par.Par;
import klink.resolve.Symbols;

/// Section mismatches: references out of what stays in memory into what is freed after boot, and the other checks
/// that modpost makes of a merged `vmlinux.o` (scripts/mod/modpost.c, `check_sec_ref`). Here both ends of every
/// reference are at hand as soon as symbols are resolved, so nothing needs to be merged.
///
/// An x86 defconfig has 1.1 million relocations, half of them in sections that a rule holds for; some hundred
/// refer to where they should not, and of these all or nearly all are excused by name. So: sections and symbols
/// are reduced to bits, relocations to one AND, and names are looked at for what is left.
///
/// Nothing here is written to the image: delete the package, and no output byte changes.
public final class Checks {
    /// @param extraWarnings `W=1`: fewer excuses
    /// @param callers       look for how offending functions are reached, which costs a few passes over all
    ///                      relocations when there is something to report
    public record Options(boolean extraWarnings, boolean callers) {}

    /// modpost's last words where mismatches are not allowed (`-E`).
    public static final String REFUSAL = "Section mismatches detected.\nSet CONFIG_SECTION_MISMATCH_WARN_ONLY=y to allow them.";

    private final Symbols symbols;
    private final SectionRules rules;
    private final Options options;
    private final SectionClasses sections;
    private final SymbolClasses classes;
    private final Nearest nearest;
    private final Wording wording;

    private Checks(Symbols symbols, SectionRules rules, Options options, int threads) {
        this.symbols = symbols;
        this.rules = rules;
        this.options = options;
        sections = SectionClasses.of(symbols, rules, threads);
        classes = new SymbolClasses(symbols, sections);
        nearest = new Nearest(rules.symbols());
        wording = new Wording(symbols, rules);
    }

    /// All violations, in the order of files, sections and relocations.
    /// @throws klink.report.BadInput for a relocation table that is not one
    public static List<Violation> run(Symbols symbols, SectionRules rules, Options options, int threads) {
        return new Checks(symbols, rules, options, threads).run(threads);
    }

    private List<Violation> run(int threads) {
        var found = new Violations[symbols.fileCount()];
        var scratch = new Scratch[threads];
        Par.loop(found.length, threads, (f, worker) -> {
            if (scratch[worker] == null) {
                scratch[worker] = new Scratch();
            }
            found[f] = references(f, scratch[worker]);
        });
        var all = new ArrayList<>(ObjectChecks.run(symbols, sections, wording.image()));
        int references = 0;
        for (Violations v : found) {
            if (v != null) {
                references += v.list.size();
                all.addAll(v.list);
            }
        }
        return references > 0 && options.callers ? Callers.explain(symbols, all, threads) : all;
    }

    /// What one worker needs again and again.
    private static final class Scratch {
        final Sites sites = new Sites();
        int[] bits = new int[1024];
    }

    /// The violations of one file, in order; null is none.
    private static final class Violations {
        final List<Violation> list = new ArrayList<>();
    }

    private Violations references(int f, Scratch scratch) {
        ObjectFile file = symbols.file(f);
        if (file.isSynthetic()) {
            return null;
        }
        int base = symbols.firstSection(f);
        Violations found = null;
        boolean filled = false;
        int all = 0;
        for (int s = 1; s < file.sectionCount(); s++) {
            int type = file.type(s);
            int rows = type == Elf.SHT_RELA || type == Elf.SHT_REL ? sections.from[base + file.info(s)] : 0;
            if (rows == 0) {
                continue;
            }
            if (!filled) {
                if (scratch.bits.length < file.symbolCount()) {
                    scratch.bits = new int[Math.max(file.symbolCount(), 2 * scratch.bits.length)];
                }
                Arrays.fill(scratch.bits, 0, file.symbolCount(), 0);
                all = classes.fill(f, scratch.bits);
                filled = true;
            }
            if ((rows & all) == 0) {
                continue;
            }
            int n = scratch.sites.read(file, s);
            for (int i = scratch.sites.next(0, n, scratch.bits, rows); i < n; i = scratch.sites.next(i + 1, n, scratch.bits, rows)) {
                int rule = Integer.numberOfTrailingZeros(rows & scratch.bits[scratch.sites.symbol(i)]);
                List<Violation> broken = judge(f, file.info(s), scratch.sites, i, rules.rules().get(rule));
                if (!broken.isEmpty()) {
                    found = found == null ? new Violations() : found;
                    found.list.addAll(broken);
                }
            }
        }
        return found;
    }

    /// Looks at the names of a reference that breaks `rule`.
    private List<Violation> judge(int f, int fromSection, Sites sites, int i, SectionRule rule) {
        ObjectFile file = symbols.file(f);
        long definition = classes.definition(f, sites.symbol(i));
        if (definition < 0 || sites.isIgnored(i, rules)) {
            return List.of();
        }
        ObjectFile where = symbols.file((int) (definition >>> 32));
        int symbol = (int) definition;
        long value = where.rawValue(symbol);
        long address = sites.address(i, value, rules);
        var from = new End(file, fromSection, sites.offset(i), nearest.before(file, fromSection, sites.offset(i)));
        int named = nearest.target(where, symbol, address);
        long destination = Math.max(0, sites.destination(i, value));
        int section = where.symbolSection(symbol);
        // modpost gives up where no symbol is close; the one that the place lies in is still known
        var to = new End(where, section, destination, named != 0 ? named : nearest.before(where, section, destination));
        String fromName = wording.symbol(file, from.symbol());
        String toName = wording.symbol(where, named);
        if (rule.kind() != SectionRule.Kind.EXTABLE_TO_NON_TEXT || wording.excusesTables()) {
            for (SectionRule.Excuse e : rules.excuses()) {
                if (e.holds(from.sectionName(), to.sectionName(), fromName, toName, options.extraWarnings)) {
                    return List.of();
                }
            }
        }
        return wording.violations(rule, f, from, fromName, to, toName, (int) (definition >>> 32), address);
    }
}
