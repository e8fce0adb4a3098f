package klink.veneer;

import klink.arch.Machine;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.input.RelocationTable;
import klink.input.SectionBytes;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.mem.LE;
import klink.mem.LongList;
import klink.merge.MergedSections;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.resolve.Symbols;

/// The branches of one object that do not reach their target where addresses are as they are.
final class Branches {
    /// What is said of a branch: five numbers.
    static final int FIELDS = 5;
    /// Id of the section that it stands in.
    static final int SECTION = 0;
    /// Its address.
    static final int PLACE = 1;
    /// The type of its relocation.
    static final int TYPE = 2;
    /// Where it goes, whatever the addresses: file and index of the symbol where it is defined, or `-1 - global` of a name that the script
    /// defines.
    static final int SYMBOL = 3;
    static final int ADDEND = 4;

    /// What is kept of a branch that may yet become one of them: the same, but its offset in the section for its address.
    private static final int OFFSET = 1;

    private static final int BLOCK = 1024;

    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    private final Machine machine;
    private final Addresses at;
    private final Sizes sizes;
    private final Slots slots;
    private final Aids aids;

    Branches(Symbols symbols, Placement place, MergedSections merged, Machine machine, Addresses at, Sizes sizes, Slots slots, Aids aids) {
        this.aids = aids;
        this.sizes = sizes;
        this.slots = slots;
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.machine = machine;
        this.at = at;
    }

    /// What a thread needs to look at a file.
    static final class Desk {
        private final long[] block = new long[3 * BLOCK];
        /// Targets that the file has asked for, by a hash of them. Its other branches there will be looked at in the next round.
        private final long[] symbol = new long[SEEN];
        private final long[] addend = new long[SEEN];
        private final int[] kind = new int[SEEN];
        private final int[] asked = new int[SEEN];
        /// The code that is looked at, where relocations have their addends in it.
        private byte[] code = {};
        private LongList found;
        /// Of one file; what is kept of it takes no more than it needs.
        private final LongList watched = new LongList(1024);
    }

    private static final int SEEN = 512;

    /// Those of file `f` for which there is no veneer in reach, one for each target; null if there are none.
    /// @param slack   how much farther a target may come to be than it is now
    /// @param watched gets, at `f`, all branches of the file whose target may get out of reach so, or is
    LongList far(int f, long slack, LongList[] watched, Desk desk) {
        ObjectFile file = symbols.file(f);
        desk.found = null;
        desk.watched.clear();
        long[] buffer = desk.block;
        for (int rel = 1; rel < file.sectionCount(); rel++) {
            int section = symbols.firstSection(f) + file.info(rel);
            if (!RelocationTable.is(file, rel) || !place.isPlaced(section) || (file.flags(file.info(rel)) & Elf.SHF_EXECINSTR) == 0) {
                continue;
            }
            if (!file.is64()) {
                read(file, file.info(rel), desk);
            }
            long base = at.addressOfInput(section);
            long count = RelocationTable.count(file, rel);
            for (long done = 0; done < count; done += BLOCK) {
                int n = (int) Math.min(BLOCK, count - done);
                RelocationTable.read(file, rel, done, n, buffer);
                for (int i = 0; i < 3 * n; i += 3) {
                    long reach = machine.reach((int) buffer[i + 1]);
                    if (reach != 0) {
                        look(f, section, base, buffer[i], reach, slack, buffer[i + 1], buffer[i + 2], desk);
                    }
                }
            }
        }
        watched[f] = desk.watched.isEmpty() ? null : desk.watched.copy();
        return desk.found;
    }

    /// As above, when no target came to be more than that slack farther away: among the watched branches of the file.
    LongList far(int f, LongList watched, Desk desk) {
        desk.found = null;
        for (int i = 0; watched != null && i < watched.size(); i += FIELDS) {
            int section = (int) watched.get(i + SECTION);
            int type = (int) watched.get(i + TYPE);
            long symbol = watched.get(i + SYMBOL);
            long addend = watched.get(i + ADDEND);
            long p = at.addressOfInput(section) + watched.get(i + OFFSET);
            if (!reaches(type, symbol, addend, p)) {
                ask(f, section, p, type, symbol, addend, desk);
            }
        }
        return desk.found;
    }

    /// How much farther a branch may be from its target than it was at other addresses.
    long stretch(Addresses before) {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (OutputSection out : place.sections()) {
            if ((at.flags(out.id()) & Elf.SHF_EXECINSTR) != 0) {
                for (int section : place.inputsOf(out)) {
                    long shift = at.addressOfInput(section) - before.addressOfInput(section);
                    least = Math.min(least, shift);
                    most = Math.max(most, shift);
                }
            }
        }
        return Math.max(0, most - least);
    }

