package klink.layout;

import static klink.elf.Ppc64.*;

import java.util.BitSet;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.input.RelocationTable;
import klink.mem.LE;
import klink.par.Par;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.resolve.Symbols;
import klink.script.Command;
import klink.script.Expr;

/// What becomes of the objects' parts of the table of contents. Compilers load an address from there, since they cannot know how far
/// it is from r2; a linker can, and then the load is an addition and its word is not needed:
///
///     addis rX,r2,word@toc@ha           addis rX,r2,place@toc@ha
///     ld    rY,word@toc@l(rX)    -->    addi  rY,rX,place@toc@l
///     ... .toc: word: .quad place
///
/// Words that only discarded sections name go as well. A pseries kernel of 2,300 objects keeps 91 of 7,400 words, and 7,300 words less
/// move with the image. The rules, and when to leave a word alone, are GNU ld's (bfd, `ppc64_elf_edit_toc`).
///
/// It is found once an early layout tells distances, which need be known to 2 GiB only, and kept as one number for each word.
public final class TocEdit {
    /// In the table of a file: its word is gone, and nothing kept names it. What is less means the relocation `-2 - m` of the file's part, which the
    /// accesses to the word have to themselves.
    private static final int GONE = -1;
    private static final int BLOCK = 2048;
    private static final long TWO_GB = 0x8000_8000L;

    private static final byte REFERRED_TO_BY_DISCARDED = 1;
    private static final byte CAN_GO = 2;
    private static final byte USED = 4;

    private final Symbols symbols;
    private final Placement place;
    private final Addresses early;
    /// By file, the number of its `.toc`, 0 if that stays as it is; and for each word of it, and one past the end, by how much it moves
    /// down, or what is above.
    private final int[] section;
    private final int[][] moves;
    /// By file, the table of relocations of that part.
    private final int[] filling;
    /// By file: code that is relative to r2 in another way than is understood, so that no instruction of it may go.
    private final boolean[] odd;

    /// Names that the script defines within output sections, or as another name of something.
    private final BitSet within = new BitSet();
    private final boolean movable;

    private TocEdit(Symbols symbols, Placement place, Addresses early, boolean movable) {
        this.movable = movable;
        this.symbols = symbols;
        this.place = place;
        this.early = early;
        section = new int[symbols.fileCount()];
        moves = new int[symbols.fileCount()][];
        odd = new boolean[symbols.fileCount()];
        filling = new int[symbols.fileCount()];
    }

    /// @param early addresses, but for what veneers and this move
    /// @param movable whether the image may be loaded elsewhere, where absolute addresses stay
    public static TocEdit of(Symbols symbols, Placement place, Addresses early, boolean movable, int threads) {
        var edit = new TocEdit(symbols, place, early, movable);
        edit.findWithin();
        var desks = new Desk[threads];
        Par.loop(symbols.fileCount(), threads, (f, w) -> {
            desks[w] = desks[w] == null ? new Desk() : desks[w];
            edit.file(f, desks[w]);
        });
        return edit;
    }

    private void findWithin() {
        for (Placement.Step step : place.steps()) {
            if (step instanceof Placement.Statement(Command.Assign a) && a.value() instanceof Expr.Symbol && symbols.find(a.target()) >= 0) {
                within.set(symbols.find(a.target()));
            }
        }
        for (OutputSection s : place.sections()) {
            for (OutputSection.Item item : s.items()) {
                if (item instanceof OutputSection.Scripted(Command.Assign a) && symbols.find(a.target()) >= 0) {
                    within.set(symbols.find(a.target()));
                }
            }
        }
    }

    /// What a thread needs for a file.
    private static final class Desk {
        private final long[] block = new long[3 * BLOCK];
        private int f;
        private int toc;
        private long size;
        /// By word: flags, and the relocation that fills it plus one.
        private byte[] flags = {};
        private int[] filledBy = {};
        private boolean small;
        /// Bytes of a section that is read whole.
        private static final int LARGEST = 1 << 28;

