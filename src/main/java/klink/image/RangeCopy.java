package klink.image;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.elf.ElfClass;
import klink.input.ObjectFile;
import klink.input.SectionBytes;
import klink.layout.Addresses;
import klink.layout.TocEdit;
import klink.layout.UnwindIndex;
import klink.mem.LE;
import klink.mem.LongList;
import klink.merge.MergedSections;
import klink.place.Placement;
import klink.report.BadInput;
import klink.report.Report;
import klink.resolve.Symbols;
import klink.veneer.Veneers;

/// A thread's share of the work: copies input sections, a range at a time, into a buffer, applies their relocations there, and writes the range
/// with one call. That beats a shared mapping of the output: no page faults, no memory held for what is written.
final class RangeCopy {
    private final FilePlan plan;
    private final Supplies supplies;
    private final CodeOrder code;
    private final Digest digest;
    private final OutputFile file;
    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    private final Veneers veneers;
    private final Addresses at;
    private final Machine machine;
    private final ElfClass elfClass;
    private final InputRelocations relocations;
    private final MovingWords moving;
    private final UnwindIndex unwind;
    private final TocEdit edit;
    private final Relocator relocator;
    private final RelocationCopy copy;
    private final Symtab.Part part = new Symtab.Part();
    private byte[] buffer = new byte[(int) (2 * FilePlan.RANGE)];
    /// The buffer once more; one is made for the buffer, not for each of a million copies.
    private MemorySegment room = MemorySegment.ofArray(buffer);
    private LongList words;
    private LongList packed;

    /// @param code what becomes of the order of bytes in code; null if it stays
    RangeCopy(FilePlan plan, Supplies supplies, CodeOrder code, Relocator relocator, Digest digest, OutputFile file, Report report) {
        this.plan = plan;
        this.supplies = supplies;
        this.code = code;
        this.relocator = relocator;
        this.digest = digest;
        this.file = file;
        symbols = plan.symbols;
        place = plan.place;
        merged = plan.merged;
        veneers = plan.veneers;
        at = plan.at;
        machine = plan.machine;
        elfClass = plan.elfClass;
        relocations = plan.relocations;
        moving = supplies.moving;
        unwind = supplies.unwind;
        edit = plan.edit;
        copy = new RelocationCopy(symbols, place, merged, at, plan.list, machine, edit, report);
    }

    /// The buffers for a part of the symbol table.
    Symtab.Part part() {
        return part;
    }

    /// Writes a range, and the relocations that are kept of it.
    void range(int number, FilePlan.Range r) {
        boolean contents = at.type(r.out()) != Elf.SHT_NOBITS;
        long length = r.end() - r.begin();
        if (contents) {
            room(length);
            words = moving == null || (at.flags(r.out()) & Elf.SHF_ALLOC) == 0 ? null : moving.of(number);
            packed = words == null ? null : moving.packedOf(number);
            relocator.list(words, packed);
            copyContents(r);
            digest.add(number, buffer, (int) length);
            file.write(room.asSlice(0, length), plan.offsetOf[r.out()] + r.begin());
        }
        if (r.relaOffset() >= 0) {
            long bytes = 0;
            for (int i = r.from(); i < r.to(); i++) {
                bytes += plan.relocationCount(r.inputs()[i]) * elfClass.relocation();
            }
            room(bytes);
            int used = 0;
            for (int i = r.from(); i < r.to(); i++) {
                int section = r.inputs()[i];
                if (relocations.of(section) != 0) {
                    int f = symbols.fileOfSection(section);
                    used = copy.append(buffer, used, f, relocations.of(section), section);
                }
                if (unwind != null && unwind.endOf(section) != 0 && plan.promised.containsKey(section)) {
                    used = copy.appendEnd(buffer, used, section, place.outputOf(unwind.endOf(section)));
                } else if (relocations.of(section) == 0 && plan.relocationCount(section) > 0) {
                    used = copy.append(buffer, used, supplies.made(section));
                }
            }
            file.write(room.asSlice(0, used), r.relaOffset());
        }
    }

    private void room(long bytes) {
        if (buffer.length < bytes) {
            if (bytes > Integer.MAX_VALUE - 64) {
                throw new BadInput(plan.options.name(), 0, "a part of " + bytes + " bytes is too large to write at once");
            }
            buffer = new byte[(int) Math.min(Integer.MAX_VALUE - 16, bytes + bytes / 4)];
            room = MemorySegment.ofArray(buffer);
        }
    }

