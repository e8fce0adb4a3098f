package klink.inspect;

import klink.elf.Elf;
import klink.inspect.ElfImage.Section;

/// The letters that GNU `nm` prints, by which `scripts/mksysmap`, `scripts/kallsyms` and boot code choose
/// symbols. They follow the flags of the output section, not its name: x86's `.rodata` is writable in the
/// image, so its symbols are `D`.
final class NmLetters {
    private NmLetters() {}

    /// The letter of a symbol; 0 for symbols that nm does not list (sections, files, the null symbol).
    static char of(ElfImage image, int i) {
        var symbols = image.symbols();
        int type = symbols.type(i);
        if (i == 0 || type == Elf.STT_SECTION || type == Elf.STT_FILE) {
            return 0;
        }
        boolean weak = symbols.bind(i) == Elf.STB_WEAK;
        boolean object = type == Elf.STT_OBJECT;
        if (symbols.shndx(i) == Elf.SHN_COMMON) {
            return 'C';
        }
        if (symbols.shndx(i) == Elf.SHN_UNDEF) {
            return weak ? object ? 'v' : 'w' : 'U';
        }
        if (type == Elf.STT_GNU_IFUNC) {
            return 'i';
        }
        if (weak) {
            return object ? 'V' : 'W';
        }
        if (symbols.bind(i) == Elf.STB_GNU_UNIQUE) {
            return 'u';
        }
        char letter = symbols.isInSection(i) ? of(image.sections().get(symbols.shndx(i))) : 'a';
        return symbols.bind(i) == Elf.STB_GLOBAL ? Character.toUpperCase(letter) : letter;
    }

    private static char of(Section s) {
        if ((s.flags() & Elf.SHF_EXECINSTR) != 0) {
            return 't';
        }
        if (!s.hasBytes()) {
            return 'b';
        }
        boolean writable = (s.flags() & Elf.SHF_WRITE) != 0;
        if (s.isAlloc()) {
            return writable ? 'd' : 'r';
        }
        return s.name().startsWith(".debug") || s.name().startsWith(".stab") || s.name().startsWith(".line") ? 'N' : writable ? '?' : 'n';
    }
}
