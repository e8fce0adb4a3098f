package klink.merge;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.input.SectionBytes;
import klink.par.Par;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.Symbols;

/// All SHF_MERGE sections of the link after merging: for each, where its pieces went.
///
/// A section none of whose pieces stays in it takes no space at all. A defconfig kernel merges 3 MB of strings to 2.2 MB; a debug kernel 160 MB of `.debug_str`
/// to 13 MB.
public final class MergedSections {
    private final List<MergeGroup> groups;
    private final int[] groupOf;
    private final int[] memberOf;

    private MergedSections(List<MergeGroup> groups, int sections) {
        this.groups = groups;
        groupOf = new int[sections];
        memberOf = new int[sections];
        Arrays.fill(groupOf, -1);
        for (int g = 0; g < groups.size(); g++) {
            MergeGroup.Member[] members = groups.get(g).members();
            for (int m = 0; m < members.length; m++) {
                groupOf[members[m].section] = g;
                memberOf[members[m].section] = m;
            }
        }
    }

    private record Split(MergeGroup group, int member) {}

    /// Written out: what java makes of a record for these two is not in an AOT cache.
    private record Key(int output, long flags, long entsize, long alignment) {
        @Override
        public boolean equals(Object o) {
            return o instanceof Key k && k.output == output && k.flags == flags && k.entsize == entsize && k.alignment == alignment;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(((output * 31L + flags) * 31 + entsize) * 31 + alignment);
        }
    }

    /// Merges what placement put into the same output section.
    /// @param enabled false for `-r`, which leaves merging to the final link
    public static MergedSections merge(Symbols symbols, Placement place, boolean enabled, int threads, Report report) {
        var byKey = new HashMap<Key, List<MergeGroup.Member>>();
        var order = new ArrayList<Key>();
        for (int f = 0; enabled && f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            boolean[] relocated = null;
            for (int s = 1; s < file.sectionCount(); s++) {
                int id = symbols.firstSection(f) + s;
                if ((file.flags(s) & Elf.SHF_MERGE) == 0 || !place.isPlaced(id) || !canMerge(file, s)) {
                    continue;
                }
                relocated = relocated == null ? relocated(file) : relocated;
                MemorySegment bytes = SectionBytes.of(file, s);
                if (relocated[s] || bytes.byteSize() == 0 || bytes.byteSize() % file.entsize(s) != 0 || bytes.byteSize() > Integer.MAX_VALUE - 16) {
                    continue;
                }
                var key = new Key(place.outputOf(id), file.flags(s) & (Elf.SHF_MERGE | Elf.SHF_STRINGS | Elf.SHF_ALLOC), file.entsize(s),
                        Math.max(1, file.alignment(s)));
                byKey.computeIfAbsent(key, k -> {
                    order.add(k);
                    return new ArrayList<>();
                }).add(new MergeGroup.Member(id, bytes));
            }
        }
        var groups = new ArrayList<MergeGroup>();
        for (Key k : order) {
            groups.add(new MergeGroup(byKey.get(k).toArray(MergeGroup.Member[]::new), k.flags, (int) k.entsize, k.alignment));
        }
        var work = new ArrayList<Split>();
        for (MergeGroup g : groups) {
            for (int m = 0; m < g.members().length; m++) {
                work.add(new Split(g, m));
            }
        }
        Par.loop(work.size(), threads, (i, _) -> work.get(i).group.split(work.get(i).member));
        var largestFirst = new ArrayList<>(groups);
        largestFirst.sort((a, b) -> Long.compare(b.pieceCount(), a.pieceCount()));
        for (MergeGroup g : groups) {
            if (g.isLarge()) {
                g.merge(threads);
            }
        }
        Par.loop(groups.size(), threads, (i, _) -> {
            if (!largestFirst.get(i).isLarge()) {
                largestFirst.get(i).merge(1);
            }
        });
        return new MergedSections(groups, symbols.sectionCount());
    }

    /// GNU ld's sanity rules: entries and alignment must fit each other.
    private static boolean canMerge(ObjectFile file, int s) {
        long e = file.entsize(s);
        long align = Math.max(1, SectionBytes.alignment(file, s));
        if (e <= 0 || e > 1 << 20 || align > 1 << 20) {
            return false;
        }
        boolean strings = (file.flags(s) & Elf.SHF_STRINGS) != 0;
        if (e < align) {
            return strings && (e & e - 1) == 0;
        }
        return e == align || (e & align - 1) == 0;
    }

    private static boolean[] relocated(ObjectFile file) {
        var has = new boolean[file.sectionCount()];
        for (int s = 1; s < file.sectionCount(); s++) {
            if ((file.type(s) == Elf.SHT_RELA || file.type(s) == Elf.SHT_REL) && file.size(s) > 0) {
                has[file.info(s)] = true;
            }
        }
        return has;
    }

    /// Whether this section id was merged.
    public boolean isMerged(int section) {
        return groupOf[section] >= 0;
    }

    /// Bytes that a merged section id takes in the output: of the pieces whose home it is.
    public long size(int section) {
        return member(section).size;
    }

    /// Where `offset` of a merged section went: the section id of its piece's home in the upper half, the
    /// offset there in the lower. An offset into the padding after a string means the string's NUL; one past
    /// the end keeps its distance from the last piece.
    public long locate(int section, long offset) {
        MergeGroup g = groups.get(groupOf[section]);
        return g.locate(g.members()[memberOf[section]], offset);
    }

    /// The section id in a [#locate] result.
    public static int home(long located) {
        return (int) (located >>> 32);
    }

    /// The offset in a [#locate] result.
    public static int offset(long located) {
        return (int) located;
    }

    private MergeGroup.Member member(int section) {
        return groups.get(groupOf[section]).members()[memberOf[section]];
    }

    /// Writes bytes `[from, from + length)` of what a merged section is the home of into `out` at `at`,
    /// which must be zero.
    public void write(int section, long from, long length, byte[] out, int at) {
        groups.get(groupOf[section]).write(memberOf[section], from, length, out, at);
    }
}
