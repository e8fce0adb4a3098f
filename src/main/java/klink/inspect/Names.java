package klink.inspect;

import java.util.Locale;
import klink.elf.Elf;

/// The psABI's words for the numbers in headers and symbols; unknown numbers stay numbers. And the
/// one way in which this package writes JSON strings.
final class Names {
    private static final String[] SYMBOL_TYPES = {"NOTYPE", "OBJECT", "FUNC", "SECTION", "FILE", "COMMON", "TLS"};
    private static final String[] BINDINGS = {"LOCAL", "GLOBAL", "WEAK"};
    private static final String[] VISIBILITIES = {"DEFAULT", "INTERNAL", "HIDDEN", "PROTECTED"};
    private static final String[] SECTION_TYPES = {"NULL", "PROGBITS", "SYMTAB", "STRTAB", "RELA", "HASH", "DYNAMIC",
        "NOTE", "NOBITS", "REL", "SHLIB", "DYNSYM"};

    private Names() {}

    private static String of(String[] names, int number) {
        return number >= 0 && number < names.length ? names[number] : "0x" + Integer.toHexString(number);
    }

    static String symbolType(int type) {
        return type == Elf.STT_GNU_IFUNC ? "GNU_IFUNC" : of(SYMBOL_TYPES, type);
    }

    static String binding(int bind) {
        return bind == Elf.STB_GNU_UNIQUE ? "GNU_UNIQUE" : of(BINDINGS, bind);
    }

    static String visibility(int visibility) {
        return of(VISIBILITIES, visibility);
    }

    static String sectionType(int type) {
        return of(SECTION_TYPES, type);
    }

    static String segmentType(int type) {
        return switch (type) {
            case Elf.PT_NULL -> "NULL";
            case Elf.PT_LOAD -> "LOAD";
            case Elf.PT_DYNAMIC -> "DYNAMIC";
            case Elf.PT_INTERP -> "INTERP";
            case Elf.PT_NOTE -> "NOTE";
            case Elf.PT_PHDR -> "PHDR";
            case Elf.PT_TLS -> "TLS";
            case Elf.PT_GNU_EH_FRAME -> "GNU_EH_FRAME";
            case Elf.PT_GNU_STACK -> "GNU_STACK";
            case Elf.PT_GNU_RELRO -> "GNU_RELRO";
            case Elf.PT_GNU_PROPERTY -> "GNU_PROPERTY";
            default -> "0x" + Integer.toHexString(type);
        };
    }

    static String machine(int machine) {
        return switch (machine) {
            case Elf.EM_X86_64 -> "x86_64";
            case Elf.EM_AARCH64 -> "aarch64";
            case Elf.EM_PPC64 -> "ppc64";
            case Elf.EM_ARM -> "arm";
            case Elf.EM_386 -> "i386";
            default -> "machine " + machine;
        };
    }

    /// Section flags as readelf's letters.
    static String sectionFlags(long flags) {
        var sb = new StringBuilder();
        String letters = "WAX?MSILOGTC";
        long rest = flags;
        for (int bit = 0; bit < letters.length(); bit++) {
            if ((flags >>> bit & 1) != 0 && letters.charAt(bit) != '?') {
                sb.append(letters.charAt(bit));
                rest &= ~(1L << bit);
            }
        }
        if (rest != 0) {
            sb.append("+0x").append(Long.toHexString(rest));
        }
        return sb.isEmpty() ? "none" : sb.toString();
    }

    static String segmentFlags(int flags) {
        return ((flags & Elf.PF_R) != 0 ? "R" : "-") + ((flags & Elf.PF_W) != 0 ? "W" : "-")
                + ((flags & Elf.PF_X) != 0 ? "X" : "-") + (flags > 7 || flags < 0 ? "+0x" + Integer.toHexString(flags & ~7) : "");
    }

    /// As a JSON string.
    static String quoted(String text) {
        var sb = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                sb.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                sb.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                sb.append(c);
            }
        }
        return sb.append('"').toString();
    }
}
