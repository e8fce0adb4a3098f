package klink.script;

/// What an expression comes to: a plain number, an absolute address, or an offset in an output section.
/// The three differ when the image moves: under KASLR only the last is relocated, and kallsyms and
/// x86's `relocs` tool drop or refuse what is absolute.
///
/// **Symbols set from the location counter between output sections.** There everything is absolute
/// while expressions are evaluated, yet the symbol must move with the image. GNU ld keeps the value
/// absolute through layout and gives the symbol a neighbouring section in the last pass (ld/ldlang.c,
/// `section_for_dot`; the name of the condition in ld/ldexp.c is `rel_from_abs`). Layout does the same
/// with a symbol whose final value has `fromDot` and [#ABSOLUTE] as its section:
///
/// 1. Walk the script's statements in order, keeping `current`, the last output section passed that
///    exists and is SHF_ALLOC, and `preferNext`, true since an assignment to `.` between sections
///    (`. = ASSERT(...)` counts) and false again after each such output section.
/// 2. If `current` exists and `preferNext` is false, the symbol belongs to `current`.
/// 3. Else it belongs to the next output section of the script that exists in the image; if that is not
///    SHF_ALLOC or is SHF_TLS, to the nearest one before it that is SHF_ALLOC and not SHF_TLS; if none
///    follows, to the last such section of the image.
/// 4. Exception to 3: once a symbol named `end` (after leading underscores: `_end`, `end`) has been
///    assigned and there is a `current`, sections after that do not attract: the symbol belongs to
///    `current`.
/// 5. Without any such section it stays absolute.
///
/// `current` that was removed from the image or is SHF_TLS gives way to the nearest before it that is
/// SHF_ALLOC and not SHF_TLS, else to the first of the image.
///
/// **Symbols inside an output section that is then removed for being empty** (a kernel has a dozen:
/// `__start_X = .` and `__stop_X = .` around nothing) keep their address and move to a neighbour
/// (bfd/linker.c, `_bfd_nearby_section`): of the nearest kept sections before and after, in image order,
/// the one that agrees with the removed section where the two differ, in the order SHF_ALLOC or SHF_TLS
/// (here a section with contents wins over a NOBITS one after it), read-only, code; if they do not
/// differ, the one after, unless the address lies below it.
///
/// @param section [#NUMBER], [#ABSOLUTE], or an output section's id
/// @param value   the number, the address, or the offset
/// @param fromDot outside output sections: made from the location counter (or ALIGN, SEGMENT_START,
///                ORIGIN) and from nothing that would make it absolute, such as ABSOLUTE( ) or a
///                symbol of a section
public record Value(int section, long value, boolean fromDot) {
    public static final int NUMBER = -2;
    public static final int ABSOLUTE = -1;

    public static Value number(long value) {
        return new Value(NUMBER, value, false);
    }

    public static Value absolute(long value) {
        return new Value(ABSOLUTE, value, false);
    }

    public static Value in(int section, long offset) {
        return new Value(section, offset, false);
    }

    /// Whether it is an offset in an output section.
    public boolean isRelative() {
        return section >= 0;
    }
}
