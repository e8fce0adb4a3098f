package klink.image;

import klink.dynamic.PackedWords;
import klink.arch.Machine;
import klink.arch.Ppc64Contents;
import klink.arch.X86Tls;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.input.RelocationTable;
import klink.layout.Addresses;
import klink.layout.TocEdit;
import klink.mem.LE;
import klink.mem.LongList;
import klink.merge.MergedSections;
import klink.report.Finding;
import klink.report.Report;
import klink.resolve.Symbols;
import klink.veneer.Veneers;

/// Applies the relocations of one input section to its copy in the output buffer. One per thread: it
/// owns the array that relocation entries are read into, in bulk.
final class Relocator {
    private static final int BLOCK = 2048;

    private final Symbols symbols;
    private final MergedSections merged;
    private final Addresses addresses;
    private final long[] values;
    private final byte[] states;
    private final Undefined undefined;
    private final Report report;
    private final Machine machine;
    private final TableRelocator tables;
    private final long[] rela = new long[3 * BLOCK];
    private final long[] pair = new long[6];
    private final MovingWords moving;
    private final Veneers veneers;
    private final byte[] entries;
    /// What becomes of the table of contents; null if that stays as it is.
    private final TocEdit edit;
    private LongList moved;
    private LongList movedPacked;

    /// For debug sections, which use no global offset table.
    Relocator(Machine machine, Symbols symbols, MergedSections merged, Addresses addresses, SymbolValues values, Undefined undefined, Report report) {
        this(machine, symbols, merged, addresses, values, undefined, new TableRelocator(machine, symbols, null, klink.got.ThreadStorage.of(addresses), 0, null, false, false), null, null, null, report);
    }

    Relocator(Machine machine, Symbols symbols, MergedSections merged, Addresses addresses, SymbolValues values, Undefined undefined,
            TableRelocator tables, MovingWords moving, Veneers veneers, TocEdit edit, Report report) {
        this.edit = edit;
        this.veneers = veneers;
        this.machine = machine;
        this.moving = moving;
        this.symbols = symbols;
        this.merged = merged;
        this.addresses = addresses;
        this.values = values.values();
        this.states = values.states();
        this.entries = values.localEntries();
        this.undefined = undefined;
        this.tables = tables;
        this.report = report;
    }

    /// Where words that move with the image are listed from now on; null: nowhere, as the section is not loaded.
    /// @param packed the same for those that `.relr.dyn` tells of; null: none
    void list(LongList words, LongList packed) {
        moved = words;
        movedPacked = packed;
    }

