package klink.kernel;

import static klink.elf.Elf.EM_386;
import static klink.elf.Elf.EM_AARCH64;
import static klink.elf.Elf.EM_ARM;
import static klink.elf.Elf.EM_PPC64;
import static klink.elf.Elf.EM_X86_64;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What differs between kernel versions in the link stage, as data. The code that links has no
/// version in it; it asks here.
///
/// @param version          `6.1`
/// @param systemMap        what scripts/mksysmap drops from nm's list
/// @param kallsyms         what scripts/kallsyms.c drops from what is left
/// @param keepsStartStop   without KALLSYMS_ALL, `__start_*` and `__stop_*` stay wherever they point
/// @param mayBeAbsolute    KALLSYMS_BASE_RELATIVE is a choice; otherwise offsets are always relative
/// @param cutsLlvmSuffix   with LTO_CLANG, kallsyms_seqs_of_names orders names without their `.llvm.N` end
/// @param kallsymsOrder    the tables as laid out
/// @param readsWords       a symbol without a name takes that from the next line; see [klink.kallsyms.WordReader]
/// @param maxName          bytes of the longest name that kallsyms takes (KSYM_NAME_LEN - 1)
/// @param sortedTables     what scripts/sorttable.c sorts, all machines
/// @param sections         which sections may not refer to which
/// @param exports          how objects say what they export to modules
public record Kernel(String version, NameRules systemMap, NameRules kallsyms, boolean keepsStartStop, boolean mayBeAbsolute,
                     boolean cutsLlvmSuffix, List<KallsymsTable> kallsymsOrder, boolean readsWords, int maxName, List<SortedTable> sortedTables,
                     SectionRules sections, ExportForm exports) {
    public Kernel {
        kallsymsOrder = List.copyOf(kallsymsOrder);
        sortedTables = List.copyOf(sortedTables);
    }

    private static final List<String> ABSOLUTE_KEPT =
        List.of("__kernel_syscall_via_break", "__kernel_syscall_via_epc", "__kernel_sigtramp", "__gp");

    private static final List<String> VENEER_SUFFIXES = List.of("_from_arm", "_from_thumb", "_veneer");
    private static final List<String> BRANCH_INFIXES = List.of(".long_branch.", ".plt_branch.");

    /// 6.1 filters twice: the last nine names are those of the tables themselves, which the build's
    /// first of three links does not have.
    public static final Kernel V6_1 = new Kernel("6.1",
        new NameRules(new NameRules.Table("aNUw", List.of("L0"),
            List.of("$", ".L", "__crc_", "__kstrtab_", "__kstrtabns_"), List.of(), List.of(), false, false, List.of())),
        new NameRules(new NameRules.Table("UuNn", List.of("_SDA_BASE_", "_SDA2_BASE_", "kallsyms_addresses", "kallsyms_offsets",
                "kallsyms_relative_base", "kallsyms_num_syms", "kallsyms_names", "kallsyms_markers", "kallsyms_token_table",
                "kallsyms_token_index", "kallsyms_seqs_of_names"),
            List.of("__efistub_", "__kvm_nvhe_$", "__kvm_nvhe_.L", "__AArch64ADRPThunk_", "__ARMV5PILongThunk_", "__ARMV7PILongThunk_",
                "__ThumbV7PILongThunk_", "__LA25Thunk_", "__microLA25Thunk_", "__kcfi_typeid_"),
            VENEER_SUFFIXES, BRANCH_INFIXES, false, true, ABSOLUTE_KEPT)),
        false, true, true,
        List.of(KallsymsTable.OFFSETS, KallsymsTable.RELATIVE_BASE, KallsymsTable.NUM_SYMS, KallsymsTable.NAMES, KallsymsTable.MARKERS,
            KallsymsTable.SEQS_OF_NAMES, KallsymsTable.TOKEN_TABLE, KallsymsTable.TOKEN_INDEX),
        true, 511, sortedTables(false), SectionRules.V6_1, ExportForm.ENTRIES);

    /// 6.12 moved the name rules into mksysmap, so System.map and kallsyms list the same names, the
    /// `kallsyms_*` labels among them. Its rule for `__pi_$` asks for a backslash and matches nothing.
    public static final Kernel V6_12 = new Kernel("6.12",
        new NameRules(new NameRules.Table("aNUw", List.of("L0", "_SDA_BASE_", "_SDA2_BASE_"),
            List.of("$", ".L", "__efistub_", "__pi_.L", "__kvm_nvhe_$", "__kvm_nvhe_.L", "__kcfi_typeid_", "__kvm_nvhe___kcfi_typeid_",
                "__pi___kcfi_typeid_", "__crc_", "__kstrtab_", "__kstrtabns_"),
            VENEER_SUFFIXES, BRANCH_INFIXES, true, false, List.of())),
        new NameRules(new NameRules.Table("un", List.of(), List.of(), List.of(), List.of(), false, true, ABSOLUTE_KEPT)),
        true, false, false,
        List.of(KallsymsTable.NUM_SYMS, KallsymsTable.NAMES, KallsymsTable.MARKERS, KallsymsTable.TOKEN_TABLE, KallsymsTable.TOKEN_INDEX,
            KallsymsTable.OFFSETS, KallsymsTable.RELATIVE_BASE, KallsymsTable.SEQS_OF_NAMES),
        false, 511, sortedTables(true), SectionRules.V6_12, ExportForm.RECORDS);

    private static final List<Kernel> ALL = List.of(V6_1, V6_12);

    /// All versions described, oldest first.
    public static List<Kernel> all() {
        return ALL;
    }

    /// The facts for a release such as `6.1.192` or `6.12.95+deb13-amd64`.
    public static Optional<Kernel> of(String release) {
        for (Kernel k : ALL) {
            int n = k.version.length();
            if (release.startsWith(k.version) && (release.length() == n || !Character.isDigit(release.charAt(n)))) {
                return Optional.of(k);
            }
        }
        return Optional.empty();
    }

    /// The tables to sort in an image of this machine with this configuration, in sorttable's order.
    public List<SortedTable> sortedTables(int machine, Config config) {
        var found = new ArrayList<SortedTable>();
        if (config.has("CONFIG_BUILDTIME_TABLE_SORT")) {
            for (SortedTable t : sortedTables) {
                if (t.machine() == machine && config.has(t.option())) {
                    found.add(t);
                }
            }
        }
        return found;
    }

    /// scripts/sorttable.c `do_file` for the entries; scripts/sorttable.h for the keys. Of the x86 ORC
    /// flags word 6.1 tests sp_reg (bits 0..3) and end (bit 10), 6.12 the type (bits 8..10).
    private static List<SortedTable> sortedTables(boolean sixTwelve) {
        var t = new ArrayList<SortedTable>();
        t.add(SortedTable.extable(EM_X86_64, 12, 2));
        t.add(SortedTable.extable(EM_386, 12, 2));
        t.add(SortedTable.extable(EM_AARCH64, 12, 2));
        t.add(SortedTable.extable(EM_PPC64, 8, 2));
        t.add(SortedTable.extable(EM_ARM, 8, 0));
        t.add(SortedTable.orc(EM_X86_64, 6, sixTwelve ? 0x700 : 0x40f));
        t.add(SortedTable.mcount(EM_X86_64, 8, sixTwelve));
        t.add(SortedTable.mcount(EM_386, 4, sixTwelve));
        t.add(SortedTable.mcount(EM_ARM, 4, sixTwelve));
        if (sixTwelve) {
            t.add(SortedTable.mcount(EM_AARCH64, 8, true));
        }
        return List.copyOf(t);
    }
}
