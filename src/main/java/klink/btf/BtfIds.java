package klink.btf;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import klink.mem.Endian;
import klink.mem.LE;
import klink.mem.LongList;
import klink.report.Finding;
import klink.report.Report;

/// Numbers `.BTF_ids`: the places where kernel code names a type or function and wants its BTF id.
///
/// Each place is a zero u32 under a local symbol that says what belongs there (include/linux/btf_ids.h):
///
///     __BTF_ID__struct__task_struct__1234     the id of that struct; also union, typedef, func
///     __BTF_ID__set__NAME                     count, then that many ids, to be sorted by id
///     __BTF_ID__set8__NAME                    count, flags, then pairs of id and flags, sorted by id
///
/// The number at the end only makes symbols unique; a set's count comes from the size of its symbol. kbuild
/// patches the finished file with tools/bpf/resolve_btfids, and BPF programs are rejected long after boot if
/// the ids are not those of the `.BTF` linked in. A small kernel without BPF has
/// 115 places.
///
/// Use: [#add] every symbol of the section, [#resolve] once the types are known (addresses are not needed
/// yet), [#patch] the section's bytes in the image.
public final class BtfIds {
    private static final byte[] PREFIX = "__BTF_ID__".getBytes(StandardCharsets.US_ASCII);
    private static final int[] KINDS = {BtfReader.KIND_STRUCT, BtfReader.KIND_UNION, BtfReader.KIND_TYPEDEF, BtfReader.KIND_FUNC};
    private static final byte[][] KIND_WORDS = {ascii("struct"), ascii("union"), ascii("typedef"), ascii("func")};
    private static final byte[] SET = ascii("set");
    private static final byte[] SET8 = ascii("set8");

    /// A name of one kind and the places that want its id.
    private static final class Wanted {
        final byte[] name;
        final int hash;
        final LongList places = new LongList(4);
        int id;
        Wanted next;

        Wanted(byte[] name, int hash) {
            this.name = name;
            this.hash = hash;
        }
    }

    /// @param stride bytes per entry: 4, or 8 for set8
    private record IdSet(String name, long offset, int stride, long count) {}

    /// Hash tables of [Wanted], one per kind, chained.
    private final Wanted[][] tables = new Wanted[KINDS.length][256];
    private final List<List<Wanted>> wanted = new ArrayList<>();
    /// Symbols added per kind, minus those resolved: kind no longer searched when it reaches 0.
    private final int[] open = new int[KINDS.length];
    private final List<IdSet> sets = new ArrayList<>();
    private final Report report;

    /// @param report gets what resolve_btfids would print: unresolved and ambiguous names as warnings,
    ///               malformed symbols as errors
    public BtfIds(Report report) {
        this.report = report;
        for (int k = 0; k < KINDS.length; k++) {
            wanted.add(new ArrayList<>());
        }
    }

    /// True if nothing was added that needs an id.
    public boolean isEmpty() {
        return sets.isEmpty() && open[0] + open[1] + open[2] + open[3] == 0;
    }

    /// Takes a symbol of section `.BTF_ids`; those of other names are ignored.
    ///
    /// @param name   its bytes, without NUL
    /// @param offset its place in the section
    /// @param size   its st_size, which for a set holds the count
    public void add(byte[] name, long offset, long size) {
        if (!startsWith(name, 0, PREFIX)) {
            return;
        }
        for (int k = 0; k < KINDS.length; k++) {
            if (startsWith(name, PREFIX.length, KIND_WORDS[k])) {
                addPlace(k, name, PREFIX.length + KIND_WORDS[k].length, offset);
                return;
            }
        }
        if (startsWith(name, PREFIX.length, SET8)) {
            addSet(name, SET8, offset, Long.BYTES, size);
        } else if (startsWith(name, PREFIX.length, SET)) {
            addSet(name, SET, offset, Integer.BYTES, size);
        } else {
            report.error(".BTF_ids: unsupported prefix in symbol " + text(name));
        }
    }

    /// `at` is just behind the kind: what follows is `__NAME__UNIQUE`, and NAME may itself contain `__`.
    private void addPlace(int k, byte[] name, int at, long offset) {
        int last = name.length - 1;
        while (last > at + 2 && name[last] != '_') {
            last--;
        }
        if (last <= at + 2 || name[last - 1] != '_') {
            report.error(".BTF_ids: cannot parse symbol " + text(name));
            return;
        }
        open[k]++;
        find(k, name, at + 2, last - 1, true).places.add(offset);
    }

    private void addSet(byte[] name, byte[] word, long offset, int stride, long size) {
        int at = PREFIX.length + word.length + 2;
        if (at >= name.length) {
            report.error(".BTF_ids: cannot parse set symbol " + text(name));
            return;
        }
        String set = new String(name, at, name.length - at, StandardCharsets.UTF_8);
        for (IdSet other : sets) {
            if (other.name.equals(set)) {
                report.error(".BTF_ids: set '" + set + "' is defined twice");
                return;
            }
        }
        sets.add(new IdSet(set, offset, stride, (int) (size / stride - 1)));
    }