        /// The section that is looked at, of file `f`.
        private byte[] code = {};
        private int codeOf;

        /// The aligned word of a section at `offset`, which must lie in it.
        private int code(ObjectFile file, int ndx, long offset) {
            if (file.type(ndx) == Elf.SHT_NOBITS) {
                return 0;
            }
            if (file.size(ndx) > LARGEST) {
                return LE.i32(file.segment(), file.fileOffset(ndx) + (offset & -4L));
            }
            if (codeOf != ndx) {
                int size = (int) file.size(ndx);
                code = code.length < size ? new byte[size + size / 2] : code;
                LE.bytes(file.segment(), file.fileOffset(ndx), code, 0, size);
                codeOf = ndx;
            }
            return LE.i32(code, (int) offset & -4);
        }
    }

    private void file(int f, Desk d) {
        ObjectFile file = symbols.file(f);
        d.codeOf = 0;
        d.f = f;
        d.toc = file.isSynthetic() ? 0 : contents(f);
        d.size = d.toc == 0 ? 0 : file.size(d.toc);
        d.small = false;
        int words = (int) (d.size >>> 3);
        d.flags = new byte[words];
        d.filledBy = new int[words];
        if (file.isSynthetic()) {
            return;
        }
        for (int rel = 1; rel < file.sectionCount(); rel++) {
            if (isLoadedTable(file, rel)) {
                filling[f] = file.info(rel) == d.toc && d.toc != 0 ? rel : filling[f];
                scan(rel, !place.isPlaced(symbols.firstSection(f) + file.info(rel)), d);
            }
        }
        if (d.toc == 0) {
            return;
        }
        if (filling[f] != 0 && !d.small) {
            fill(filling[f], d);
        }
        for (int rel = 1; rel < file.sectionCount(); rel++) {
            if (isLoadedTable(file, rel) && file.info(rel) != d.toc && place.isPlaced(symbols.firstSection(f) + file.info(rel))) {
                use(rel, d);
            }
        }
        if (filling[f] != 0) {
            while (use(filling[f], d)) { // as words that are used may name others
                continue;
            }
        }
        settle(d);
    }

    private boolean isLoadedTable(ObjectFile file, int rel) {
        return RelocationTable.is(file, rel) && (file.flags(file.info(rel)) & Elf.SHF_ALLOC) != 0;
    }

    /// The `.toc` of a file, 0 if it has none that can be edited: of whole words, with no names of its own in it.
    private int contents(int f) {
        ObjectFile file = symbols.file(f);
        int toc = 0;
        for (int s = 1; s < file.sectionCount() && toc == 0; s++) {
            toc = file.type(s) == Elf.SHT_PROGBITS && file.sectionName(s).equals(".toc") ? s : 0;
        }
        if (toc == 0 || !place.isPlaced(symbols.firstSection(f) + toc) || file.size(toc) % 8 != 0 || file.size(toc) > 1 << 28
                || (file.flags(toc) & (Elf.SHF_COMPRESSED | Elf.SHF_MERGE)) != 0) {
            return 0;
        }
        for (int i = 1; i < file.symbolCount(); i++) {
            if (file.symbolSection(i) == toc && (Elf.type(file.symbolInfo(i)) != Elf.STT_SECTION || file.symbolValue(i) != 0)) {
                return 0;
            }
        }
        return toc;
    }

    /// Looks at all that counts from r2: words named by what is discarded, and instructions that are not as they should be.
    private void scan(int rel, boolean discarded, Desk d) {
        ObjectFile file = symbols.file(d.f);
        long count = RelocationTable.count(file, rel);
        for (long done = 0; done < count; done += BLOCK) {
            int n = (int) Math.min(BLOCK, count - done);
            RelocationTable.read(file, rel, done, n, d.block);
            for (int i = 0; i < 3 * n; i += 3) {
                int type = (int) d.block[i + 1];
                if (!isFromContents(type)) {
                    odd[d.f] |= !discarded && isOdd(file, file.info(rel), d.block[i], type, d);
                    continue;
                }
                d.small |= type == R_PPC64_TOC16 || type == R_PPC64_TOC16_DS;
                odd[d.f] |= !discarded && isOdd(file, file.info(rel), d.block[i], type, d);
                int word = discarded ? word(d.block[i + 1], d.block[i + 2], d) : -1;
                if (word >= 0) {
                    d.flags[word] = REFERRED_TO_BY_DISCARDED;
                }
            }
        }
    }