    private void copyContents(FilePlan.Range r) {
        var gaps = new Gaps(at, place.sections().get(r.out()), machine);
        long end = r.begin();
        for (int i = r.from(); i < r.to(); i++) {
            int section = r.inputs()[i];
            long offset = at.offset(section);
            if (veneers.sizes().ahead(section) > 0) {
                long lead = at.lead(section) - at.address(r.out());
                gaps.fill(buffer, r.begin(), end, lead);
                veneers.writeAhead(section, buffer, (int) (lead - r.begin()));
                end = lead + veneers.sizes().ahead(section);
            }
            gaps.fill(buffer, r.begin(), end, offset);
            end = offset + copyInput(r, section, offset);
        }
        gaps.fill(buffer, r.begin(), end, r.end());
        gaps.data(buffer, r.begin(), r.end());
    }

    /// Lists the words of a section that klink made which hold addresses.
    private void listMade(int section, long address, int to) {
        for (int offset : supplies.movingIn(section)) {
            if (packed != null && moving.packsMade(section)) {
                packed.add(address + offset);
                continue;
            }
            words.add(address + offset);
            words.add(LE.i64(buffer, to + offset));
            if (!moving.applied && !supplies.isTable(section)) {
                LE.put64(buffer, to + offset, 0);
            }
        }
    }

    /// A section, relocated, that something else will look at before it is written.
    private byte[] relocated(int section, int f, int ndx, int size, long address) {
        var bytes = new byte[size + 8]; // room for what relocations look at
        LE.bytes(symbols.file(f).segment(), symbols.file(f).fileOffset(ndx), bytes, 0, size);
        if (relocations.of(section) != 0) {
            relocate(bytes, 0, section, f, ndx, size, address);
        }
        return bytes;
    }

    /// Applies the relocations of a section; in a relocatable link, changes the addends that stand in it.
    private void relocate(byte[] bytes, int to, int section, int f, int ndx, long size, long address) {
        if (plan.groups == null) {
            relocator.apply(bytes, to, size, f, relocations.of(section), ndx, address);
        } else if (!elfClass.is64()) {
            copy.addends(bytes, to, size, f, relocations.of(section), ndx);
        }
    }

    /// Finishes code that has its relocations.
    private void turn(int f, int ndx, byte[] bytes, int to, long size) {
        if (code != null) {
            code.turn(f, ndx, bytes, to, size);
        }
    }

    private long copyInput(FilePlan.Range r, int section, long offset) {
        int to = (int) (offset - r.begin());
        int f = symbols.fileOfSection(section);
        ObjectFile input = symbols.file(f);
        int ndx = section - symbols.firstSection(f);
        if (merged.isMerged(section)) {
            long size = merged.size(section);
            Arrays.fill(buffer, to, (int) (to + size), (byte) 0);
            merged.write(section, 0, size, buffer, to);
            return size;
        }
        if (input.isSynthetic()) {
            byte[] bytes = supplies.made(section) == null ? new byte[0] : supplies.made(section).bytes();
            System.arraycopy(bytes, 0, buffer, to, bytes.length);
            if (words != null) {
                listMade(section, at.address(r.out()) + offset, to);
            }
            return bytes.length;
        }
        long size = SectionBytes.size(input, ndx);
        if (input.type(ndx) == Elf.SHT_NOBITS) {
            Arrays.fill(buffer, to, (int) (to + size), (byte) 0);
            return size;
        }
        byte[] replacement = supplies.replacement(section);
        if (replacement != null) {
            System.arraycopy(replacement, 0, buffer, to, replacement.length);
            return replacement.length;
        }
        if (unwind != null && unwind.edits(section)) {
            byte[] index = relocated(section, f, ndx, (int) size, at.address(r.out()) + offset);
            return unwind.write(section, index, (int) size, at, veneers.sizes(), buffer, to);
        }
        if (edit != null && edit.edits(f, ndx)) {
            return edit.write(f, relocated(section, f, ndx, (int) size, at.address(r.out()) + offset), buffer, to);
        }
        if (SectionBytes.isCompressed(input, ndx)) {
            LE.bytes(SectionBytes.of(input, ndx), 0, buffer, to, (int) size);
        } else {
            MemorySegment.copy(input.segment(), input.fileOffset(ndx), room, to, size);
        }
        if (relocations.of(section) != 0) {
            relocate(buffer, to, section, f, ndx, size, at.address(r.out()) + offset);
        }
        turn(f, ndx, buffer, to, size);
        if (veneers != null && veneers.changeCode()) {
            return veneers.write(section, buffer, to);
        }
        return size;
    }
}