    /// The calls of a file that leave what they reach by themselves, as GNU ld reckons: to the global entry point, less the way to the local one.
    LongList leaving(int f, Groups groups, Desk desk) {
        ObjectFile file = symbols.file(f);
        desk.found = null;
        long[] buffer = desk.block;
        for (int rel = 1; rel < file.sectionCount(); rel++) {
            int section = symbols.firstSection(f) + file.info(rel);
            if (!RelocationTable.is(file, rel) || !place.isPlaced(section) || (file.flags(file.info(rel)) & Elf.SHF_EXECINSTR) == 0 || groups.of(section) < 0) {
                continue;
            }
            long base = at.addressOfInput(section);
            long count = RelocationTable.count(file, rel);
            for (long done = 0; done < count; done += BLOCK) {
                int n = (int) Math.min(BLOCK, count - done);
                RelocationTable.read(file, rel, done, n, buffer);
                for (int i = 0; i < 3 * n; i += 3) {
                    int index = (int) (buffer[i + 1] >>> 32);
                    long reach = machine.reach((int) buffer[i + 1]) + 4;
                    if (reach == 4 || index < 0 || index >= file.symbolCount()) {
                        continue;
                    }
                    long symbol = symbol(f, index);
                    long p = base + buffer[i];
                    int type = (int) buffer[i + 1];
                    if (symbol == UNDEFINED || machine.agrees(type, entry(symbol))
                            && Long.compareUnsigned(address(symbol, at) + buffer[i + 2] - p + reach, 2 * reach - localEntry(symbol)) < 0) {
                        continue;
                    }
                    desk.found = desk.found == null ? new LongList() : desk.found;
                    desk.found.add(section);
                    desk.found.add(p);
                    desk.found.add(type);
                    desk.found.add(symbol);
                    desk.found.add(buffer[i + 2]);
                }
            }
        }
        return desk.found;
    }

    /// The local entry point of what a veneer goes to.
    long local(int veneer) {
        return target(veneer) + localEntry(slots.symbol(veneer));
    }

    private void look(int f, int section, long base, long offset, long reach, long slack, long info, long addend, Desk desk) {
        int index = (int) (info >>> 32);
        if (index < 0 || index >= symbols.file(f).symbolCount()) {
            return; // damaged; the relocation will say so
        }
        long symbol = symbol(f, index);
        if (symbol == UNDEFINED) {
            return;
        }
        int type = (int) info;
        if (!symbols.file(f).is64()) {
            addend = offset + 4 > desk.code.length ? 0 : machine.addend(type, LE.i32(desk.code, (int) offset));
        }
        long p = base + offset;
        long target = target(type, symbol, addend);
        boolean reaches = reaches(type, symbol, addend, p);
        long d = (machine.hasModes() ? target & 0xffff_ffffL : target) - p;
        if (reaches && d <= reach - slack && d >= slack - machine.reachBack(type) && isInCode(symbol)) {
            return;
        }
        desk.watched.add(section);
        desk.watched.add(offset);
        desk.watched.add(type);
        desk.watched.add(symbol);
        desk.watched.add(addend);
        if (!reaches) {
            ask(f, section, p, type, symbol, addend, desk);
        }
    }

    private static void read(ObjectFile file, int ndx, Desk desk) {
        long size = file.type(ndx) == Elf.SHT_NOBITS || SectionBytes.isCompressed(file, ndx) ? 0 : file.size(ndx);
        if (size > Integer.MAX_VALUE - 16) {
            throw file.bad(file.fileOffset(ndx), "section " + file.sectionName(ndx) + " of " + size + " bytes is too large for its machine");
        }
        if (desk.code.length < size) {
            desk.code = new byte[(int) size + 4096];
        }
        LE.bytes(file.segment(), file.fileOffset(ndx), desk.code, 0, (int) size);
    }

    /// Where a branch goes, with the mode of what is there.
    long target(int type, long symbol, long addend) {
        return machine.entry(type, address(symbol, at) + addend, machine.callsLocalEntry(type) ? entry(symbol) : 0) | mode(symbol);
    }

    private boolean reaches(int type, long symbol, long addend, long p) {
        return machine.agrees(type, entry(symbol)) && machine.reaches(type, target(type, symbol, addend), p);
    }

    private long mode(long symbol) {
        return !machine.hasModes() ? 0 : symbol < 0 ? at.scriptMode((int) (-1 - symbol)) : symbols.file((int) (symbol >>> 32)).symbolMode((int) symbol);
    }

