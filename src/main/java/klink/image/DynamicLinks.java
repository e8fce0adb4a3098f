package klink.image;

import klink.elf.Elf;

/// sh_link, sh_info and sh_entsize of the tables that a moving image describes itself with (gABI, "Section Header": sh_link and
/// sh_info interpretation): readers find names and symbols by them.
final class DynamicLinks {
    private static final int HASH = 5;
    private static final int GNU_HASH = 0x6fff_fff6;
    private static final int FIRST_GLOBAL = klink.dynamic.DynamicSections.FIRST_NAME;

    private DynamicLinks() {}

    static void set(SectionTable headers) {
        int symbols = find(headers, Elf.SHT_DYNSYM, ".dynsym");
        int strings = find(headers, Elf.SHT_PROGBITS, ".dynstr"); // as which it is gathered
        if (symbols == 0) {
            return;
        }
        set(headers, strings, Elf.SHT_STRTAB, 0, 0, 0);
        set(headers, symbols, Elf.SHT_DYNSYM, strings, FIRST_GLOBAL, 24);
        set(headers, find(headers, HASH, ".hash"), HASH, symbols, 0, 4);
        set(headers, find(headers, GNU_HASH, ".gnu.hash"), GNU_HASH, symbols, 0, 0);
        set(headers, find(headers, Elf.SHT_DYNAMIC, ".dynamic"), Elf.SHT_DYNAMIC, strings, 0, 16);
        set(headers, find(headers, Elf.SHT_RELA, ".rela.dyn"), Elf.SHT_RELA, symbols, 0, Elf.RELA_SIZE);
    }

    private static int find(SectionTable headers, int type, String name) {
        for (int i = 1; i < headers.count(); i++) {
            if (headers.get(i).type() == type && headers.get(i).name().equals(name)) {
                return i;
            }
        }
        return 0;
    }

    private static void set(SectionTable headers, int i, int type, int link, int info, int entsize) {
        if (i != 0) {
            SectionTable.Header h = headers.get(i);
            headers.set(i, new SectionTable.Header(h.name(), type, h.flags(), h.address(), h.offset(), h.size(), link, info, h.align(), entsize));
        }
    }
}