    private static boolean isFromContents(int type) {
        return type >= R_PPC64_TOC16 && type <= R_PPC64_TOC16_HA || type == R_PPC64_TOC16_DS || type == R_PPC64_TOC16_LO_DS;
    }

    /// Whether a pair of instructions might not be what compilers write: `addis rX,r2,..`, and a load, a store or an addition that keeps rX.
    private static boolean isOdd(ObjectFile file, int ndx, long offset, int type, Desk d) {
        boolean high = type == R_PPC64_TOC16_HA || type == R_PPC64_GOT16_HA || type == R_PPC64_PLT16_HA;
        boolean low = type == R_PPC64_TOC16_LO || type == R_PPC64_TOC16_LO_DS || type == R_PPC64_GOT16_LO_DS || type == R_PPC64_PLT16_LO || type == R_PPC64_PLT16_LO_DS;
        if (!high && !low) {
            return false;
        }
        if (offset < 0 || offset > file.size(ndx) - 4 || file.type(ndx) == Elf.SHT_NOBITS || (file.flags(ndx) & Elf.SHF_COMPRESSED) != 0) {
            return true;
        }
        int code = d.code(file, ndx, offset);
        int opcode = code >>> 26;
        if (high) {
            return opcode != 15 || (code >> 16 & 31) != 2;
        }
        return switch (opcode) { // Power ISA, D, DS and DQ forms; those that change rX left out
            case 12, 14, 32, 34, 36, 38, 40, 42, 44, 46, 47, 48, 50, 52, 54, 56, 60, 61 -> false;
            case 57, 58, 62 -> (code & 3) == 1;
            default -> true;
        };
    }

    /// The word of the table that a relocation names, or -1.
    private int word(long info, long addend, Desk d) {
        ObjectFile file = symbols.file(d.f);
        int sym = (int) (info >>> 32);
        if (d.toc == 0 || sym <= 0 || sym >= file.firstGlobal() || file.symbolSection(sym) != d.toc || addend < 0 || addend >= d.size || (addend & 7) != 0) {
            return -1;
        }
        return (int) (addend >>> 3);
    }

    /// Finds the words that hold a place near enough to be reached without them.
    private void fill(int rel, Desk d) {
        ObjectFile file = symbols.file(d.f);
        int out = place.outputOf(symbols.firstSection(d.f) + d.toc);
        long from = early.address(out) + Toc.BIAS;
        long to = early.address(out) + early.size(out);
        long count = RelocationTable.count(file, rel);
        for (long done = 0; done < count; done += BLOCK) {
            int n = (int) Math.min(BLOCK, count - done);
            RelocationTable.read(file, rel, done, n, d.block);
            for (int i = 0; i < 3 * n; i += 3) {
                long offset = d.block[i];
                int sym = (int) (d.block[i + 1] >>> 32);
                if ((int) d.block[i + 1] != R_PPC64_ADDR64 || offset < 0 || offset > d.size - 8 || (offset & 7) != 0 || sym <= 0 || sym >= file.symbolCount()) {
                    continue;
                }
                long at = address(d.f, sym);
                if (at != -1 && isNear(at + d.block[i + 2], from) && isNear(at + d.block[i + 2], to)) {
                    d.flags[(int) (offset >>> 3)] |= CAN_GO;
                    d.filledBy[(int) (offset >>> 3)] = (int) (done + i / 3);
                }
            }
        }
    }

