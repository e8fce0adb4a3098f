package klink.btf;

/// What is encoded beside structs, functions and what they are made of: the names of pahole's `--btf_features` (1.26 and later).
public enum BtfFeature {
    /// Go on where something cannot be encoded.
    ENCODE_FORCE,
    /// Variables of `.data..percpu`.
    VAR,
    /// Variables of all sections, those of `.data..percpu` included.
    GLOBAL_VAR,
    /// Floating-point types of a kind of their own.
    FLOAT,
    /// Enumerators of 64 bits in a kind of their own; else cut to 32.
    ENUM64,
    /// Clang's `btf_decl_tag` attributes.
    DECL_TAG,
    /// Clang's `btf_type_tag` attributes of what pointers point to.
    TYPE_TAG,
    /// Functions of which only copies are left that the compiler made of them (`.constprop.0`), if they are still called as they are declared.
    OPTIMIZED_FUNC,
    /// Only functions that are called as they are declared, alike wherever their name stands for one.
    CONSISTENT_FUNC,
    /// A tag on functions that `.BTF_ids` lists as callable by BPF programs.
    DECL_TAG_KFUNCS,
    /// The same numbers from one run to the next: always so here.
    REPRODUCIBLE_BUILD,
    /// With a base: what is needed of it, in a section of its own.
    DISTILLED_BASE;

    /// The one of that name; null if there is none.
    static BtfFeature of(String name) {
        for (BtfFeature f : values()) {
            if (f.name().equalsIgnoreCase(name)) {
                return f;
            }
        }
        return null;
    }
}
