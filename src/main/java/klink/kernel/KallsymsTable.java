package klink.kernel;

/// The tables of kallsyms, by their labels (kernel/kallsyms_internal.h). The order in which they are
/// laid out differs between kernel versions: [Kernel#kallsymsOrder].
public enum KallsymsTable {
    /// u32 per entry, relative to the relative base.
    OFFSETS("kallsyms_offsets"),
    /// One pointer, `_text` plus a constant: the only relocation.
    RELATIVE_BASE("kallsyms_relative_base"),
    /// A pointer per entry, in place of the two above: 6.1 without KALLSYMS_BASE_RELATIVE.
    ADDRESSES("kallsyms_addresses"),
    /// u32, the number of entries.
    NUM_SYMS("kallsyms_num_syms"),
    /// Length and compressed bytes of each entry.
    NAMES("kallsyms_names"),
    /// u32 offset in the names of every 256th entry.
    MARKERS("kallsyms_markers"),
    /// Entry numbers in the order of names, 3 bytes each, big-endian.
    SEQS_OF_NAMES("kallsyms_seqs_of_names"),
    /// 256 expanded tokens, each with its NUL.
    TOKEN_TABLE("kallsyms_token_table"),
    /// u16 offset of each token.
    TOKEN_INDEX("kallsyms_token_index");

    private final String label;

    KallsymsTable(String label) {
        this.label = label;
    }

    /// The global symbol at the table's first byte.
    public String label() {
        return label;
    }
}
