package klink.kbuild;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import klink.elf.Elf;
import klink.kallsyms.NmLetter;
import klink.kallsyms.NmList;
import klink.mem.LE;

/// The symbol table of a 64-bit ELF file, as the linker would hand it over.
final class LinkedSymbols {
    final NmList nm;
    final long[] address;

    LinkedSymbols(byte[] elf) {
        int shoff = (int) LE.i64(elf, 0x28);
        int sections = LE.u16(elf, 0x3c);
        int shstr = offset(elf, shoff, LE.u16(elf, 0x3e));
        var letters = new byte[sections];
        int symtab = 0;
        for (int i = 0; i < sections; i++) {
            int sh = shoff + i * Elf.SHDR_SIZE;
            int type = LE.i32(elf, sh + 4);
            letters[i] = NmLetter.ofSection(string(elf, shstr + LE.i32(elf, sh)), type, LE.i64(elf, sh + 8));
            symtab = type == Elf.SHT_SYMTAB ? i : symtab;
        }
        int sh = shoff + symtab * Elf.SHDR_SIZE;
        int from = offset(elf, shoff, symtab);
        int count = (int) LE.i64(elf, sh + 32) / Elf.SYM_SIZE;
        int names = offset(elf, shoff, LE.i32(elf, sh + 40));
        nm = new NmList(new byte[][] {elf}, count);
        address = new long[count];
        for (int i = 1; i < count; i++) {
            int at = from + i * Elf.SYM_SIZE;
            int info = elf[at + 4] & 0xff;
            int shndx = LE.u16(elf, at + 6);
            if (Elf.type(info) == Elf.STT_SECTION || Elf.type(info) == Elf.STT_FILE) {
                continue;
            }
            byte section = shndx == Elf.SHN_UNDEF ? NmLetter.UNDEFINED : shndx == Elf.SHN_ABS ? NmLetter.ABSOLUTE : letters[shndx];
            int name = names + LE.i32(elf, at);
            int n = nm.add(0, name, string(elf, name).length(), NmLetter.of(Elf.bind(info), Elf.type(info), section));
            address[n] = LE.i64(elf, at + 8);
        }
    }

    Map<String, Character> letters() {
        var map = new LinkedHashMap<String, Character>();
        for (int i = 0; i < nm.count(); i++) {
            map.put(nm.name(i), (char) nm.letter[i]);
        }
        return map;
    }

    private static int offset(byte[] elf, int shoff, int section) {
        return (int) LE.i64(elf, shoff + section * Elf.SHDR_SIZE + 24);
    }

    private static String string(byte[] elf, int at) {
        int end = at;
        while (elf[end] != 0) {
            end++;
        }
        return new String(elf, at, end - at, StandardCharsets.ISO_8859_1);
    }
}
