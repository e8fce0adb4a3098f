package klink.image;

import klink.arch.Machine;
import klink.elf.Arm;
import klink.elf.Elf;
import klink.elf.ElfClass;
import klink.input.ObjectFile;
import klink.input.RelocationTable;
import klink.layout.Addresses;
import klink.layout.TocEdit;
import klink.mem.Endian;
import klink.mem.LE;
import klink.merge.MergedSections;
import klink.place.Placement;
import klink.report.Finding;
import klink.report.Report;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;

/// The relocations that `--emit-relocs` keeps, rewritten for the image: r_offset becomes an address,
/// the symbol an index of the image's table, and what named an input section names the output section
/// with a larger addend. x86's `relocs` tool makes the KASLR table from them. One per thread.
final class RelocationCopy {
    private static final int BLOCK = 2048;

    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    private final Addresses at;
    private final OutputSymbols list;
    private final Machine machine;
    private final ElfClass elfClass;
    private final Endian endian;
    private final Report report;
    /// What becomes of the table of contents; null if that stays as it is.
    private final TocEdit edit;
    private final long[] block = new long[3 * BLOCK];

    RelocationCopy(Symbols symbols, Placement place, MergedSections merged, Addresses at, OutputSymbols list, Machine machine, TocEdit edit, Report report) {
        this.machine = machine;
        this.edit = edit;
        this.report = report;
        elfClass = machine.elfClass();
        endian = machine.endian();
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.at = at;
        this.list = list;
    }

    /// Appends the entries of one relocation section to `out` at `used`; returns the new end.
    int append(byte[] out, int used, int f, int relNdx, int section) {
        ObjectFile file = symbols.file(f);
        long count = RelocationTable.count(file, relNdx);
        long base = at.addressOfInput(section);
        boolean edited = edit != null && edit.edits(f, file.info(relNdx));
        for (long done = 0; done < count; done += BLOCK) {
            int n = (int) Math.min(BLOCK, count - done);
            RelocationTable.read(file, relNdx, done, n, block);
            int kept = 0;
            for (int i = 0; i < 3 * n; i += 3) {
                int sym = symbol(file, relNdx, i);
                if (edit != null && sym < file.firstGlobal() && edit.edits(f, file.symbolSection(sym))) {
                    edit.rename(f, block, i, file.symbolValue(sym) + block[i + 2]);
                    sym = (int) (block[i + 1] >>> 32);
                }
                int down = edited ? edit.shift(f, block[i]) : 0;
                if (down < 0) {
                    continue; // its word goes
                }
                block[i] += base - down;
                rewrite(file, f, sym, i);
                System.arraycopy(block, i, block, 3 * kept++, 3);
            }
            used = put(out, used, kept);
        }
        return used;
    }

    /// Rewrites the addends that stand in a section of a relocatable link (SHT_REL), as [#append] does those of entries.
    /// @param out  holds the section's bytes at `to`
    /// @param size of them
    /// @param ndx  the section
    void addends(byte[] out, int to, long size, int f, int relNdx, int ndx) {
        ObjectFile file = symbols.file(f);
        RelocationTable.check(file, relNdx);
        long count = RelocationTable.count(file, relNdx);
        for (long done = 0; done < count; done += BLOCK) {
            int n = (int) Math.min(BLOCK, count - done);
            RelocationTable.read(file, relNdx, done, n, block);
            for (int i = 0; i < 3 * n; i += 3) {
                int type = (int) block[i + 1];
                int width = machine.width(type);
                int sym = symbol(file, relNdx, i);
                if (block[i] > size - width) {
                    throw file.bad(file.fileOffset(relNdx) + (done + i / 3) * RelocationTable.entrySize(file), machine.relocationName(type) + " at offset 0x"
                            + Long.toHexString(block[i]) + " lies outside its section " + file.sectionName(ndx) + " (0x" + Long.toHexString(size) + " bytes)");
                }
                if (width == 0) {
                    continue;
                }
                int place = to + (int) block[i];
                long a = machine.addend(type, width == 4 ? LE.i32(out, place) : width == 2 ? LE.u16(out, place) : out[place] & 0xff);
                block[i + 2] = a;
                rewrite(file, f, sym, i);
                if (block[i + 2] != a && !machine.putAddend(out, place, type, block[i + 2])) {
                    report.add(Finding.error("no room for an addend: " + machine.relocationName(type) + " against " + file.sectionName(file.symbolSection(sym)))
                            .at("at " + file.name() + ":(" + file.sectionName(ndx) + "+0x" + Long.toHexString(block[i]) + ")")
                            .at("A = " + block[i + 2] + " in the section that -r merges: keep sections apart with --unique").ordered((long) f << 32 | ndx));
                }
            }
        }
    }