    private static boolean isNear(long address, long base) {
        return address - base + TWO_GB >>> 32 == 0;
    }

    /// Where what is defined in a kept section will be, or nearly; -1 for all else. What the script defines between output sections is no part of one
    /// yet where GNU ld does this, so it takes it for absolute.
    private long address(int f, int sym) {
        ObjectFile file = symbols.file(f);
        int df = f;
        int index = sym;
        if (sym >= file.firstGlobal()) {
            int g = symbols.global(f, sym);
            if (symbols.kind(g) == Symbols.SCRIPT) {
                return !movable || within.get(g) && early.scriptSection(g) >= 0 ? early.scriptAddress(g) : -1;
            }
            if (symbols.kind(g) != Symbols.DEFINED && symbols.kind(g) != Symbols.DEFINED_WEAK) {
                return -1;
            }
            df = symbols.definingFile(g);
            index = symbols.definingSymbol(g);
        }
        ObjectFile in = symbols.file(df);
        int ndx = in.symbolSection(index);
        int id = symbols.firstSection(df) + Math.max(0, ndx);
        if (ndx == ObjectFile.ABS && !movable) {
            return in.symbolValue(index);
        }
        if (ndx <= 0 || !place.isPlaced(id) || Elf.type(in.symbolInfo(index)) == Elf.STT_GNU_IFUNC) {
            return -1;
        }
        return early.addressOfInput(id) + in.symbolValue(index);
    }

    /// Notes which words are used, and which are so in a way that needs them.
    /// @return whether it was the table itself, and used words were found in it that had not been known as such
    private boolean use(int rel, Desk d) {
        ObjectFile file = symbols.file(d.f);
        int ndx = file.info(rel);
        boolean found = false;
        long count = RelocationTable.count(file, rel);
        for (long done = 0; done < count; done += BLOCK) {
            int n = (int) Math.min(BLOCK, count - done);
            RelocationTable.read(file, rel, done, n, d.block);
            for (int i = 0; i < 3 * n; i += 3) {
                int type = (int) d.block[i + 1];
                int word = isFromContents(type) || type == R_PPC64_ADDR64 ? word(d.block[i + 1], d.block[i + 2], d) : -1;
                if (word < 0) {
                    unaligned(d.block[i + 1], d.block[i + 2], d);
                    continue;
                }
                if ((d.flags[word] & CAN_GO) != 0 && type != R_PPC64_TOC16_HA && !(type == R_PPC64_TOC16_LO_DS && isLoad(file, ndx, d.block[i], d))) {
                    d.flags[word] &= USED;
                }
                if (ndx != d.toc) {
                    d.flags[word] |= USED;
                } else {
                    int own = d.block[i] < 0 || d.block[i] >= d.size ? -1 : (int) (d.block[i] >>> 3);
                    boolean stays = own < 0 || (d.flags[own] & USED) != 0 || (d.flags[own] & REFERRED_TO_BY_DISCARDED) == 0;
                    found |= stays && (d.flags[word] & USED) == 0;
                    d.flags[word] |= stays ? USED : 0;
                }
            }
        }
        return found;
    }

    /// What lies askew may need the words around it.
    private void unaligned(long info, long addend, Desk d) {
        int word = (addend & 7) == 0 ? -1 : word(info, addend & -8L, d);
        if (word >= 0) {
            d.flags[word] = USED;
        }
    }

    private static boolean isLoad(ObjectFile file, int ndx, long offset, Desk d) {
        return offset >= 0 && offset <= file.size(ndx) - 4 && (d.code(file, ndx, offset) & 0xfc00_0003) == 58 << 26;
    }

