package klink.place;

import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.script.Command;
import klink.script.OutputItem;
import klink.script.SectionsItem;

/// What a set of input sections makes of the output section that holds them: flags, type, entry size.
final class InputKind {
    private static final long CARRIED = Elf.SHF_WRITE | Elf.SHF_ALLOC | Elf.SHF_EXECINSTR | Elf.SHF_TLS;
    private static final long MERGED = Elf.SHF_MERGE | Elf.SHF_STRINGS;

    private static final long PASSED_ON = CARRIED | Elf.SHF_GNU_RETAIN | Elf.SHF_EXCLUDE;

    private final long carried;
    private final boolean relocatable;
    private final boolean text;
    private long flags;
    private long merge = -1;
    private long entsize = -1;
    private int type = -1;
    private boolean hasInputs;
    private boolean hasContent;
    private boolean hasData;
    private boolean assigned;
    private boolean writable;

    /// @param text whether the output section is `.text`, which GNU ld makes code in any case, and read-only in an image: arm64
    ///             kernels have writable inputs there
    InputKind(boolean relocatable, boolean text) {
        this.relocatable = relocatable;
        this.text = text;
        carried = relocatable ? PASSED_ON : CARRIED;
    }

    /// Whether a section holds something to link, rather than a table of the object itself.
    static boolean isContent(ObjectFile file, int ndx) {
        return isContent(file, ndx, false);
    }

    /// @param relocatable for `-r`, which keeps what only the final link leaves out
    static boolean isContent(ObjectFile file, int ndx, boolean relocatable) {
        return switch (file.type(ndx)) {
            case Elf.SHT_NULL, Elf.SHT_SYMTAB, Elf.SHT_STRTAB, Elf.SHT_RELA, Elf.SHT_REL, Elf.SHT_GROUP, Elf.SHT_SYMTAB_SHNDX,
                    Elf.SHT_LLVM_ADDRSIG, Elf.SHT_LLVM_CALL_GRAPH_PROFILE -> false;
            default -> relocatable || (file.flags(ndx) & Elf.SHF_EXCLUDE) == 0;
        };
    }

    void add(ObjectFile file, int ndx) {
        hasInputs = true;
        long f = file.flags(ndx);
        flags |= f & carried;
        int t = file.type(ndx);
        if (t != Elf.SHT_NOBITS) {
            hasContent = true;
            type = type == -1 || type == t ? t : Elf.SHT_PROGBITS;
        }
        long e = file.entsize(ndx);
        entsize = entsize == -1 || entsize == e ? e : 0;
        merge = merge == -1 || merge == (f & MERGED) ? f & MERGED : 0;
    }

    void add(OutputItem item) {
        if (item instanceof OutputItem.Data || item instanceof OutputItem.Text) {
            writable = hasData ? writable : assigned;
            hasContent = true;
            hasData = true;
        } else if (item instanceof Command.Assign) {
            assigned = true;
        }
    }

    boolean hasData() {
        return hasData;
    }

    boolean hasInputs() {
        return hasInputs;
    }

    long flags(SectionsItem.OutputSection script) {
        long f = flags | (merge > 0 && entsize > 0 ? merge : 0);
        if (hasData) {
            // Data alone is read-only; GNU ld makes the section writable if an assignment created it first.
            f |= Elf.SHF_ALLOC | (!hasInputs && writable ? Elf.SHF_WRITE : 0);
        }
        if (text && (f & Elf.SHF_ALLOC) != 0) {
            f = (f | Elf.SHF_EXECINSTR) & (relocatable ? -1L : ~Elf.SHF_WRITE);
        }
        if (script != null) {
            switch (script.type()) {
                case INFO, DSECT, COPY, OVERLAY -> f &= ~Elf.SHF_ALLOC;
                case READONLY -> f &= ~Elf.SHF_WRITE;
                default -> { }
            }
        }
        return f;
    }

    int type(SectionsItem.OutputSection script) {
        if (script != null && script.type() == SectionsItem.Type.NOLOAD) {
            return Elf.SHT_NOBITS;
        }
        if (!hasContent) {
            return Elf.SHT_NOBITS;
        }
        return type == -1 ? Elf.SHT_PROGBITS : type;
    }

    long entsize() {
        if (type == Elf.SHT_INIT_ARRAY || type == Elf.SHT_FINI_ARRAY || type == Elf.SHT_PREINIT_ARRAY) {
            return 8;
        }
        return merge > 0 && entsize > 0 ? entsize : 0;
    }
}