    /// @param out     holds the section's bytes at `at`
    /// @param size    bytes of the section
    /// @param relNdx  the SHT_RELA section of `f` to apply
    /// @param ndx     the section it applies to
    /// @param address of the section's first byte
    void apply(byte[] out, int at, long size, int f, int relNdx, int ndx, long address) {
        ObjectFile file = symbols.file(f);
        long table = file.fileOffset(relNdx);
        RelocationTable.check(file, relNdx);
        long count = RelocationTable.count(file, relNdx);
        int firstSymbol = symbols.firstSymbol(f);
        int symbolCount = file.symbolCount();
        boolean alloc = (file.flags(ndx) & Elf.SHF_ALLOC) != 0;
        long[] r = rela;
        boolean skip = false;
        Machine m = machine;
        boolean edited = edit != null && edit.edits(f, ndx);
        for (long done = 0; done < count; done += BLOCK) {
            int n = (int) Math.min(BLOCK, count - done);
            RelocationTable.read(file, relNdx, done, n, r);
            if (!file.is64()) {
                addends(out, at, size, n);
            }
            for (int i = 0; i < n; i++) {
                long offset = r[3 * i];
                int type = (int) r[3 * i + 1];
                int sym = (int) (r[3 * i + 1] >>> 32);
                long a = r[3 * i + 2];
                if (sym < 0 || sym >= symbolCount || offset < 0 || offset > size - 8 && offset > size - m.width(type)) {
                    throw damaged(file, table + (done + i) * RelocationTable.entrySize(file), offset, sym, type, size, ndx);
                }
                if (skip) {
                    skip = false; // the call that a rewritten access to thread-local storage made
                    continue;
                }
                int id = firstSymbol + sym;
                long s = values[id];
                long p = address + offset;
                if (edited) {
                    int down = edit.shift(f, offset);
                    if (down < 0) {
                        continue; // the word goes
                    }
                    p -= down;
                }
                if (states[id] != SymbolValues.PLAIN) {
                    if (states[id] == SymbolValues.CONTENTS) {
                        if (edit.rename(f, r, 3 * i, file.symbolValue(sym) + a)) {
                            TocEdit.add(out, at + (int) offset);
                        }
                        type = (int) r[3 * i + 1];
                        sym = (int) (r[3 * i + 1] >>> 32);
                        a = r[3 * i + 2];
                        id = firstSymbol + sym;
                        s = values[id];
                    }
                    if (states[id] == SymbolValues.MERGED_SECTION) {
                        s = addresses.addressOfMerged(merged, symbols.firstSection(f) + file.symbolSection(sym), file.symbolValue(sym) + a);
                        a = 0;
                    } else if (states[id] == SymbolValues.FIXED_BASE) {
                        skip = done + i + 1 < count && isEntryPair(file, relNdx, done + i) && Ppc64Contents.fixEntry(out, at + (int) offset, at + (int) size, s);
                        if (skip) {
                            continue;
                        }
                    } else if (states[id] != SymbolValues.PLAIN && states[id] != SymbolValues.CONTENTS
                            && !special(states[id], out, at + (int) offset, f, ndx, sym, offset, type, alloc, a, p)) {
                        continue;
                    }
                }
                if (moved != null && (type == moving.type || type == moving.unaligned) && moving.movable[id]) {
                    if (movedPacked != null && PackedWords.packs(file.alignment(ndx), offset)) {
                        movedPacked.add(p); // and the place says what is moved
                    } else {
                        moved.add(p);
                        moved.add(s + a);
                        if (!moving.applied) {
                            continue;
                        }
                    }
                }
                int entry = entries != null && m.callsLocalEntry(type) ? entries[id] : 0;
                int result = entry != 0 && !m.agrees(type, entry) && states[id] != SymbolValues.NOWHERE ? Machine.DISAGREES
                        : m.apply(out, at + (int) offset, type, m.entry(type, s, entry), a, p);
                if ((result == Machine.OVERFLOW || result == Machine.DISAGREES) && veneers != null) {
                    long v = veneers.find(s + a, Veneers.symbol(symbols, f, sym), entry, p, type, symbols.firstSection(f) + ndx);
                    result = v == 0 ? result : m.applyVeneer(out, at + (int) offset, at + (int) size, type, entry, v, p);
                    result = result == Machine.LACKS_NOP && needsNoNop(f, ndx, sym) ? Machine.OK : result;
                }
                if (result != Machine.OK) {
                    result = tables.apply(result, out, at, at + (int) offset, at + (int) size, f, ndx, sym, type, s, a, p);
                    skip = result == X86Tls.DONE_WITH_NEXT;
                }
                if (result > Machine.OK) {
                    failed(result, f, ndx, sym, offset, type, s, a, p);
                }
            }
        }
    }

    /// Finds the addends of `n` entries, before any of them is applied.
    private void addends(byte[] out, int at, long size, int n) {
        long[] r = rela;
        for (int i = 0; i < 3 * n; i += 3) {
            int type = (int) r[i + 1];
            int width = machine.width(type);
            if (r[i] > size - width) {
                continue; // damaged, as will be said
            }
            int place = at + (int) r[i];
            int bytes = width == 4 ? LE.i32(out, place) : width == 2 ? LE.u16(out, place) : width == 1 ? out[place] & 0xff : 0;
            r[i + 2] = machine.addend(type, bytes);
        }
    }

    /// Undefined and discarded targets. False if the site is dealt with.
    private boolean special(byte state, byte[] out, int at, int f, int ndx, int sym, long offset, int type, boolean alloc, long a, long p) {
        ObjectFile file = symbols.file(f);
        if (state == SymbolValues.NOWHERE) {
            int result = machine.applyNowhere(out, at, type, a, p);
            if (result != Machine.OK && result != Machine.UNKNOWN) {
                failed(result, f, ndx, sym, offset, type, p, a, p);
            }
            return result == Machine.UNKNOWN;
        }
        if (machine.width(type) == 0) {
            return false;
        }
        if (state == SymbolValues.UNDEFINED) {
            undefined.add(symbols.global(f, sym), f, ndx, offset);
            return false;
        }
        String name = file.sectionName(ndx);
        if (alloc && !name.equals(".eh_frame") && !name.startsWith(".gcc_except_table")) {
            String target = sym < file.firstGlobal() && Elf.type(file.symbolInfo(sym)) == Elf.STT_SECTION
                    ? file.sectionName(file.symbolSection(sym)) : file.symbolName(sym);
            report.add(Finding.error("relocation refers to a discarded section: " + machine.relocationName(type) + " against " + target)
                    .at("at " + file.name() + ":(" + name + "+0x" + Long.toHexString(offset) + ")")
                    .at("the linker script or a comdat group dropped the section that defines it").ordered((long) f << 32 | ndx));
            return false;
        }
        // A tombstone: 1 in lists where 0,0 is the end (DWARF 4, 2.17.3 and 2.6.2), else 0.
        int width = machine.width(type);
        boolean list = name.equals(".debug_ranges") || name.equals(".debug_loc");
        int last = machine.endian().isBig() ? width - 1 : 0; // the byte of the units
        for (int i = 0; i < width; i++) {
            out[at + i] = (byte) (list && i == last ? 1 : 0);
        }
        return false;
    }

