package klink.kernel;

import static klink.elf.Arm.*;

import java.util.ArrayList;
import java.util.List;
import klink.elf.Elf;
import klink.kernel.SectionRule.Excuse;
import klink.kernel.SectionRule.Kind;

/// What scripts/mod/modpost.c of one kernel version demands of references between sections, and how it speaks of
/// them. The code that checks (`klink.check`) asks here and knows no version.
///
/// @param rules     the first that a reference breaks is the one it is reported under
/// @param excuses   references that are fine although a rule forbids them
/// @param unchecked sections whose references are not looked at, and which may lack SHF_ALLOC
/// @param symbols   how the names of both ends are found
/// @param wording   how a mismatch is put
/// @param relTypes  relocations without an addend of their own: which types are looked at
/// @param ignored   relocations that are passed over
public record SectionRules(List<SectionRule> rules, List<Excuse> excuses, List<NamePattern> unchecked, SymbolSearch symbols, Wording wording,
                           List<RelTypes> relTypes, List<Ignored> ignored) {
    /// How modpost names the ends of a reference when the relocation names none.
    ///
    /// @param lastOfEqual    of symbols at one place, the last in the table names the referring side (6.1), or the first (6.12)
    /// @param valueCounts    the target is the symbol's value plus the addend (6.12), not the addend alone (6.1)
    /// @param within         bytes: the nearest symbol must be closer than this
    /// @param withinIncluded or at just this distance
    /// @param belowWins      of a symbol below and one above at the same distance the one below is meant; otherwise the first in the
    ///                       table, and a symbol at the place itself before all
    /// @param checksNamed    a symbol that the relocation names is searched for too if its name is not valid
    /// @param clearsThumbBit bit 0 of an Arm function's value is not part of its address
    /// @param acrossSections all sections that have the name of the one in question are searched (6.1), not that one alone (6.12)
    /// @param invalid        beginnings of names that count as no name
    /// @param exactInvalid   names that count as no name, alone or before a dot
    public record SymbolSearch(boolean lastOfEqual, boolean valueCounts, int within, boolean withinIncluded, boolean belowWins,
                               boolean checksNamed, boolean clearsThumbBit, boolean acrossSections,
                               List<String> invalid, List<String> exactInvalid) {
        public boolean isValid(String name) {
            if (name.isEmpty()) {
                return false;
            }
            for (int i = 0; i < invalid.size(); i++) {
                if (name.startsWith(invalid.get(i))) {
                    return false;
                }
            }
            for (int i = 0; i < exactInvalid.size(); i++) {
                String s = exactInvalid.get(i);
                if (name.startsWith(s) && (name.length() == s.length() || name.charAt(s.length()) == '.')) {
                    return false;
                }
            }
            return true;
        }
    }

    /// `NAMES`: `vmlinux.o: section mismatch in reference: F (section: A) -> T (section: B)`, exception tables and exports have words
    /// of their own; `OFFSETS`: `vmlinux: section mismatch in reference: F+0x1c (section: A) -> T (section: B)` for all.
    public enum Wording { NAMES, OFFSETS }

    /// How REL relocations, whose addend is in the section, are read.
    ///
    /// @param machine      EM_ value
    /// @param decoded      types whose addend modpost decodes
    /// @param skipped      types it passes over
    /// @param skipsOthers  whether it passes over all that are not `decoded`
    /// @param otherAddress the address it takes others to refer to; it means nothing
    public record RelTypes(int machine, List<Integer> decoded, List<Integer> skipped, boolean skipsOthers, long otherAddress) {
        public boolean decodes(int type) {
            return decoded.contains(type);
        }

        public boolean skips(int type) {
            return skipped.contains(type) || skipsOthers && !decodes(type);
        }
    }

    /// Relocations that refer to nothing.
    ///
    /// @param machine EM_ value
    /// @param type    relocation type
    /// @param from    in this section only; null: in all
    public record Ignored(int machine, int type, String from) {}

    public SectionRules {
        relTypes = List.copyOf(relTypes);
        ignored = List.copyOf(ignored);
        rules = List.copyOf(rules);
        excuses = List.copyOf(excuses);
        unchecked = List.copyOf(unchecked);
        for (SectionRule r : rules) {
            NamePattern.needStarsAtEnd(r.from());
            NamePattern.needStarsAtEnd(r.bad());
            NamePattern.needStarsAtEnd(r.good());
        }
        NamePattern.needStarsAtEnd(unchecked);
    }

    private static final List<Integer> I386 = List.of(1, 2); // R_386_32, R_386_PC32
    private static final List<Integer> MIPS = List.of(2, 4, 6); // R_MIPS_32, R_MIPS_26, R_MIPS_LO16
    private static final int R_MIPS_HI16 = 5;
    private static final int R_RISCV_SUB32 = 39;
    private static final int R_LARCH_SUB32 = 55;
    private static final int R_LARCH_RELAX = 100;
    private static final int R_LARCH_ALIGN = 102;

    private static final List<NamePattern> TEXT = NamePattern.list(".text", ".text.*", ".sched.text", ".kprobes.text", ".cpuidle.text",
        ".noinstr.text", ".ltext", ".ltext.*");
    /// Code of its own place in the image that may be jumped to on a fault.
    private static final List<NamePattern> OTHER_TEXT = NamePattern.list(".ref.text", ".head.text", ".spinlock.text", ".fixup", ".entry.text",
        ".exception.text", ".coldtext", ".softirqentry.text", ".irqentry.text");
    private static final List<NamePattern> DATA = NamePattern.list(".data", ".data.rel");
    private static final List<NamePattern> INIT = NamePattern.list(".init.*");
    private static final List<NamePattern> MEMINIT = NamePattern.list(".meminit.*");
    private static final List<NamePattern> EXIT = NamePattern.list(".exit.*");
    /// Not `.pci_fixup_suspend_late`: modpost has forgotten it.
    private static final List<NamePattern> PCI = NamePattern.list(".pci_fixup_early", ".pci_fixup_header", ".pci_fixup_final",
        ".pci_fixup_enable", ".pci_fixup_resume", ".pci_fixup_resume_early", ".pci_fixup_suspend");
    private static final List<NamePattern> NONE = List.of();
    private static final List<NamePattern> BOUNDS = NamePattern.list("__init_begin", "_sinittext", "_einittext");
    private static final List<NamePattern> CONSTPROP = NamePattern.list("*.constprop.*");
    private static final List<NamePattern> HEAD = NamePattern.list(".head.text*");

    private static final String FREED = "the section referred to is freed after boot, the one that refers stays";
    private static final String EXIT_DROPPED = "exit code of what is built in is never run, and may be dropped at link time";
    private static final String REPLACEMENT = "alternatives are copied over other code: a fault never lands in their store, and a fixup must lead to code";
    private static final String PARAMETER = "a parameter with no permissions is never looked at after boot; its section does not show them";

    private static final List<String> SKIPPED = List.of(".comment*", ".debug*", ".zdebug*", ".GCC.command.line", ".mdebug*", ".pdr", ".stab*",
        ".note*", ".got*", ".toc*", ".xt.prop", ".xt.lit", ".arcextmap*", ".gnu.linkonce.arcext*", ".cmem*", ".fmt_slot*", ".gnu.lto*",
        ".discard.*");

    /// 6.1 still has `.meminit.*`, memory hotplug's own init sections.
    static final SectionRules V6_1 = new SectionRules(
        List.of(
            new SectionRule(Kind.TEXT_TO_ANY_INIT, TEXT, join(INIT, MEMINIT), NONE, FREED),
            new SectionRule(Kind.DATA_TO_ANY_INIT, DATA, join(MEMINIT, INIT), NONE, FREED),
            new SectionRule(Kind.TEXT_TO_ANY_EXIT, TEXT, EXIT, NONE, EXIT_DROPPED),
            new SectionRule(Kind.DATA_TO_ANY_EXIT, DATA, EXIT, NONE, EXIT_DROPPED),
            new SectionRule(Kind.XXXINIT_TO_SOME_INIT, MEMINIT, INIT, NONE, "with memory hotplug .meminit stays, .init is freed"),
            new SectionRule(Kind.ANY_INIT_TO_ANY_EXIT, join(INIT, MEMINIT), EXIT, NONE, EXIT_DROPPED),
            new SectionRule(Kind.ANY_EXIT_TO_ANY_INIT, EXIT, join(INIT, MEMINIT), NONE, "exit code runs after init sections are freed"),
            new SectionRule(Kind.ANY_INIT_TO_ANY_EXIT, PCI, INIT, NONE, "PCI fixups run again on hotplug, after init sections are freed"),
            new SectionRule(Kind.EXPORT_TO_INIT_EXIT, NamePattern.list("___ksymtab*"), join(INIT, EXIT), NONE, "a module may use an export at any time"),
            new SectionRule(Kind.EXTABLE_TO_NON_TEXT, NamePattern.list("__ex_table"), NamePattern.list(".altinstr_replacement"),
                join(NamePattern.list(".init.text", ".meminit.text", ".exit.text"), TEXT, OTHER_TEXT), REPLACEMENT)),
        List.of(
            new Excuse(DATA, NamePattern.list(".init.setup", ".init.rodata", ".meminit.rodata", ".init.data", ".meminit.data"),
                NamePattern.list("__param*"), NONE, false, PARAMETER),
            new Excuse(DATA, NamePattern.list(".init.text"), NamePattern.list("__param_ops_*"), NONE, false, PARAMETER),
            new Excuse(DATA, join(INIT, MEMINIT, EXIT), NamePattern.list("*_template", "*_timer", "*_sht", "*_ops", "*_probe", "*_probe_one", "*_console"),
                NONE, false, "tables of methods named so call init and exit code only at its time"),
            new Excuse(DATA, MEMINIT, NamePattern.list("*driver"), NONE, false, "a driver's methods are called when devices come"),
            new Excuse(DATA, EXIT, NamePattern.list("*driver"), NONE, true, "many drivers name an exit function as their remove method; shown with W=1"),
            new Excuse(HEAD, join(INIT, MEMINIT), NONE, NONE, false, "the first code runs before anything is freed"),
            new Excuse(NONE, NONE, NONE, BOUNDS, false, "a bound of the section is an address, not memory"),
            new Excuse(join(NamePattern.list(".init.text", ".meminit.text", ".exit.text"), TEXT, OTHER_TEXT), join(INIT, MEMINIT), CONSTPROP, NONE, false,
                "a copy of a function specialised for an init argument is called by init code only"),
            new Excuse(NONE, NONE, NamePattern.list(".L*"), NONE, false, "a label of the compiler says nothing of whose data it is")),
        patterns(SKIPPED),
        new SymbolSearch(true, false, 20, false, false, false, false, true, List.of(), List.of("$a", "$d", "$t", "$x")),
        Wording.NAMES,
        List.of(new RelTypes(Elf.EM_386, I386, List.of(), false, 0), new RelTypes(Elf.EM_MIPS, MIPS, List.of(R_MIPS_HI16), false, 0),
            new RelTypes(Elf.EM_ARM, List.of(R_ARM_PC24, R_ARM_ABS32, R_ARM_THM_CALL, R_ARM_CALL, R_ARM_JUMP24, R_ARM_THM_JUMP24, R_ARM_THM_JUMP19),
                List.of(), true, 0)),
        List.of(new Ignored(Elf.EM_RISCV, R_RISCV_SUB32, "__ex_table")));

    /// 6.12 has one rule for text and data, checks exports elsewhere, and excuses less.
    static final SectionRules V6_12 = new SectionRules(
        List.of(
            new SectionRule(Kind.TEXTDATA_TO_ANY_INIT_EXIT, join(TEXT, DATA), join(INIT, EXIT), NONE, FREED),
            new SectionRule(Kind.ANY_INIT_TO_ANY_EXIT, INIT, EXIT, NONE, EXIT_DROPPED),
            new SectionRule(Kind.ANY_EXIT_TO_ANY_INIT, EXIT, INIT, NONE, "exit code runs after init sections are freed"),
            new SectionRule(Kind.ANY_INIT_TO_ANY_EXIT, PCI, INIT, NONE, "PCI fixups run again on hotplug, after init sections are freed"),
            new SectionRule(Kind.EXTABLE_TO_NON_TEXT, NamePattern.list("__ex_table"), NamePattern.list(".altinstr_replacement"),
                join(NamePattern.list(".init.text", ".exit.text"), TEXT, OTHER_TEXT), REPLACEMENT)),
        List.of(
            new Excuse(DATA, NamePattern.list(".init.setup", ".init.rodata", ".init.data"), NamePattern.list("__param*"), NONE, false, PARAMETER),
            new Excuse(DATA, NamePattern.list(".init.text"), NamePattern.list("__param_ops_*"), NONE, false, PARAMETER),
            new Excuse(DATA, join(INIT, EXIT), NamePattern.list("*_ops", "*_probe", "*_console"), NONE, false,
                "tables of methods named so call init and exit code only at its time"),
            new Excuse(HEAD, INIT, NONE, NONE, false, "the first code runs before anything is freed"),
            new Excuse(NONE, NONE, NONE, BOUNDS, false, "a bound of the section is an address, not memory"),
            new Excuse(join(NamePattern.list(".init.text", ".exit.text"), TEXT, OTHER_TEXT), INIT, CONSTPROP, NONE, false,
                "a copy of a function specialised for an init argument is called by init code only")),
        join(patterns(SKIPPED), NamePattern.list(".llvm.call-graph-profile")),
        new SymbolSearch(false, true, 20, true, true, true, true, false, List.of("$", ".L", "L0"), List.of()),
        Wording.OFFSETS,
        List.of(new RelTypes(Elf.EM_386, I386, List.of(), false, -1), new RelTypes(Elf.EM_MIPS, MIPS, List.of(), false, -1),
            new RelTypes(Elf.EM_ARM, List.of(R_ARM_PC24, R_ARM_ABS32, R_ARM_REL32, R_ARM_THM_CALL, R_ARM_CALL, R_ARM_JUMP24, R_ARM_THM_JUMP24,
                R_ARM_MOVW_ABS_NC, R_ARM_MOVT_ABS, R_ARM_THM_MOVW_ABS_NC, R_ARM_THM_MOVT_ABS, R_ARM_THM_JUMP19), List.of(), false, -1)),
        List.of(new Ignored(Elf.EM_RISCV, R_RISCV_SUB32, "__ex_table"), new Ignored(Elf.EM_LOONGARCH, R_LARCH_SUB32, "__ex_table"),
            new Ignored(Elf.EM_LOONGARCH, R_LARCH_RELAX, null), new Ignored(Elf.EM_LOONGARCH, R_LARCH_ALIGN, null)));

    private static List<NamePattern> patterns(List<String> texts) {
        return NamePattern.list(texts.toArray(String[]::new));
    }

    @SafeVarargs
    private static List<NamePattern> join(List<NamePattern>... lists) {
        var all = new ArrayList<NamePattern>();
        for (List<NamePattern> l : lists) {
            all.addAll(l);
        }
        return List.copyOf(all);
    }
}
