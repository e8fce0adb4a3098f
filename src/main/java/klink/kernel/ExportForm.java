package klink.kernel;

/// How objects say what they export to modules, and so what the link itself has to make of it.
public enum ExportForm {
    /// 6.1: each object holds its own entry of the kernel's symbol table, label `__ksymtab_X` in a section
    /// `___ksymtab+X` or `___ksymtab_gpl+X`, and a namespace string at `__kstrtabns_X`. Only checksums are missing.
    ENTRIES,
    /// 6.12: each object holds a record in `.export_symbol`: label `__export_symbol_X`, license, namespace, reference to
    /// X. The symbol table is made of them.
    RECORDS;

    /// Whether entries of the kernel's symbol table, and their strings, are still to be made.
    public boolean makesEntries() {
        return this == RECORDS;
    }

    /// Whether exports that no module uses are left out at the link (CONFIG_TRIM_UNUSED_KSYMS). Before, the kernel was
    /// compiled anew without them.
    public boolean trims() {
        return this == RECORDS;
    }
}