    /// Whether two relocations are of a global entry point that computes r2 from its own address.
    private boolean isEntryPair(ObjectFile file, int relNdx, long first) {
        RelocationTable.read(file, relNdx, first, 2, pair);
        return (int) pair[1] == klink.elf.Ppc64.R_PPC64_REL16_HA && pair[2] == 0 && pair[3] == pair[0] + 4 && pair[5] == 4
                && pair[4] == (pair[1] & 0xffff_ffff_0000_0000L | klink.elf.Ppc64.R_PPC64_REL16_LO);
    }

    /// Whether a call is of the same section, as of a function by itself, or of one that does not return.
    private boolean needsNoNop(int f, int ndx, int sym) {
        ObjectFile file = symbols.file(f);
        if (sym < file.firstGlobal()) {
            return file.symbolSection(sym) == ndx;
        }
        int g = symbols.global(f, sym);
        boolean defined = symbols.kind(g) == Symbols.DEFINED || symbols.kind(g) == Symbols.DEFINED_WEAK;
        return defined && symbols.definingFile(g) == f && file.symbolSection(symbols.definingSymbol(g)) == ndx || file.symbolName(sym).equals("__libc_start_main");
    }

    private void failed(int result, int f, int ndx, int sym, long offset, int type, long s, long a, long p) {
        ObjectFile file = symbols.file(f);
        String target = Elf.type(file.symbolInfo(sym)) == Elf.STT_SECTION ? file.sectionName(file.symbolSection(sym)) : file.symbolName(sym);
        String what = switch (result) {
            case Machine.OVERFLOW -> "relocation out of range: " + machine.relocationName(type) + " against " + target;
            case Machine.NEEDS_GOT -> "relocation needs a global offset table: " + machine.relocationName(type) + " against " + target;
            case Machine.NEEDS_TLS -> "access to thread-local storage is not of a form that can be linked: " + machine.relocationName(type) + " against " + target;
            case Machine.MISALIGNED -> "target is not aligned as the instruction needs it: " + machine.relocationName(type) + " against " + target;
            case Machine.DISAGREES -> "call between code that has a table of contents and code that has none: " + machine.relocationName(type) + " against " + target;
            case Machine.LACKS_NOP -> "no instruction behind the call can restore r2, which the function does not keep: " + machine.relocationName(type) + " against " + target;
            default -> "unknown relocation type " + Integer.toUnsignedString(type) + " against " + target;
        };
        Finding finding = Finding.error(what).at("at " + file.name() + ":(" + file.sectionName(ndx) + "+0x" + Long.toHexString(offset) + ")");
        if (result == Machine.OVERFLOW) {
            long reach = machine.reach(type);
            String why = reach == 0 ? machine.width(type) + " bytes cannot hold the value"
                    : "the branch reaches " + size(reach + 4) + ", its target is " + size(Math.abs(plain(s + a) - p)) + " away";
            finding = finding.at("S = 0x" + Long.toHexString(plain(s)) + ", A = " + a + ", P = 0x" + Long.toHexString(p) + ": " + why);
            finding = machine.advice(type) == null ? finding : finding.at(machine.advice(type));
            if (reach > 0 && file.size(ndx) > reach) {
                boolean merged = file.size(ndx) > machine.leastReach();
                finding = finding.at(file.sectionName(ndx) + " of " + file.name() + " has " + size(file.size(ndx)) + (merged ? ": `ld -r` merged it, and" : ":")
                        + " no linker can place a veneer inside a section");
                finding = !merged ? finding : finding.at("link the objects that it was made of, or merge them with `klink ld -r --unique`");
            }
        }
        report.add(finding.ordered((long) f << 32 | ndx));
    }

    private static String size(long bytes) {
        return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
    }

    /// An address without the mode of its code.
    private long plain(long s) {
        return machine.hasModes() ? s & 0xffff_ffffL : s;
    }

    private RuntimeException damaged(ObjectFile file, long at, long offset, int sym, int type, long size, int ndx) {
        if (sym < 0 || sym >= file.symbolCount()) {
            return file.bad(at + 12, "relocation of " + file.sectionName(ndx) + " names symbol " + Integer.toUnsignedString(sym) + ", past the "
                    + file.symbolCount() + " symbols");
        }
        return file.bad(at, machine.relocationName(type) + " at offset 0x" + Long.toHexString(offset) + " lies outside its section " + file.sectionName(ndx)
                + " (0x" + Long.toHexString(size) + " bytes)");
    }
}
