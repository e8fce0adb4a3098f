package klink.findings;

import java.util.List;

/// What a rule is about, for people who meet its name in a CI system. docs/CHECK.md says the same at more length.
///
/// @param id    as in [klink.check.Violation#rule]
/// @param title one line
/// @param help  what is wrong and what to do about it
record RuleText(String id, String title, String help) {
    private static final String INIT_FREED = "Memory of .init sections is given back when the kernel has booted. What still refers to it then calls or reads "
        + "whatever has taken its place. ";
    private static final String EXIT_DROPPED = "Exit code of what is built into the kernel is never run: it is left out of the image, or freed with the init sections. ";

    private static final List<RuleText> KNOWN = List.of(
        new RuleText("TEXT_TO_ANY_INIT", "Code that stays refers to init code or data",
            INIT_FREED + "Mark the referring function __init if only init code uses it; otherwise take __init or __initdata from what it uses. If it gets "
            + "there only during boot, mark it __ref and say why."),
        new RuleText("DATA_TO_ANY_INIT", "Data that stays refers to init code or data",
            INIT_FREED + "Mark the variable __initdata if nothing uses it after boot; otherwise take __init from what it refers to. If that is used "
            + "during boot only, mark the variable __refdata and say why. Names that end in _ops, _probe or _console are not reported."),
        new RuleText("TEXT_TO_ANY_EXIT", "Code that stays refers to exit code or data",
            EXIT_DROPPED + "Take __exit from what is used, or mark the referring function __exit if only exit code uses it."),
        new RuleText("DATA_TO_ANY_EXIT", "Data that stays refers to exit code or data",
            EXIT_DROPPED + "Take __exit from the function, or wrap its address in __exit_p() where a driver's table names it."),
        new RuleText("TEXTDATA_TO_ANY_INIT_EXIT", "Code or data that stays refers to init or exit code or data",
            INIT_FREED + EXIT_DROPPED + "Mark what refers like what it refers to, if nothing else uses it; otherwise take the mark from what it refers "
            + "to. __ref and __refdata are for references that are followed during boot only; say why."),
        new RuleText("XXXINIT_TO_SOME_INIT", "Memory hotplug code refers to init code or data",
            "With memory hotplug .meminit sections stay when .init sections are given back. Mark what is referred to __meminit or __meminitdata."),
        new RuleText("ANY_INIT_TO_ANY_EXIT", "Init code or a PCI fixup refers to what will not be there",
            EXIT_DROPPED + "Take __exit from what init code uses on its error paths. A PCI fixup is called again when a device is plugged in, so it "
            + "must not be __init."),
        new RuleText("ANY_EXIT_TO_ANY_INIT", "Exit code refers to init code or data",
            INIT_FREED + "Exit code runs later. Take __init or __initdata from what it uses."),
        new RuleText("EXPORT_TO_INIT_EXIT", "An exported symbol is in a section that is freed",
            INIT_FREED + "A module may use an export at any time: take __init or __exit from it, or do not export it."),
        new RuleText("EXTABLE_TO_NON_TEXT", "The exception table refers to what is not kernel code",
            "Each entry of the exception table leads from an instruction that may fault to the code that goes on from there. Both must be in a section of "
            + "code. scripts/check_extable.sh of the kernel finds the source; a new section of code belongs into OTHER_TEXT_SECTIONS of scripts/mod/modpost.c."),
        new RuleText("common-symbol", "A variable has no place of its own (COMMON)",
            "The kernel is compiled with -fno-common, so that a variable defined twice is an error. An object compiled without it escapes that."),
        new RuleText("non-allocatable-section", "A section that is not loaded",
            "An assembly source names a section without its flags, so that the section is left out of the running kernel. Write .section NAME, \"ax\" for code, "
            + "\"aw\" for data, \"a\" for constants."),
        new RuleText("duplicate-export", "A symbol is exported twice", "Only one definition can be found by modules. Remove one of the exports."),
        new RuleText("export-of-init-symbol", "An exported symbol is in an init section",
            INIT_FREED + "A module may use an export at any time: remove __init or EXPORT_SYMBOL."),
        new RuleText("export-of-exit-symbol", "An exported symbol is in an exit section",
            EXIT_DROPPED + "A module may use an export at any time: remove __exit or EXPORT_SYMBOL."),
        new RuleText("export-without-crc", "An export has no version",
            "CONFIG_MODVERSIONS is set, and genksyms made no CRC for this symbol: its prototype is not known where it is exported. Include the header that "
            + "declares it; for assembly, add it to asm/asm-prototypes.h."));

    static RuleText of(String id) {
        for (RuleText r : KNOWN) {
            if (r.id.equals(id)) {
                return r;
            }
        }
        return new RuleText(id, id, "See docs/CHECK.md.");
    }

    /// Whether modpost counts it among section mismatches: those it names in capitals.
    boolean isMismatch() {
        return Character.isUpperCase(id.charAt(0));
    }
}
