package klink.kernel;

/// A table that scripts/sorttable.c puts in order inside the finished vmlinux, because early boot
/// searches it by bisection: the exception table, the ORC unwind table, the addresses of the mcount
/// calls. Sizes in a 100,000-symbol x86 kernel: 2,000, 450,000 and 40,000 entries.
///
/// @param kind      what is sorted
/// @param machine   `e_machine` of the image
/// @param option    configuration option that asks for it
/// @param start     name of the section, or of the symbol at the first byte
/// @param stop      symbol behind the last byte; null if `start` names a section
/// @param companion section whose entries move in step; null if none
/// @param entry     bytes of an entry
/// @param relative  how many leading 32-bit fields of an entry are relative to their own place; 0: the
///                  key is an absolute pointer, compared unsigned
/// @param companionEntry bytes of an entry of the companion
/// @param terminatorMask ORC: of two entries for one address the one whose flags word (u16, four bytes
///                  into the companion entry) has none of these bits goes first
/// @param dropsOutsideFunctions mcount: an address outside every function becomes 0 (and so sorts first)
public record SortedTable(Kind kind, int machine, String option, String start, String stop, String companion, int entry,
                          int relative, int companionEntry, int terminatorMask, boolean dropsOutsideFunctions) {
    /// Which table; each has one algorithm.
    public enum Kind { EXTABLE, ORC, MCOUNT }

    /// The flag word that sorttable clears last, a u32 of type STT_OBJECT: tells the booting kernel
    /// that the exception table needs no sorting (mm/extable.c).
    public static final String SORT_NEEDED = "main_extable_sort_needed";

    static SortedTable extable(int machine, int entry, int relative) {
        return new SortedTable(Kind.EXTABLE, machine, "CONFIG_BUILDTIME_TABLE_SORT", "__ex_table", null, null, entry, relative, 0, 0, false);
    }

    static SortedTable orc(int machine, int companionEntry, int terminatorMask) {
        return new SortedTable(Kind.ORC, machine, "CONFIG_UNWINDER_ORC", ".orc_unwind_ip", null, ".orc_unwind", 4, 1,
            companionEntry, terminatorMask, false);
    }

    static SortedTable mcount(int machine, int pointer, boolean dropsOutsideFunctions) {
        return new SortedTable(Kind.MCOUNT, machine, "CONFIG_BUILDTIME_MCOUNT_SORT", "__start_mcount_loc", "__stop_mcount_loc", null,
            pointer, 0, 0, 0, dropsOutsideFunctions);
    }
}
