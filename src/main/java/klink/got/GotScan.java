package klink.got;

import static klink.elf.AArch64.*;
import static klink.elf.X86.*;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;
import klink.arch.X86_64;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.input.RelocationTable;
import klink.mem.LE;
import klink.mem.LongList;
import klink.par.Par;
import klink.resolve.Symbols;

/// Finds what needs a slot in the global offset table, or a stub in the procedure linkage table: one
/// pass over the types of all relocations that are loaded, file by file in parallel. A kernel has 1.1
/// million of them and needs nothing; a static glibc program needs some tens of slots and stubs.
final class GotScan {
    private static final int BLOCK = 2048;
    /// By relocation type: what it may ask for.
    private static final byte[] X86_ASKS = new byte[64];
    private static final byte[] ARM64_ASKS = new byte[R_AARCH64_LD64_GOTPAGE_LO15 + 1];
    private static final byte SLOT = 1;
    private static final byte RELAXED_SLOT = 2;
    private static final byte TP_SLOT = 3;
    private static final byte BASE = 4;

    static {
        for (int t : new int[] {R_X86_64_GOT32, R_X86_64_GOT64, R_X86_64_GOTPCREL64, R_X86_64_GOTPLT64}) {
            X86_ASKS[t] = SLOT;
        }
        for (int t : new int[] {R_X86_64_GOTPCREL, R_X86_64_GOTPCRELX, R_X86_64_REX_GOTPCRELX}) {
            X86_ASKS[t] = RELAXED_SLOT;
        }
        X86_ASKS[R_X86_64_GOTTPOFF] = TP_SLOT;
        for (int t : new int[] {R_X86_64_GOTPC32, R_X86_64_GOTPC64, R_X86_64_GOTOFF64, R_X86_64_PLTOFF64}) {
            X86_ASKS[t] = BASE;
        }
        for (int t : new int[] {R_AARCH64_GOT_LD_PREL19, R_AARCH64_ADR_GOT_PAGE, R_AARCH64_LD64_GOT_LO12_NC, R_AARCH64_LD64_GOTPAGE_LO15}) {
            ARM64_ASKS[t] = SLOT;
        }
    }

    private final Symbols symbols;
    private final IntPredicate live;
    private final byte[] asks;
    private final BitSet functions = new BitSet();
    private final BitSet localFunctions = new BitSet();
    /// Per file, in the order met: keys of [Got] that need something.
    private final LongList[] found;

    private GotScan(Symbols symbols, IntPredicate live, int machine) {
        asks = machine == Elf.EM_AARCH64 ? ARM64_ASKS : X86_ASKS;
        this.symbols = symbols;
        this.live = live;
        found = new LongList[symbols.fileCount()];
    }

    /// What the relocations of live sections ask for, in file order; null if nothing.
    /// @param live by section id
    static LongList scan(Symbols symbols, IntPredicate live, int machine, int threads) {
        var s = new GotScan(symbols, live, machine);
        s.findFunctions(threads);
        var buffers = new long[threads][3 * BLOCK];
        Par.loop(symbols.fileCount(), threads, (f, w) -> s.file(f, buffers[w]));
        var all = new LongList();
        for (LongList l : s.found) {
            for (int i = 0; l != null && i < l.size(); i++) {
                all.add(l.get(i));
            }
        }
        return all.isEmpty() ? null : all;
    }

    /// Which names are STT_GNU_IFUNC: functions whose address a resolver chooses at start.
    private void findFunctions(int threads) {
        var ofFile = new LongList[symbols.fileCount()];
        Par.loop(ofFile.length, threads, (f, _) -> {
            ObjectFile file = symbols.file(f);
            for (int i = 1; i < file.symbolCount(); i++) {
                if (Elf.type(file.symbolInfo(i)) == Elf.STT_GNU_IFUNC && file.symbolSection(i) > 0) {
                    ofFile[f] = ofFile[f] == null ? new LongList() : ofFile[f];
                    ofFile[f].add(i);
                }
            }
        });
        for (int f = 0; f < ofFile.length; f++) {
            for (int i = 0; ofFile[f] != null && i < ofFile[f].size(); i++) {
                int ndx = (int) ofFile[f].get(i);
                if (ndx < symbols.file(f).firstGlobal()) {
                    localFunctions.set(symbols.firstSymbol(f) + ndx);
                } else {
                    int g = symbols.global(f, ndx);
                    boolean prevails = symbols.kind(g) >= Symbols.DEFINED_WEAK && symbols.kind(g) <= Symbols.DEFINED
                            && symbols.definingFile(g) == f && symbols.definingSymbol(g) == ndx;
                    functions.set(g, prevails || functions.get(g));
                }
            }
        }
    }

