package klink.inspect;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;

/// Compares the relocations that two images keep (`--emit-relocs`), section by section.
///
/// What reads them is `arch/x86/tools/relocs`: it wants the site, the type and the symbol's value and name.
/// Two linkers may name one target by different symbols (a section symbol plus addend against a local
/// symbol), so the target address is told apart from the symbol: `rela.NAME.target` is serious,
/// `rela.NAME.symbol` alone is a matter of taste.
///
/// 1.1 million entries: sorted as one `long[]` of (offset, index), offsets being below 2^36.
final class RelocationComparison {
    private static final int INDEX_BITS = 27;
    private static final int SHOWN = 3;

    private final ElfImage a;
    private final ElfImage b;
    private final List<Difference> out;

    RelocationComparison(ElfImage a, ElfImage b, List<Difference> out) {
        this.a = a;
        this.b = b;
        this.out = out;
    }

    /// Differences of one section, counted; the first few are kept as text.
    private static final class Tally {
        int count;
        final StringBuilder inA = new StringBuilder();
        final StringBuilder inB = new StringBuilder();

        void add(String x, String y) {
            if (count++ < SHOWN) {
                inA.append(count == 1 ? "" : ", ").append(x);
                inB.append(count == 1 ? "" : ", ").append(y);
            }
        }
    }

    void compare() {
        Map<String, Section> inA = Comparison.byName(a);
        Map<String, Section> inB = Comparison.byName(b);
        for (Map.Entry<String, Section> e : inA.entrySet()) {
            Section y = inB.get(e.getKey());
            int type = e.getValue().type();
            if ((type == Elf.SHT_RELA || type == Elf.SHT_REL) && !e.getValue().isAlloc() && y != null && y.type() == type) {
                compare(e.getKey(), e.getValue(), y);
            }
        }
    }

    private void compare(String name, Section x, Section y) {
        var ra = a.relocations(x);
        var rb = b.relocations(y);
        long baseA = a.sections().get(x.info()).address();
        long baseB = b.sections().get(y.info()).address();
        long[] oa = order(ra, baseA);
        long[] ob = order(rb, baseB);
        var tallies = new TreeMap<String, Tally>();
        int i = 0;
        int j = 0;
        while (i < oa.length || j < ob.length) {
            long at = Math.min(i < oa.length ? oa[i] >>> INDEX_BITS : Long.MAX_VALUE, j < ob.length ? ob[j] >>> INDEX_BITS : Long.MAX_VALUE);
            int iEnd = groupEnd(oa, i, at);
            int jEnd = groupEnd(ob, j, at);
            group(tallies, ra, oa, i, iEnd, rb, ob, j, jEnd);
            i = iEnd;
            j = jEnd;
        }
        // Section names of relocation tables start with .rela; the key names the table as the file does.
        tallies.forEach((kind, t) -> out.add(new Difference("rela." + name + "." + kind, t.count + " differ: " + t.inA, t.inB.toString())));
    }

    private static long[] order(Relocations r, long base) {
        if (r.count() >= 1 << INDEX_BITS) {
            throw new IllegalStateException("more than " + (1 << INDEX_BITS) + " relocations in one section");
        }
        var order = new long[r.count()];
        for (int i = 0; i < order.length; i++) {
            order[i] = (r.offset(i) - base) << INDEX_BITS | i;
        }
        Arrays.sort(order);
        return order;
    }

    private static int groupEnd(long[] order, int from, long at) {
        int end = from;
        while (end < order.length && order[end] >>> INDEX_BITS == at) {
            end++;
        }
        return end;
    }

    /// All relocations of one site. There is one, but for linker-relaxed or composed relocations.
    private void group(Map<String, Tally> tallies, Relocations ra, long[] oa, int i, int iEnd, Relocations rb, long[] ob, int j, int jEnd) {
        int pairs = Math.min(iEnd - i, jEnd - j);
        for (int k = 0; k < pairs; k++) {
            pair(tallies, ra, index(oa[i + k]), rb, index(ob[j + k]));
        }
        for (int k = i + pairs; k < iEnd; k++) {
            tallies.computeIfAbsent("site", s -> new Tally()).add(text(a, ra, index(oa[k])), "-");
        }
        for (int k = j + pairs; k < jEnd; k++) {
            tallies.computeIfAbsent("site", s -> new Tally()).add("-", text(b, rb, index(ob[k])));
        }
    }

    private static int index(long packed) {
        return (int) (packed & (1 << INDEX_BITS) - 1);
    }

    private void pair(Map<String, Tally> tallies, Relocations ra, int x, Relocations rb, int y) {
        var sa = a.symbols();
        var sb = b.symbols();
        String kind = null;
        if (ra.type(x) != rb.type(y)) {
            kind = "type";
        } else if (target(sa, ra, x) != target(sb, rb, y)) {
            kind = "target";
        } else if (ra.addend(x) != rb.addend(y) || !symbol(sa, ra.symbol(x)).equals(symbol(sb, rb.symbol(y)))) {
            kind = "symbol";
        }
        if (kind != null) {
            tallies.computeIfAbsent(kind, s -> new Tally()).add(text(a, ra, x), text(b, rb, y));
        }
    }

    private static long target(ElfSymbols s, Relocations r, int i) {
        return (s.count() == 0 ? 0 : s.value(r.symbol(i))) + r.addend(i);
    }

    private static String symbol(ElfSymbols s, int i) {
        return s.count() == 0 || i == 0 ? "0" : s.type(i) == Elf.STT_SECTION ? s.sectionName(i) : s.name(i);
    }

    private static String text(ElfImage image, Relocations r, int i) {
        long addend = r.addend(i);
        return Comparison.hex(r.offset(i)) + " type " + r.type(i) + " " + symbol(image.symbols(), r.symbol(i))
                + (addend < 0 ? "-0x" + Long.toHexString(-addend) : "+0x" + Long.toHexString(addend));
    }
}