    private int symbol(ObjectFile file, int relNdx, int i) {
        int sym = (int) (block[i + 1] >>> 32);
        if (sym < 0 || sym >= file.symbolCount()) {
            throw file.bad(file.fileOffset(relNdx), "relocation names symbol " + Integer.toUnsignedString(sym) + ", past the " + file.symbolCount() + " symbols");
        }
        return sym;
    }

    /// Without addends in 32-bit images: what they were is gone from the bytes that the relocations changed, as with GNU ld.
    private int put(byte[] out, int used, int n) {
        if (elfClass.is64()) {
            for (int i = 0; i < 3 * n; i++) {
                LE.put64(out, used + 8 * i, block[i]);
            }
            return used + n * Elf.RELA_SIZE;
        }
        for (int i = 0; i < 3 * n; i += 3, used += elfClass.relocation()) {
            endian.put32(out, used, (int) block[i]);
            endian.put32(out, used + 4, (int) (block[i + 1] >>> 32) << 8 | (int) block[i + 1] & 0xff);
        }
        return used;
    }

    /// Appends the relocation of an entry that the linker added to an unwind index, behind the others: it stands for where code of `out` ends.
    int appendEnd(byte[] to, int used, int section, int out) {
        int f = symbols.fileOfSection(section);
        block[0] = at.addressOfInput(section) + symbols.file(f).size(section - symbols.firstSection(f));
        block[1] = (long) list.indexOfSection(out) << 32 | Arm.R_ARM_PREL31;
        return put(to, used, 1);
    }

    /// Appends the relocations of a section that klink made.
    int append(byte[] out, int used, Image.Synthetic made) {
        long base = at.addressOfInput(made.section());
        long[] r = made.relocations();
        for (int i = 0; i < r.length; i += 4) {
            block[0] = base + r[i];
            block[1] = (long) list.indexOfGlobal((int) r[i + 2]) << 32 | r[i + 1];
            block[2] = r[i + 3];
            used = put(out, used, 1);
        }
        return used;
    }

    private void rewrite(ObjectFile file, int f, int sym, int i) {
        long type = block[i + 1] & 0xffff_ffffL;
        int index = sym == 0 ? 0 : list.indexOf(f, sym);
        if (index != 0 || sym == 0) {
            block[i + 1] = (long) index << 32 | type;
            return;
        }
        int ndx = file.symbolSection(sym);
        if (ndx <= 0 || sym >= file.firstGlobal()) {
            block[i + 1] = type;
            return;
        }
        int target = symbols.firstSection(f) + ndx;
        int out = place.outputOf(target);
        if (out < 0) {
            block[i + 1] = 0; // R_*_NONE: the target was discarded
            block[i + 2] = 0;
            return;
        }
        long value = file.symbolValue(sym);
        if (merged.isMerged(target)) {
            boolean whole = Elf.type(file.symbolInfo(sym)) == Elf.STT_SECTION;
            block[i + 2] = at.addressOfMerged(merged, target, whole ? value + block[i + 2] : value) - at.address(out)
                    + (whole ? 0 : block[i + 2]);
        } else {
            block[i + 2] += at.offset(target) + value;
        }
        block[i + 1] = (long) list.indexOfSection(out) << 32 | type;
    }
}
