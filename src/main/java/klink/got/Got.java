package klink.got;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import klink.dynamic.Movable;
import klink.dynamic.Relatives;
import klink.elf.Elf;
import klink.elf.X86;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.mem.IntList;
import klink.mem.LE;
import klink.mem.LongList;
import klink.merge.MergedSections;
import klink.resolve.Symbols;

/// The global offset table and what belongs to it, where relocations cannot do without:
///
///     .got         an address, or a thread pointer offset, per slot
///     .got.plt     three reserved words, then a word per IFUNC: what its stub jumps through
///     .iplt        a stub of 16 bytes per IFUNC: the function's address as far as the image knows
///     .rela.iplt   an IRELATIVE relocation per IFUNC, which the C library applies at start
///
/// No kernel has any of this on x86-64 (its script asserts so); user programs linked for tests do. All
/// four exist as synthetic objects whose sizes are known once the relocations have been scanned.
public final class Got {
    static final long LOCAL = 1L << 32;
    static final long SLOT = 1L << 40;
    static final long STUB = 1L << 41;
    static final long TP = 1L << 42;
    static final long BASE = 1L << 43;
    private static final long SYMBOL = (1L << 33) - 1;
    private static final int RESERVED = 24;
    private static final int STUB_SIZE = 16;

    private static final String BASE_NAME = "_GLOBAL_OFFSET_TABLE_";

    private final Map<Long, Integer> slots = new HashMap<>();
    private final Map<Long, Integer> stubs = new HashMap<>();
    private final LongList slotKeys = new LongList();
    private final LongList stubKeys = new LongList();
    private final List<ObjectFile> objects = new ArrayList<>();
    private ObjectFile got;
    private ObjectFile gotPlt;
    private ObjectFile iplt;
    private ObjectFile relaIplt;

    /// Words of `.got` before the first slot.
    private final int header;

    private Got(int header) {
        this.header = header;
    }

    /// Finds what is needed; null if nothing is. An AArch64 table has that first word always, and its name stands there.
    /// @param live by section id: what is part of the link
    /// @param moves whether the image may be loaded elsewhere: GNU ld then makes both tables in any case, with a word for the address
    ///              of `.dynamic` first, which a kernel does not have
    public static Got scan(Symbols symbols, IntPredicate live, int machine, boolean moves, int threads) {
        if (machine == Elf.EM_PPC64) {
            return moves ? new Got(0) : null; // code of kernels reaches all through .toc, which compilers fill
        }
        LongList keys = GotScan.scan(symbols, live, machine, threads);
        int base = symbols.find(BASE_NAME);
        boolean named = base >= 0 && (symbols.kind(base) == Symbols.UNDEFINED || symbols.kind(base) == Symbols.UNDEFINED_WEAK);
        if (keys == null && !moves) {
            return null;
        }
        keys = keys == null ? new LongList() : keys;
        var g = new Got(moves || machine == Elf.EM_AARCH64 ? 1 : 0);
        boolean based = false;
        var globals = new ArrayList<Long>();
        for (int i = 0; i < keys.size(); i++) { // GNU ld gives local symbols the first slots
            if ((keys.get(i) & LOCAL) == 0 && keys.get(i) != BASE) {
                globals.add(keys.get(i));
            } else {
                based |= g.take(keys.get(i));
            }
        }
        for (long key : moves ? TableOrder.sorted(globals, symbols) : globals) {
            g.take(key);
        }
        // The assembler names the table wherever code might use it; a name alone makes none.
        named &= based || !g.slotKeys.isEmpty() || !g.stubKeys.isEmpty();
        g.make(machine, named, based || named || moves);
        return g;
    }

    private boolean take(long key) {
        if (key == BASE) {
            return true;
        }
        if ((key & SLOT) != 0 && slots.putIfAbsent(key, slots.size()) == null) {
            slotKeys.add(key);
        }
        if ((key & STUB) != 0 && stubs.putIfAbsent(key & SYMBOL, stubs.size()) == null) {
            stubKeys.add(key & SYMBOL);
        }
        return false;
    }