    /// The kind of veneer that helps a branch to a symbol.
    int kind(int type, long symbol, long addend, long p) {
        return aids.isCopied(symbol) ? aids.kind(symbols.file(aids.copied()), symbol) : machine.veneerKind(type, address(symbol, at) + addend | mode(symbol), entry(symbol), p);
    }

    /// Whether the symbol moves as [#stretch] has it.
    private boolean isInCode(long symbol) {
        if (symbol < 0) {
            return false;
        }
        int f = (int) (symbol >>> 32);
        int section = symbols.file(f).symbolSection((int) symbol);
        return section > 0 && (symbols.file(f).flags(section) & Elf.SHF_EXECINSTR) != 0;
    }

    private void ask(int f, int section, long p, int type, long symbol, long addend, Desk desk) {
        int kind = kind(type, symbol, addend, p);
        int h = Slots.hash(symbol, addend + kind) & SEEN - 1;
        if (desk.asked[h] == f + 1 && desk.symbol[h] == symbol && desk.addend[h] == addend && desk.kind[h] == kind) {
            return;
        }
        int target = slots.find(symbol, addend, kind);
        if (target >= 0 && isServed(target, section, p, type)) {
            return;
        }
        desk.asked[h] = f + 1;
        desk.symbol[h] = symbol;
        desk.addend[h] = addend;
        desk.kind[h] = kind;
        desk.found = desk.found == null ? new LongList() : desk.found;
        desk.found.add(section);
        desk.found.add(p);
        desk.found.add(type);
        desk.found.add(symbol);
        desk.found.add(addend);
    }

    /// Whether a veneer stands in reach of a branch. Only one of its own output section counts: `.init.text` is gone once
    /// the kernel has started.
    boolean isServed(int target, int section, long p, int type) {
        int out = place.outputOf(section);
        for (int v = slots.last(target); v >= 0; v = slots.previous(v)) {
            int host = slots.host(v);
            if (machine.reaches(type, address(v), p) && place.outputOf(host) == out) {
                return true;
            }
        }
        return false;
    }

    /// The address of a veneer, with the mode that it is entered in.
    long address(int veneer) {
        return Hosts.end(slots.host(veneer), at, sizes) + slots.offset(veneer) | machine.veneerMode(slots.kind(veneer));
    }

    static final long UNDEFINED = Long.MIN_VALUE;

    /// What a symbol of an object means; [#UNDEFINED] for a call of nothing, or an error that is reported elsewhere.
    long symbol(int f, int index) {
        ObjectFile file = symbols.file(f);
        if (index < file.firstGlobal()) {
            return place.isPlaced(symbols.firstSection(f) + Math.max(0, file.symbolSection(index))) ? (long) f << 32 | index : UNDEFINED;
        }
        int g = symbols.global(f, index);
        return switch (symbols.kind(g)) {
            case Symbols.SCRIPT -> -1L - g;
            case Symbols.DEFINED, Symbols.DEFINED_WEAK -> (long) symbols.definingFile(g) << 32 | symbols.definingSymbol(g);
            default -> UNDEFINED;
        };
    }

    private long address(long symbol, Addresses where) {
        return symbol < 0 ? where.scriptAddress((int) (-1 - symbol)) : where.symbolAddress((int) (symbol >>> 32), (int) symbol, merged);
    }

    /// The address of a veneer's target, with the mode of what is there.
    long target(int veneer) {
        return address(slots.symbol(veneer), at) + slots.addend(veneer) | mode(slots.symbol(veneer));
    }

    /// What a symbol says of its entry points: [Machine#localEntry].
    int entry(long symbol) {
        return machine.localEntry(symbol < 0 ? at.scriptOther((int) (-1 - symbol)) : symbols.file((int) (symbol >>> 32)).symbolOther((int) symbol));
    }

    private int localEntry(long symbol) {
        return -4 & entry(symbol); // in whole instructions
    }

    /// The name of what a veneer goes to. Where code refers to a section, as to a static function, it is that of the symbol there.
    String name(int veneer) {
        long symbol = slots.symbol(veneer);
        if (symbol < 0) {
            return symbols.names().name((int) (-1 - symbol));
        }
        ObjectFile file = symbols.file((int) (symbol >>> 32));
        int index = (int) symbol;
        if (Elf.type(file.symbolInfo(index)) != Elf.STT_SECTION) {
            return file.symbolName(index);
        }
        int section = file.symbolSection(index);
        for (int i = 1; i < file.symbolCount(); i++) {
            if (file.symbolSection(i) == section && file.symbolValue(i) == slots.addend(veneer) && Elf.type(file.symbolInfo(i)) == Elf.STT_FUNC) {
                return file.symbolName(i);
            }
        }
        return file.sectionName(section);
    }
}
