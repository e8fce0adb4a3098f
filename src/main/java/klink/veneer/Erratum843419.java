package klink.veneer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import klink.elf.AArch64;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.mem.LE;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.Placement;
import klink.resolve.Symbols;

/// Works around Cortex-A53 erratum 843419 (Arm Software Developers Errata Notice, EPM048406): an ADRP in one of the last two
/// words of a 4 KiB page, a load or store behind it, and then a load or store through ADRP's register, directly or one
/// instruction later, may use a wrong address. Linux asks for it with `--fix-cortex-a53-843419`, on by default.
///
/// Two ways out: ADRP becomes ADR if the page is within 1 MiB; else the last load or store moves behind its section, and a
/// branch there and another back take its place. Of 5,000 pages of a kernel's text a handful are concerned.
final class Erratum843419 extends ErratumScan {
    private static final int PAGE = 0x1000;
    private static final int NOP = 0xd503_201f;

    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    /// Sites that have a veneer, by section: offsets of the load or store that moves, in the order they were found.
    private final Map<Integer, List<Integer>> reserved = new TreeMap<>();

    /// @param adrp  offset of the ADRP in its section
    /// @param last  offset of the load or store through its register
    /// @param inPage offset of the ADRP in its page
    /// @param near   ADRP can become ADR
    private record Hit(int section, int adrp, int last, int inPage, boolean near) {}

    /// @param known patches that there are already
    Erratum843419(Symbols symbols, Placement place, MergedSections merged, Patches known) {
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        if (known instanceof LoadPatches patches) {
            patches.sites().forEach((section, sites) -> reserved.put(section, new ArrayList<>(sites)));
        }
    }

    @Override
    Patches patches(int dynamic) {
        return new LoadPatches(symbols, reserved, dynamic);
    }

    @Override
    boolean isEmpty() {
        return reserved.isEmpty();
    }

    @Override
    Fixes find(Addresses at, Sizes sizes, int threads) {
        var hits = new ArrayList<List<Hit>>();
        for (int f = 0; f < symbols.fileCount(); f++) {
            hits.add(List.of());
        }
        Par.loop(symbols.fileCount(), threads, (f, _) -> hits.set(f, hits(f, at)));
        var all = new ArrayList<Hit>();
        boolean more = false;
        for (List<Hit> list : hits) {
            for (Hit h : list) {
                all.add(h);
                List<Integer> have = reserved.computeIfAbsent(h.section, _ -> new ArrayList<>());
                if (!h.near && !have.contains(h.last)) {
                    have.add(h.last);
                    more = true;
                }
            }
        }
        return new Moved(all, reserved, more, at, sizes);
    }

    @Override
    void reserve(Sizes sizes, int[] bytes) {
        LoadPatches.reserve(reserved, sizes, bytes);
    }

    private List<Hit> hits(int f, Addresses at) {
        ObjectFile file = symbols.file(f);
        var found = new ArrayList<Hit>();
        for (int s = 1; s < file.sectionCount() && !file.isSynthetic(); s++) {
            int id = symbols.firstSection(f) + s;
            long size = file.size(s);
            if (file.type(s) != Elf.SHT_PROGBITS || (file.flags(s) & Elf.SHF_EXECINSTR) == 0 || !place.isPlaced(id) || size < 12) {
                continue;
            }
            long base = at.addressOfInput(id);
            for (long o = PAGE - 8 - base & PAGE - 1; o + 12 <= size; o += PAGE) {
                add(f, s, (int) o, at, found);
                add(f, s, (int) o + 4, at, found);
            }
            if ((base & PAGE - 1) == PAGE - 4) {
                add(f, s, 0, at, found);
            }
        }
        return found;
    }

    private void add(int f, int s, int o, Addresses at, List<Hit> found) {
        ObjectFile file = symbols.file(f);
        long code = file.fileOffset(s) + o;
        long left = file.size(s) - o;
        if (left < 12) {
            return;
        }
        int adrp = LE.i32(file.segment(), code);
        if ((adrp & 0x9f00_0000) != 0x9000_0000 || !isAccess(LE.i32(file.segment(), code + 4)) || !isCode(file, s, o)) {
            return;
        }
        int last = isThrough(LE.i32(file.segment(), code + 8), adrp) ? o + 8
                : left >= 16 && isThrough(LE.i32(file.segment(), code + 12), adrp) ? o + 12 : -1;
        if (last >= 0) {
            int id = symbols.firstSection(f) + s;
            found.add(new Hit(id, o, last, (int) (at.addressOfInput(id) + o) & PAGE - 1, isNear(f, s, o, at)));
        }
    }

    /// Whether an instruction loads or stores, other than loading a pair of registers.
    private static boolean isAccess(int insn) {
        if ((insn & 0x0a00_0000) != 0x0800_0000) {
            return false;
        }
        boolean load = (insn & 1 << 22) != 0;
        boolean pair = (insn & 0x3a00_0000) == 0x2800_0000 || (insn & 0x3f20_0000) == 0x0820_0000;
        return !(pair && load);
    }

    /// Whether it is a load or store with an unsigned offset from the register that `adrp` sets.
    private static boolean isThrough(int insn, int adrp) {
        return (insn & 0x3b00_0000) == 0x3900_0000 && (insn >> 5 & 31) == (adrp & 31);
    }