    /// Looks every wanted name up among the types. The first type of the right kind and name gives the
    /// id; further ones are reported, as kernel developers want to know (the two tools even count alike:
    /// a kind whose symbols are all resolved is not searched on).
    public void resolve(BtfReader types) {
        var kindIndex = new int[1 << 5]; // BTF kinds have 5 bits
        for (int k = 0; k < KINDS.length; k++) {
            kindIndex[KINDS[k]] = k + 1;
        }
        for (int id = 1, last = types.lastId(); id <= last; id++) {
            int k = kindIndex[types.kind(id)] - 1;
            if (k < 0 || open[k] == 0) {
                continue;
            }
            byte[] strings = types.strings(types.nameOffset(id));
            int start = types.inStrings(types.nameOffset(id));
            int end = start;
            while (strings[end] != 0) {
                end++;
            }
            Wanted w = find(k, strings, start, end, false);
            if (w == null) {
                continue;
            }
            if (w.id == 0) {
                w.id = id;
                open[k]--;
            } else {
                report.add(Finding.warning("resolve_btfids: multiple IDs found for '" + text(w.name) + "': " + w.id + ", " + id + " - using " + w.id));
            }
        }
        reportUnresolved();
    }

    /// In the order of resolve_btfids: by kind, then names falling.
    private void reportUnresolved() {
        for (List<Wanted> names : wanted) {
            var missing = new ArrayList<Wanted>();
            for (Wanted w : names) {
                if (w.id == 0) {
                    missing.add(w);
                }
            }
            missing.sort((a, b) -> Arrays.compareUnsigned(b.name, a.name));
            for (Wanted w : missing) {
                report.add(Finding.warning("resolve_btfids: unresolved symbol " + text(w.name)));
            }
        }
    }

    /// Writes ids and counts into the bytes of `.BTF_ids`, then sorts the sets. Entries of equal id (names
    /// not found, all 0) keep their order, as glibc's qsort does.
    /// @param order of the words in the section
    public void patch(MemorySegment section, Endian order) {
        order.words(section, 0, section.byteSize());
        byte[] bytes = LE.all(section);
        patch(bytes);
        LE.putBytes(section, 0, bytes);
        order.words(section, 0, section.byteSize());
    }

    private void patch(byte[] section) {
        long size = section.length;
        for (List<Wanted> names : wanted) {
            for (Wanted w : names) {
                for (int i = 0; i < w.places.size(); i++) {
                    long offset = w.places.get(i);
                    if (inside(offset, Integer.BYTES, size, text(w.name))) {
                        LE.put32(section, (int) offset, w.id);
                    }
                }
            }
        }
        for (IdSet set : sets) {
            long bytes = (set.count + 1) * set.stride;
            if (set.count < 0) {
                report.error(".BTF_ids: symbol of set '" + set.name + "' has no size, so the set has no count");
            } else if (inside(set.offset, bytes, size, set.name)) {
                LE.put32(section, (int) set.offset, (int) set.count);
                sort(section, set);
            }
        }
    }

    private boolean inside(long offset, long bytes, long size, String name) {
        if (offset >= 0 && offset % Integer.BYTES == 0 && bytes <= size - offset) {
            return true;
        }
        report.error(".BTF_ids: " + name + " at offset " + offset + " does not fit the section's " + size + " bytes");
        return false;
    }

    private static void sort(byte[] section, IdSet set) {
        int n = (int) set.count;
        int start = (int) set.offset + set.stride;
        var keys = new long[n];
        var entries = new long[n];
        for (int i = 0; i < n; i++) {
            int at = start + i * set.stride;
            keys[i] = (long) LE.i32(section, at) << 32 | i;
            entries[i] = set.stride == Long.BYTES ? LE.i64(section, at) : LE.u32(section, at);
        }
        Arrays.sort(keys);
        for (int i = 0; i < n; i++) {
            int at = start + i * set.stride;
            long entry = entries[(int) keys[i]];
            if (set.stride == Long.BYTES) {
                LE.put64(section, at, entry);
            } else {
                LE.put32(section, at, (int) entry);
            }
        }
    }

    private Wanted find(int k, byte[] s, int start, int end, boolean add) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + s[i];
        }
        Wanted[] table = tables[k];
        int slot = (hash ^ hash >>> 11) & table.length - 1;
        for (Wanted w = table[slot]; w != null; w = w.next) {
            if (w.hash == hash && Arrays.equals(w.name, 0, w.name.length, s, start, end)) {
                return w;
            }
        }
        if (!add) {
            return null;
        }
        var w = new Wanted(Arrays.copyOfRange(s, start, end), hash);
        w.next = table[slot];
        table[slot] = w;
        wanted.get(k).add(w);
        return w;
    }

    private static boolean startsWith(byte[] name, int at, byte[] prefix) {
        return name.length - at >= prefix.length && Arrays.equals(name, at, at + prefix.length, prefix, 0, prefix.length);
    }

    private static byte[] ascii(String s) {
        return s.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] name) {
        return new String(name, StandardCharsets.UTF_8);
    }
}