    private void file(int f, long[] r) {
        ObjectFile file = symbols.file(f);
        boolean plain = functions.isEmpty() && localFunctions.isEmpty();
        for (int rel = 1; rel < file.sectionCount(); rel++) {
            if (!RelocationTable.is(file, rel)) {
                continue;
            }
            int target = file.info(rel);
            if ((file.flags(target) & Elf.SHF_ALLOC) == 0 || !live.test(symbols.firstSection(f) + target)
                    || symbols.isDiscarded(symbols.firstSection(f) + target)) {
                continue;
            }
            long count = RelocationTable.count(file, rel);
            for (long done = 0; done < count; done += BLOCK) {
                int n = (int) Math.min(BLOCK, count - done);
                RelocationTable.read(file, rel, done, n, r);
                for (int i = 0; i < n; i++) {
                    int type = (int) r[3 * i + 1];
                    if (!plain || type < 0 || type >= asks.length || asks[type] != 0) {
                        entry(f, target, r[3 * i], type, (int) (r[3 * i + 1] >>> 32));
                    }
                }
            }
        }
    }

    private void entry(int f, int target, long offset, int type, int sym) {
        ObjectFile file = symbols.file(f);
        if (sym < 0 || sym >= file.symbolCount() || type < 0 || type >= asks.length) {
            return; // reported where it is applied
        }
        boolean global = sym >= file.firstGlobal();
        long key = global ? symbols.global(f, sym) : Got.LOCAL | (long) (symbols.firstSymbol(f) + sym);
        boolean function = global ? functions.get((int) key) : localFunctions.get(symbols.firstSymbol(f) + sym);
        if (function && asks == X86_ASKS && type != R_X86_64_NONE && type != R_X86_64_SIZE32 && type != R_X86_64_SIZE64) {
            add(f, key | Got.STUB);
        }
        switch (asks[type]) {
            case SLOT -> add(f, key | Got.SLOT);
            case RELAXED_SLOT -> {
                if (!isDirect(file, target, offset, type)) {
                    add(f, key | Got.SLOT);
                }
            }
            case TP_SLOT -> {
                if (!isTpDirect(file, target, offset)) {
                    add(f, key | Got.SLOT | Got.TP);
                }
            }
            default -> { }
        }
        if (asks[type] == BASE || asks == X86_ASKS && (type == R_X86_64_GOT32 || type == R_X86_64_GOT64 || type == R_X86_64_GOTPLT64)) {
            add(f, Got.BASE);
        }
    }

    private void add(int f, long key) {
        found[f] = found[f] == null ? new LongList() : found[f];
        LongList l = found[f];
        if (l.isEmpty() || l.get(l.size() - 1) != key) {
            l.add(key);
        }
    }

    private static boolean isDirect(ObjectFile file, int ndx, long offset, int type) {
        return offset >= 3 && offset <= file.size(ndx) - 4 && file.type(ndx) != Elf.SHT_NOBITS
                && X86_64.isDirect(type, LE.u8(file.segment(), file.fileOffset(ndx) + offset - 2), LE.u8(file.segment(), file.fileOffset(ndx) + offset - 1));
    }

    private static boolean isTpDirect(ObjectFile file, int ndx, long offset) {
        if (offset < 3 || offset > file.size(ndx) - 4 || file.type(ndx) == Elf.SHT_NOBITS) {
            return false;
        }
        var bytes = new byte[7];
        LE.bytes(file.segment(), file.fileOffset(ndx) + offset - 3, bytes, 0, 7);
        return klink.arch.X86Tls.isInitialToLocal(Arrays.copyOf(bytes, 3));
    }
}