    /// Whether the last mapping symbol at or before the place says code (AAELF64, "Mapping symbols").
    private static boolean isCode(ObjectFile file, int section, int offset) {
        long best = -1;
        boolean code = true;
        for (int i = 1; i < file.firstGlobal(); i++) {
            if (file.symbolSection(i) != section || Long.compareUnsigned(file.symbolValue(i), offset) > 0 || file.symbolValue(i) < best) {
                continue;
            }
            String name = file.symbolName(i);
            if (name.startsWith("$x") || name.startsWith("$d")) {
                best = file.symbolValue(i);
                code = name.startsWith("$x");
            }
        }
        return code;
    }

    /// Whether the page that the ADRP at `o` forms is within reach of an ADR.
    private boolean isNear(int f, int s, int o, Addresses at) {
        ObjectFile file = symbols.file(f);
        for (int rel = 1; rel < file.sectionCount(); rel++) {
            if (file.type(rel) != Elf.SHT_RELA || file.info(rel) != s) {
                continue;
            }
            long n = file.size(rel) / Elf.RELA_SIZE;
            for (long i = 0, e = file.fileOffset(rel); i < n; i++, e += Elf.RELA_SIZE) {
                long info = LE.i64(file.segment(), e + 8);
                if (LE.i64(file.segment(), e) == o && (int) info == AArch64.R_AARCH64_ADR_PREL_PG_HI21) {
                    long page = value(f, (int) (info >>> 32), LE.i64(file.segment(), e + 16), at) & -PAGE;
                    return isNear(page - (at.addressOfInput(symbols.firstSection(f) + s) + o));
                }
            }
        }
        return false;
    }

    private static boolean isNear(long distance) {
        return distance >= -(1 << 20) && distance < 1 << 20;
    }

    /// S + A. Of a merged section the piece may lie elsewhere; then the site counts as far, and needs a veneer that may stay unused.
    private long value(int f, int symbol, long addend, Addresses at) {
        ObjectFile file = symbols.file(f);
        if (symbol >= file.firstGlobal()) {
            int g = symbols.global(f, symbol);
            byte kind = symbols.kind(g);
            return kind == Symbols.SCRIPT || kind == Symbols.DEFINED || kind == Symbols.DEFINED_WEAK ? at.globalAddress(g, merged) + addend : Long.MIN_VALUE;
        }
        int section = symbols.firstSection(f) + Math.max(0, file.symbolSection(symbol));
        return merged.isMerged(section) || !place.isPlaced(section) ? Long.MIN_VALUE : at.symbolAddress(f, symbol, merged) + addend;
    }

    /// What is changed, for one set of addresses.
    private static final class Moved implements Fixes {
        private final Map<Integer, List<Hit>> bySection = new HashMap<>();
        private final Map<Integer, List<Integer>> veneers;
        private final boolean more;
        private final Addresses at;
        private final Sizes sizes;

        private Moved(List<Hit> hits, Map<Integer, List<Integer>> veneers, boolean more, Addresses at, Sizes sizes) {
            for (Hit h : hits) {
                bySection.computeIfAbsent(h.section, _ -> new ArrayList<>()).add(h);
            }
            this.veneers = veneers;
            this.more = more;
            this.at = at;
            this.sizes = sizes;
        }

        @Override
        public boolean needMore() {
            return more;
        }

        @Override
        public boolean isEmpty() {
            return bySection.isEmpty() && veneers.isEmpty();
        }

        @Override
        public void apply(int section, byte[] out, int to, int extent) {
            List<Integer> have = veneers.getOrDefault(section, List.of());
            int first = 0;
            if (!have.isEmpty()) {
                first = LoadPatches.first(section, have.size(), at, sizes);
                LE.put32(out, to + first - 8, 0x1400_0000 | extent - (first - 8) >> 2);
                LE.put32(out, to + first - 4, NOP);
            }
            for (int i = 0; i < have.size(); i++) {
                LE.put32(out, to + first + LoadPatches.SIZE * i, NOP); // a site that is none at the final addresses
                LE.put32(out, to + first + LoadPatches.SIZE * i + 4, NOP);
            }
            for (Hit h : bySection.getOrDefault(section, List.of())) {
                if (h.near) {
                    near(out, to + h.adrp, h);
                } else {
                    far(out, to, h.last, first + LoadPatches.SIZE * have.indexOf(h.last));
                }
            }
        }

        /// ADRP, which counts in pages from that of P, to ADR, which counts in bytes from P.
        private static void near(byte[] out, int at, Hit h) {
            int insn = LE.i32(out, at);
            long pages = (long) (insn << 8 >> 13) << 2 | insn >> 29 & 3;
            long offset = (pages << 12) - h.inPage;
            LE.put32(out, at, insn & 0x1f | 0x1000_0000 | (int) (offset & 3) << 29 | (int) (offset >> 2 & 0x7ffff) << 5);
        }

        private static void far(byte[] out, int to, int site, int veneer) {
            LE.put32(out, to + veneer, LE.i32(out, to + site));
            LE.put32(out, to + veneer + 4, 0x1400_0000 | site + 4 - (veneer + 4) >> 2 & 0x3ff_ffff);
            LE.put32(out, to + site, 0x1400_0000 | veneer - site >> 2 & 0x3ff_ffff);
        }
    }
}