    private void make(int machine, boolean named, boolean based) {
        long data = Elf.SHF_ALLOC | Elf.SHF_WRITE;
        if (header + slotKeys.size() > 0) {
            got = object(machine, ".got", Elf.SHT_PROGBITS, data, 8, 8L * (header + slotKeys.size()),
                    named && machine == Elf.EM_AARCH64 ? new String[] {BASE_NAME} : new String[0]);
        }
        if (based || !stubKeys.isEmpty()) {
            gotPlt = object(machine, ".got.plt", Elf.SHT_PROGBITS, data, 8, RESERVED + 8L * stubKeys.size(),
                    named && machine != Elf.EM_AARCH64 ? new String[] {BASE_NAME} : new String[0]);
        }
        if (!stubKeys.isEmpty()) {
            iplt = object(machine, ".iplt", Elf.SHT_PROGBITS, Elf.SHF_ALLOC | Elf.SHF_EXECINSTR, 16, (long) STUB_SIZE * stubKeys.size());
            relaIplt = object(machine, ".rela.iplt", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, 8, (long) Elf.RELA_SIZE * stubKeys.size());
        }
    }

    private ObjectFile object(int machine, String section, int type, long flags, long align, long size, String... labels) {
        ObjectFile o = ObjectFile.synthetic("<got>", machine, section, type, flags, align, size, labels);
        objects.add(o);
        return o;
    }

    /// How many slots hold an address that moves with the image.
    public int addressCount(Movable moves) {
        int n = 0;
        for (int i = 0; i < slotKeys.size(); i++) {
            n += isAddress(slotKeys.get(i), moves) ? 1 : 0;
        }
        return n;
    }

    /// Where they are in `.got`.
    public int[] addressOffsets(Movable moves) {
        var offsets = new IntList();
        for (int i = 0; i < slotKeys.size(); i++) {
            if (isAddress(slotKeys.get(i), moves)) {
                offsets.add(8 * (header + i));
            }
        }
        return offsets.toArray();
    }

    /// `.got`, or null.
    public ObjectFile table() {
        return got;
    }

    /// How many slots are for weak names that nothing defines: they stay 0, but GNU ld makes room for an entry for each.
    public int undefinedCount(Symbols symbols) {
        int n = 0;
        for (int i = 0; i < slotKeys.size(); i++) {
            long key = slotKeys.get(i);
            int g = (int) (key & SYMBOL);
            n += (key & (TP | LOCAL)) == 0 && symbols.kind(g) == Symbols.UNDEFINED_WEAK && Relatives.isCounted(symbols, g) ? 1 : 0;
        }
        return n;
    }

    private static boolean isAddress(long key, Movable moves) {
        return (key & TP) == 0 && ((key & LOCAL) == 0 ? moves.global((int) (key & SYMBOL)) : moves.table()[(int) (key & ~LOCAL & SYMBOL)]);
    }

    /// What to link after everything else.
    public List<ObjectFile> objects() {
        return List.copyOf(objects);
    }

    /// The bytes of a section that this makes.
    /// @param addresses offsets of the words that hold an address of the image
    public record Contents(int section, byte[] bytes, int[] addresses) {}

    /// The table with addresses: what relocations ask for.
    /// @param moves what moves with the image; null if it does not move
    public At at(Symbols symbols, MergedSections merged, Addresses addresses, Movable moves) {
        return new At(symbols, merged, addresses, moves);
    }

    /// See [Got#at].
    public final class At {
        private final Symbols symbols;
        private final MergedSections merged;
        private final Addresses addresses;
        private final Movable moves;

        private At(Symbols symbols, MergedSections merged, Addresses addresses, Movable moves) {
            this.moves = moves;
            this.symbols = symbols;
            this.merged = merged;
            this.addresses = addresses;
        }

        private int section(ObjectFile made) {
            for (int f = symbols.fileCount() - 1; f >= 0; f--) {
                if (symbols.file(f) == made) {
                    return symbols.firstSection(f) + 1;
                }
            }
            throw new IllegalStateException(made.name());
        }

        /// The address of `.got`.
        public long start() {
            return start(got);
        }

        private long start(ObjectFile made) {
            return made == null ? 0 : addresses.addressOfInput(section(made));
        }

        /// The address that `_GLOBAL_OFFSET_TABLE_` stands for.
        public long base() {
            return start(got != null && got.machine() == Elf.EM_AARCH64 ? got : gotPlt);
        }

