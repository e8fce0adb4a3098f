package klink.dynamic;

import java.util.BitSet;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.input.RelocationTable;
import klink.layout.Addresses;
import klink.layout.TocEdit;
import klink.mem.IntSort;
import klink.mem.LE;
import klink.mem.LongList;
import klink.par.Par;
import klink.place.Placement;
import klink.resolve.ChainOrder;
import klink.resolve.Symbols;

/// The words of a moving image that hold the address of a weak name which nothing defines. A dynamic linker might find it, so GNU ld lists the name
/// in `.dynsym` and the word in `.rela.dyn`, behind the RELATIVE entries. Nobody looks there for a kernel: the words stay 0. A pseries kernel has
/// some ten, mostly of `kallsyms_*` in the link before the last.
public final class WeakWords {
    private static final int BLOCK = 2048;
    /// Per word: [PackedWords#place], the name's global id, the addend.
    private static final int FIELDS = 3;

    private final Symbols symbols;
    private final LongList words = new LongList();
    private final BitSet named = new BitSet();
    private final int[] order;
    private boolean inReadOnly;

    private WeakWords(Symbols symbols, Placement place, LongList[] byFile) {
        this.symbols = symbols;
        for (LongList l : byFile) {
            for (int i = 0; l != null && i < l.size(); i++) {
                words.add(l.get(i));
                if (i % FIELDS == 1) {
                    named.set((int) l.get(i));
                } else if (i % FIELDS == 0) {
                    inReadOnly |= (place.sections().get(place.outputOf((int) (l.get(i) >>> 32))).flags() & Elf.SHF_WRITE) == 0;
                }
            }
        }
        int size = ChainOrder.size(symbols.globalCount());
        order = new int[named.cardinality()];
        int n = 0;
        for (int g = named.nextSetBit(0); g >= 0; g = named.nextSetBit(g + 1)) {
            order[n++] = g;
        }
        IntSort.sort(order, (a, b) -> Long.compare(chain(a, size), chain(b, size)));
    }

    private long chain(int g, int size) {
        return ChainOrder.chain(symbols.names().table(g), symbols.names().offset(g), symbols.names().length(g), size);
    }

    /// @param type the relocation that is a whole address
    /// @param edit what becomes of the table of contents; null if that stays as it is
    public static WeakWords of(Symbols symbols, Placement place, int type, TocEdit edit, int threads) {
        var byFile = new LongList[symbols.fileCount()];
        var blocks = new long[threads][];
        Par.loop(byFile.length, threads, (f, w) -> {
            blocks[w] = blocks[w] == null ? new long[3 * BLOCK] : blocks[w];
            if (hasWeak(symbols, f)) {
                byFile[f] = file(symbols, place, type, edit, f, blocks[w]);
            }
        });
        return new WeakWords(symbols, place, byFile);
    }

    private static boolean hasWeak(Symbols symbols, int f) {
        ObjectFile file = symbols.file(f);
        for (int i = file.firstGlobal(); i < file.symbolCount(); i++) {
            if (isNowhere(symbols, f, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNowhere(Symbols symbols, int f, int i) {
        int g = symbols.global(f, i);
        return symbols.kind(g) == Symbols.UNDEFINED_WEAK && symbols.visibility(g) == Elf.STV_DEFAULT;
    }

    private static LongList file(Symbols symbols, Placement place, int type, TocEdit edit, int f, long[] r) {
        ObjectFile file = symbols.file(f);
        var found = new LongList();
        for (int rel = 1; rel < file.sectionCount(); rel++) {
            int ndx = RelocationTable.is(file, rel) ? file.info(rel) : 0;
            int section = symbols.firstSection(f) + ndx;
            if (ndx == 0 || !place.isPlaced(section) || (file.flags(ndx) & Elf.SHF_ALLOC) == 0) {
                continue;
            }
            boolean edited = edit != null && edit.edits(f, ndx);
            long count = RelocationTable.count(file, rel);
            for (long done = 0; done < count; done += BLOCK) {
                int n = (int) Math.min(BLOCK, count - done);
                RelocationTable.read(file, rel, done, n, r);
                for (int i = 0; i < 3 * n; i += 3) {
                    int sym = (int) (r[i + 1] >>> 32);
                    int down = edited ? edit.shift(f, r[i]) : 0;
                    if ((int) r[i + 1] == type && sym >= file.firstGlobal() && sym < file.symbolCount() && isNowhere(symbols, f, sym) && down >= 0) {
                        found.add(PackedWords.place(section, r[i] - down));
                        found.add(symbols.global(f, sym));
                        found.add(r[i + 2]);
                    }
                }
            }
        }
        return found;
    }

    /// How many words there are.
    public int count() {
        return words.size() / FIELDS;
    }

    /// The names, by global id, in the order of `.dynsym`.
    public int[] names() {
        return order.clone();
    }

    /// Whether a name is among them.
    public boolean isNamed(int global) {
        return named.get(global);
    }

    /// Whether a word stands in a section that is not to be written to.
    public boolean inReadOnly() {
        return inReadOnly;
    }

    /// Entries of `.rela.dyn`: those of one name together, which come in the order of the first of each.
    /// @param type  the relocation that is a whole address
    /// @param first index of the first of [#names] in `.dynsym`
    public byte[] entries(Addresses at, int type, int first) {
        int n = count();
        var address = new long[n];
        var earliest = new long[symbols.globalCount()];
        var by = new int[n];
        for (int i = 0; i < n; i++) {
            long place = words.get(FIELDS * i);
            int g = (int) words.get(FIELDS * i + 1);
            address[i] = at.addressOfInput((int) (place >>> 32)) + (place & 0xffff_ffffL);
            earliest[g] = earliest[g] == 0 || Long.compareUnsigned(address[i], earliest[g]) < 0 ? address[i] : earliest[g];
            by[i] = i;
        }
        IntSort.sort(by, (a, b) -> {
            int c = Long.compareUnsigned(earliest[(int) words.get(FIELDS * a + 1)], earliest[(int) words.get(FIELDS * b + 1)]);
            return c != 0 ? c : Long.compareUnsigned(address[a], address[b]);
        });
        var index = new int[symbols.globalCount()];
        for (int i = 0; i < order.length; i++) {
            index[order[i]] = first + i;
        }
        var bytes = new byte[n * Elf.RELA_SIZE];
        for (int i = 0; i < n; i++) {
            LE.put64(bytes, i * Elf.RELA_SIZE, address[by[i]]);
            LE.put64(bytes, i * Elf.RELA_SIZE + 8, (long) index[(int) words.get(FIELDS * by[i] + 1)] << 32 | type);
            LE.put64(bytes, i * Elf.RELA_SIZE + 16, words.get(FIELDS * by[i] + 2));
        }
        return bytes;
    }
}