    /// Words that nothing names belong to the one before them.
    private void settle(Desk d) {
        int words = d.flags.length;
        var table = new int[words + 1];
        boolean any = false;
        boolean lastGoes = false;
        int down = 0;
        for (int w = 0; w < words; w++) {
            byte flags = d.flags[w];
            int m = down;
            if ((flags & USED) != 0) {
                m = (flags & CAN_GO) != 0 ? -2 - d.filledBy[w] : down;
                lastGoes = false;
            } else if ((flags & REFERRED_TO_BY_DISCARDED) != 0) {
                m = GONE;
                lastGoes = true;
            } else {
                m = lastGoes ? GONE : down;
            }
            table[w] = m;
            any |= m < 0;
            down += m < 0 ? 8 : 0;
        }
        table[words] = down;
        if (any) {
            section[d.f] = d.toc;
            moves[d.f] = table;
        }
    }

    /// Whether a section is a part of the table that changes.
    public boolean edits(int f, int ndx) {
        return ndx > 0 && section[f] == ndx;
    }

    /// By how much a place in a file's part of the table moves down; -1 if it goes.
    public int shift(int f, long offset) {
        int[] table = moves[f];
        int m = table[(int) Math.min(Math.max(0, offset) >>> 3, table.length - 1)];
        return m < 0 ? -1 : m;
    }

    /// Makes what names a word of a file's part of the table name what the word holds, if the word goes, else where it went.
    /// @param entry    three longs of a relocation's entry, from `i` on
    /// @param word     offset of the word
    /// @return whether the instruction that is relocated is a load that is now an addition; see [#add]
    public boolean rename(int f, long[] entry, int i, long word) {
        int[] table = moves[f];
        int type = (int) entry[i + 1];
        if (word < 0 || word >>> 3 >= table.length || table[(int) (word >>> 3)] > -2 || type != R_PPC64_TOC16_HA && type != R_PPC64_TOC16_LO_DS) {
            entry[i + 2] -= Math.max(0, shift(f, word));
            return false;
        }
        ObjectFile file = symbols.file(f);
        long by = file.fileOffset(filling[f]) + (long) (-2 - table[(int) (word >>> 3)]) * Elf.RELA_SIZE;
        boolean loads = type == R_PPC64_TOC16_LO_DS;
        type = loads ? R_PPC64_TOC16_LO : type;
        entry[i + 1] = LE.i64(file.segment(), by + 8) & 0xffff_ffff_0000_0000L | type;
        entry[i + 2] = LE.i64(file.segment(), by + 16);
        return loads;
    }

    /// Makes a load an addition.
    public static void add(byte[] out, int at) {
        LE.put32(out, at, LE.i32(out, at) - (58 << 26) + (14 << 26));
    }

    /// How many relocations of a file's part of the table are of words that go.
    public long gone(int f) {
        ObjectFile file = symbols.file(f);
        var block = new long[3 * BLOCK];
        long count = filling[f] == 0 ? 0 : RelocationTable.count(file, filling[f]);
        long gone = 0;
        for (long done = 0; done < count; done += BLOCK) {
            int n = (int) Math.min(BLOCK, count - done);
            RelocationTable.read(file, filling[f], done, n, block);
            for (int i = 0; i < 3 * n; i += 3) {
                gone += shift(f, block[i]) < 0 ? 1 : 0;
            }
        }
        return gone;
    }

    /// Whether instructions of a file that only add 0 to r2 can go.
    public boolean shortens(int f) {
        return !odd[f];
    }

    /// The sizes with those of all parts that change.
    public Sizes sized(Sizes sizes) {
        long[] bytes = sizes.all();
        for (int f = 0; f < section.length; f++) {
            if (section[f] != 0) {
                bytes[symbols.firstSection(f) + section[f]] -= moves[f][moves[f].length - 1];
            }
        }
        return sizes.withAll(bytes);
    }

    /// Writes a part that changes.
    /// @param from its bytes with relocations applied, words that go included
    /// @return bytes written
    public int write(int f, byte[] from, byte[] out, int to) {
        int[] table = moves[f];
        int at = to;
        for (int w = 0; w < table.length - 1; w++) {
            if (table[w] >= 0) {
                System.arraycopy(from, 8 * w, out, at, 8);
                at += 8;
            }
        }
        return at - to;
    }
}
