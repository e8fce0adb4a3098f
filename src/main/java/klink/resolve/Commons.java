package klink.resolve;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import klink.input.ObjectFile;

/// Gives common symbols (C's tentative definitions, `int x;` under -fcommon) a place: those that no
/// definition replaced become symbols of a section COMMON, one beside each object whose common
/// prevails, linked right after it. The kernel is built with -fno-common; old assembly and user
/// programs have them.
///
/// GNU ld lays them out in the order of its hash table (ld/ldlang.c, lang_common;
/// bfd/hash.c), and that order is visible in the addresses, so it is the order here as well.
final class Commons {
    /// Buckets of GNU ld's table at first, and the sizes it grows to (bfd/hash.c).
    private static final int[] BUCKETS = {4051, 4093, 8191, 16381, 32749, 65537, 131071, 262139, 524287, 1048573, 2097143, 4194301, 8388593};

    private final Resolution r;

    private Commons(Resolution r) {
        this.r = r;
    }

    static void allocate(Resolution r) {
        boolean any = false;
        for (int g = 0; g < r.names.count() && !any; g++) {
            any = r.kind[g] == Symbols.COMMON;
        }
        if (any) {
            new Commons(r).run();
        }
    }

    private void run() {
        var perFile = new ArrayList<List<Integer>>();
        for (int f = 0; f < r.files.size(); f++) {
            perFile.add(null);
        }
        int buckets = buckets(r.names.count());
        for (int g = 0; g < r.names.count(); g++) {
            if (r.kind[g] == Symbols.COMMON) {
                int f = r.definingFile[g];
                if (perFile.get(f) == null) {
                    perFile.set(f, new ArrayList<>());
                }
                perFile.get(f).add(g);
            }
        }
        var files = new ArrayList<>(r.files);
        var globals = new ArrayList<>(r.globals);
        var discarded = new ArrayList<BitSet>(r.discarded);
        r.files.clear();
        r.globals.clear();
        r.discarded.clear();
        var moved = new int[files.size()];
        for (int f = 0; f < files.size(); f++) {
            moved[f] = r.files.size();
            r.files.add(files.get(f));
            r.globals.add(globals.get(f));
            r.discarded.add(discarded.get(f));
            if (perFile.get(f) != null) {
                List<Integer> mine = perFile.get(f);
                mine.sort((a, b) -> {
                    int byBucket = Long.compare(Long.remainderUnsigned(hash(a), buckets), Long.remainderUnsigned(hash(b), buckets));
                    return byBucket != 0 ? byBucket : Integer.compare(b, a);
                });
                add(files.get(f), mine);
            }
        }
        for (int g = 0; g < r.names.count(); g++) {
            boolean common = r.kind[g] == Symbols.COMMON;
            if (common) {
                r.kind[g] = Symbols.DEFINED;
            } else if (r.definingFile[g] >= 0 && r.definingFile[g] < moved.length) {
                r.definingFile[g] = moved[r.definingFile[g]];
            }
        }
    }

    /// Adds the object that holds `commons`, which `owner` defines.
    private void add(ObjectFile owner, List<Integer> commons) {
        int n = commons.size();
        var symbols = new int[n];
        var offsets = new long[n];
        var sizes = new long[n];
        var ids = new int[n];
        long end = 0;
        long alignment = 1;
        for (int i = 0; i < n; i++) {
            int g = commons.get(i);
            long align = r.commonAlignment[g];
            if (align <= 0 || (align & align - 1) != 0) {
                throw owner.bad(0, "common symbol " + r.names.name(g) + " has alignment 0x" + Long.toHexString(align) + ", not a power of two");
            }
            end = end + align - 1 & -align;
            alignment = Math.max(alignment, align);
            symbols[i] = r.definingSymbol[g];
            offsets[i] = end;
            sizes[i] = r.commonSize[g];
            if (sizes[i] < 0 || sizes[i] > 1L << 47) {
                throw owner.bad(0, "common symbol " + r.names.name(g) + " claims 0x" + Long.toHexString(sizes[i]) + " bytes");
            }
            end += sizes[i];
            ids[i] = g;
            r.definingFile[g] = r.files.size();
            r.definingSymbol[g] = i + 1;
        }
        r.files.add(ObjectFile.commons(owner, symbols, offsets, sizes, end, alignment));
        r.globals.add(ids);
        r.discarded.add(null);
    }

    private static int buckets(int names) {
        int i = 0;
        while (i + 1 < BUCKETS.length && names > BUCKETS[i] * 3L / 4) {
            i++;
        }
        return BUCKETS[i];
    }

    /// The hash of GNU ld's symbol table (bfd/hash.c, bfd_hash_hash).
    private long hash(int g) {
        byte[] t = r.names.table(g);
        int at = r.names.offset(g);
        int length = r.names.length(g);
        long h = 0;
        for (int i = 0; i < length; i++) {
            long c = t[at + i] & 0xff;
            h += c + (c << 17);
            h ^= h >>> 2;
        }
        h += length + ((long) length << 17);
        return h ^ h >>> 2;
    }
}