        /// The address of the slot for a symbol of file `f`, or -1.
        public long slot(int f, int sym, boolean threadOffset) {
            Integer i = slots.get(key(f, sym) | SLOT | (threadOffset ? TP : 0));
            return i == null ? -1 : start(got) + 8L * (header + i);
        }

        private long key(int f, int sym) {
            return sym >= symbols.file(f).firstGlobal() ? symbols.global(f, sym) : LOCAL | (long) (symbols.firstSymbol(f) + sym);
        }

        /// Makes every reference to an IFUNC a reference to its stub.
        /// @param values S by symbol id
        public void redirect(long[] values) {
            if (stubKeys.isEmpty()) {
                return;
            }
            long first = start(iplt);
            for (int f = 0; f < symbols.fileCount(); f++) {
                ObjectFile file = symbols.file(f);
                for (int i = 1; i < file.symbolCount(); i++) {
                    Integer stub = stubs.get(key(f, i));
                    if (stub != null) {
                        values[symbols.firstSymbol(f) + i] = first + (long) STUB_SIZE * stub;
                    }
                }
            }
        }

        /// The value that a key's own definition gives it.
        private long value(long key) {
            if ((key & LOCAL) == 0) {
                return addresses.globalAddress((int) key, merged);
            }
            int id = (int) key;
            int f = symbols.fileCount() - 1;
            while (symbols.firstSymbol(f) > id) {
                f--;
            }
            return addresses.symbolAddress(f, id - symbols.firstSymbol(f), merged);
        }

        /// The bytes of all that is made.
        public List<Contents> contents() {
            var all = new ArrayList<Contents>();
            if (got != null) {
                all.add(slotContents());
            }
            if (gotPlt != null) {
                all.add(new Contents(section(gotPlt), gotPltBytes(), new int[0]));
            }
            if (iplt != null) {
                all.add(new Contents(section(iplt), stubBytes(), new int[0]));
                all.add(new Contents(section(relaIplt), relocations(), new int[0]));
            }
            return all;
        }

        private Contents slotContents() {
            var bytes = new byte[8 * (header + slotKeys.size())];
            var moving = new IntList();
            ThreadStorage tls = ThreadStorage.of(addresses);
            for (int i = 0; i < slotKeys.size(); i++) {
                long key = slotKeys.get(i);
                Integer stub = stubs.get(key & SYMBOL);
                long v = stub != null ? start(iplt) + (long) STUB_SIZE * stub : value(key & SYMBOL);
                LE.put64(bytes, 8 * (header + i), (key & TP) != 0 ? tls.threadOffset(v) : v);
                if (moves != null && isAddress(key, moves)) {
                    moving.add(8 * (header + i));
                }
            }
            return new Contents(section(got), bytes, moving.toArray());
        }

        /// Until the C library has run the resolvers, a word holds the stub's second instruction, as in a
        /// lazy PLT.
        private byte[] gotPltBytes() {
            var bytes = new byte[RESERVED + 8 * stubKeys.size()];
            for (int i = 0; i < stubKeys.size(); i++) {
                LE.put64(bytes, RESERVED + 8 * i, start(iplt) + STUB_SIZE * i + 6);
            }
            return bytes;
        }

        /// `jmp *slot(%rip); xchg %ax,%ax ...`: nothing ever returns to the padding.
        private byte[] stubBytes() {
            var bytes = new byte[STUB_SIZE * stubKeys.size()];
            for (int i = 0; i < stubKeys.size(); i++) {
                int o = STUB_SIZE * i;
                long slot = start(gotPlt) + RESERVED + 8L * i;
                LE.put16(bytes, o, 0x25ff);
                LE.put32(bytes, o + 2, (int) (slot - (start(iplt) + o + 6)));
                klink.arch.X86_64.nops(bytes, o + 6, STUB_SIZE - 6L);
            }
            return bytes;
        }

        private byte[] relocations() {
            var bytes = new byte[Elf.RELA_SIZE * stubKeys.size()];
            for (int i = 0; i < stubKeys.size(); i++) {
                LE.put64(bytes, Elf.RELA_SIZE * i, start(gotPlt) + RESERVED + 8L * i);
                LE.put64(bytes, Elf.RELA_SIZE * i + 8, X86.R_X86_64_IRELATIVE);
                LE.put64(bytes, Elf.RELA_SIZE * i + 16, value(stubKeys.get(i)));
            }
            return bytes;
        }
    }
}
