package klink.veneer;

import klink.arch.Machine;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.mem.LE;
import klink.mem.LongList;
import klink.merge.MergedSections;
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
    /// How far it reaches.
    static final int REACH = 2;
    /// Where it goes, whatever the addresses: file and index of the symbol where it is defined, or `-1 - global` of a name that the script
    /// defines.
    static final int SYMBOL = 3;
    static final int ADDEND = 4;

    static final int BLOCK = 1024;

    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    private final Machine machine;
    private final Addresses at;

    Branches(Symbols symbols, Placement place, MergedSections merged, Machine machine, Addresses at) {
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.machine = machine;
        this.at = at;
    }

    /// Those of file `f`, in the order of its relocations; null if there are none.
    /// @param buffer three times [#BLOCK] numbers, of the thread
    LongList far(int f, long[] buffer) {
        ObjectFile file = symbols.file(f);
        LongList found = null;
        for (int rel = 1; rel < file.sectionCount(); rel++) {
            int section = symbols.firstSection(f) + file.info(rel);
            if (file.type(rel) != Elf.SHT_RELA || !place.isPlaced(section) || (file.flags(file.info(rel)) & Elf.SHF_EXECINSTR) == 0) {
                continue;
            }
            long base = at.addressOfInput(section);
            long count = file.size(rel) / Elf.RELA_SIZE;
            for (long done = 0; done < count; done += BLOCK) {
                int n = (int) Math.min(BLOCK, count - done);
                LE.longs(file.segment(), file.fileOffset(rel) + done * Elf.RELA_SIZE, buffer, 0, 3 * n);
                for (int i = 0; i < 3 * n; i += 3) {
                    long reach = machine.reach((int) buffer[i + 1]);
                    if (reach != 0) {
                        found = look(f, section, base + buffer[i], reach, buffer[i + 1], buffer[i + 2], found);
                    }
                }
            }
        }
        return found;
    }

    private LongList look(int f, int section, long p, long reach, long info, long addend, LongList found) {
        int index = (int) (info >>> 32);
        if (index < 0 || index >= symbols.file(f).symbolCount()) {
            return found; // damaged; the relocation will say so
        }
        long symbol = symbol(f, index);
        if (symbol == UNDEFINED) {
            return found;
        }
        long d = address(symbol, at) + addend + (machine.callsLocalEntry((int) info) ? localEntry(symbol) : 0) - p;
        if (d <= reach && d >= -reach - 4) {
            return found;
        }
        LongList list = found == null ? new LongList() : found;
        list.add(section);
        list.add(p);
        list.add(reach);
        list.add(symbol);
        list.add(addend);
        return list;
    }

    private static final long UNDEFINED = Long.MIN_VALUE;

    /// What a symbol of an object means; [#UNDEFINED] for a call of nothing, or an error that is reported elsewhere.
    private long symbol(int f, int index) {
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

    /// The address of a veneer's target.
    long target(Slots slots, int veneer) {
        return address(slots.symbol(veneer), at) + slots.addend(veneer);
    }

    private int localEntry(long symbol) {
        return symbol < 0 ? 0 : machine.localEntry(symbols.file((int) (symbol >>> 32)).symbolOther((int) symbol));
    }

    /// The name of what a veneer goes to. Where code refers to a section, as to a static function, it is that of the symbol there.
    String name(Slots slots, int veneer) {
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
