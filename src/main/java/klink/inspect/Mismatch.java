package klink.inspect;

/// A reference that `klink check` complains of: of its findings, what [FixCosts] needs.
///
/// @param rule modpost's word for what was broken, such as `TEXT_TO_ANY_INIT`
record Mismatch(String rule, End from, End to) {
    /// @param object   the file, as it was named on the command line
    /// @param section  the input section's name
    /// @param symbol   the symbol's name; empty if none is there
    /// @param function whether that is a function
    record End(String object, String section, String symbol, boolean function) {}
}
