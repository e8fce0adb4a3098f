package klink.kallsyms;

import klink.elf.Elf;

/// The letter that GNU nm prints for a symbol of a finished image. kallsyms stores it as the first
/// byte of every entry, and both System.map and kallsyms select by it, so it must be nm's letter to the
/// last corner (binutils bfd/syms.c `bfd_decode_symclass`, bfd/elf.c for the section flags; checked
/// against nm 2.40).
///
/// The letter of a defined symbol comes from its *output* section, so a link asks [#ofSection] once per
/// output section and [#of] once per symbol.
public final class NmLetter {
    /// The "section" of an absolute symbol, for [#of].
    public static final byte ABSOLUTE = 'a';
    /// The "section" of an undefined symbol, for [#of].
    public static final byte UNDEFINED = 'U';

    private NmLetter() {}

    /// The letter of a symbol.
    ///
    /// @param bind    STB_*
    /// @param type    STT_*
    /// @param section [#ofSection] of the output section, [#ABSOLUTE] or [#UNDEFINED]
    public static byte of(int bind, int type, byte section) {
        boolean object = type == Elf.STT_OBJECT || type == Elf.STT_COMMON;
        if (section == UNDEFINED) {
            return (byte) (bind != Elf.STB_WEAK ? 'U' : object ? 'v' : 'w');
        }
        if (type == Elf.STT_GNU_IFUNC) {
            return 'i';
        }
        if (bind == Elf.STB_WEAK) {
            return (byte) (object ? 'V' : 'W');
        }
        if (bind == Elf.STB_GNU_UNIQUE) {
            return 'u';
        }
        boolean upper = bind == Elf.STB_GLOBAL && section >= 'a' && section <= 'z';
        return upper ? (byte) (section - 'a' + 'A') : section;
    }

    /// The letter of a local symbol in an output section.
    ///
    /// @param flags sh_flags
    /// @param type  sh_type
    public static byte ofSection(String name, int type, long flags) {
        byte byName = byPeName(name);
        if (byName != 0) {
            return byName;
        }
        boolean contents = type != Elf.SHT_NOBITS;
        boolean readOnly = (flags & Elf.SHF_WRITE) == 0;
        if ((flags & Elf.SHF_EXECINSTR) != 0) {
            return 't';
        }
        if ((flags & Elf.SHF_ALLOC) != 0 && contents) {
            return (byte) (readOnly ? 'r' : 'd');
        }
        if (!contents) {
            return 'b';
        }
        if (isDebug(name)) {
            return 'N';
        }
        return (byte) (readOnly ? 'n' : '?');
    }

    /// Four names of PE images that nm knows in any format: the name, then the end, `.`, `$` or a digit.
    private static byte byPeName(String name) {
        if (name.length() < 6 || name.charAt(0) != '.') {
            return 0;
        }
        byte letter;
        int n = 6;
        if (name.startsWith(".edata")) {
            letter = 'e';
        } else if (name.startsWith(".idata")) {
            letter = 'i';
        } else if (name.startsWith(".pdata")) {
            letter = 'p';
        } else if (name.startsWith(".drectve")) {
            letter = 'i';
            n = 8;
        } else {
            return 0;
        }
        char next = name.length() == n ? '.' : name.charAt(n);
        return next == '.' || next == '$' || (next >= '0' && next <= '9') ? letter : 0;
    }

    /// BFD tells debug sections by name alone.
    private static boolean isDebug(String name) {
        return name.startsWith(".debug") || name.startsWith(".zdebug") || name.startsWith(".gnu.debuglto_.debug_")
            || name.startsWith(".gnu.linkonce.wi.") || name.startsWith(".line") || name.startsWith(".stab") || name.equals(".gdb_index");
    }
}
