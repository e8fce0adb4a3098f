package klink.veneer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.arch.Machine;
import klink.elf.Arm;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.input.RelocationTable;
import klink.input.SectionBytes;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.mem.Endian;
import klink.mem.IntSort;
import klink.mem.LE;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.report.Finding;
import klink.report.Report;
import klink.resolve.ChainOrder;
import klink.resolve.Symbols;

/// Works around Cortex-A8 erratum 657417: a 32-bit branch of Thumb code whose first halfword is the last one of a 4 KiB page, behind another 32-bit
/// instruction that is no branch, and whose target is in that page, may go astray (Arm, "Cortex-A8 Errata Notice"). GNU ld works around it wherever
/// objects are for v7-A, so it does for kernels that have Thumb code; one of them has one or two such branches, and one of Arm code none.
///
/// The branch goes to a patch in another page, which goes on to the target. Patches stand where GNU ld has them (bfd/elf32-arm.c, `group_sections`):
/// behind the last section of a group of some 4 MB, so always behind the branch. As there, the sites of a round are those of its
/// addresses: where room was made for others, another round follows. After some rounds patches are kept that have become useless, so this ends.
final class Erratum657417 extends ErratumScan {
    private static final int PAGE = 0x1000;
    private static final int LAST_HALFWORD = 0xffe;
    private static final long GROUP = 4_170_000;
    /// GNU ld counts sections from 16, and makes four for glue of its own before it opens an object.
    private static final int FIRST_NUMBER = 20;
    private static final int MOST_ROUNDS = 8;
    private static final int BLOCK = 1024;
    private static final BranchPatches NO_PATCHES = new BranchPatches(new int[0], new int[0], new int[0], new int[0], new int[0]);

    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    private final Machine machine;
    private BranchPatches patches = NO_PATCHES;
    /// By section id: the one behind which its patches stand, plus one; null before the first layout.
    private int[] hosts;
    private int[] numbers;
    private int rounds;
    /// The sections that patches stand behind, or stood in an earlier round: GNU ld keeps what it made for them.
    private final BitSet used = new BitSet();

    /// @param at     offset of the branch in its section
    /// @param form   of [ThumbCode]'s: as it will be, of calls that switch modes or not
    /// @param insn   the instruction, its first halfword the upper one
    /// @param target where it goes at the addresses of a round
    private record Hit(int section, int at, int form, int insn, long target) {}

    Erratum657417(Symbols symbols, Placement place, MergedSections merged, Machine machine) {
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.machine = machine;
    }

    @Override
    Patches patches(int dynamic) {
        return patches;
    }

    @Override
    boolean isEmpty() {
        return used.isEmpty();
    }

    @Override
    void reserve(Sizes sizes, int[] bytes) {
        patches = patches.behind(bytes);
        patches.reserve(bytes);
        for (int host = used.nextSetBit(0); host >= 0; host = used.nextSetBit(host + 1)) {
            bytes[host] = bytes[host] == 0 ? Sizes.NO_VENEERS : bytes[host];
        }
    }

    @Override
    Fixes find(Addresses at, Sizes sizes, int threads) {
        hosts = hosts == null ? hosts(at, sizes) : hosts;
        var branches = new Branches(symbols, place, merged, machine, at, sizes, new Slots(machine, 0), Aids.NONE);
        var found = new ArrayList<List<Hit>>();
        for (int f = 0; f < symbols.fileCount(); f++) {
            found.add(List.of());
        }
        Par.loop(symbols.fileCount(), threads, (f, _) -> found.set(f, hits(f, at, branches)));
        var hits = new ArrayList<Hit>();
        for (List<Hit> list : found) {
            hits.addAll(list);
        }
        BranchPatches before = patches;
        BranchPatches now = arranged(hits, rounds++ < MOST_ROUNDS ? NO_PATCHES : before);
        if (now.isAs(before)) {
            return new Redirected(hits, before, at, sizes);
        }
        patches = now;
        for (int i = 0; i < now.count(); i++) {
            used.set(now.section(i));
        }
        return new Redirected(hits, now, null, null);
    }

    /// The last section of each one's group that has something in it.
    private int[] hosts(Addresses at, Sizes sizes) {
        var hosts = new int[symbols.sectionCount()];
        for (OutputSection out : place.sections()) {
            if (!at.isKept(out.id()) || (at.flags(out.id()) & Elf.SHF_EXECINSTR) == 0) {
                continue;
            }
            int[] all = place.inputsOf(out);
            int n = 0;
            for (int section : all) {
                int f = symbols.fileOfSection(section);
                if (at.offset(section) >= 0 && sizes.size(section) > 0 && (symbols.file(f).flags(section - symbols.firstSection(f)) & Elf.SHF_EXECINSTR) != 0) {
                    all[n++] = section;
                }
            }
            for (int first = 0, end; first < n; first = end) {
                end = first + 1;
                while (end < n && at.offset(all[end]) + sizes.size(all[end]) - at.offset(all[first]) < GROUP) {
                    end++;
                }
                for (int i = first; i < end; i++) {
                    hosts[all[i]] = all[end - 1] + 1;
                }
            }
        }
        return hosts;
    }

    private List<Hit> hits(int f, Addresses at, Branches branches) {
        ObjectFile file = symbols.file(f);
        List<Hit> found = List.of();
        for (int s = 1; s < file.sectionCount() && !file.isSynthetic(); s++) {
            int id = symbols.firstSection(f) + s;
            if (file.type(s) != Elf.SHT_PROGBITS || hosts[id] == 0 || SectionBytes.isCompressed(file, s)) {
                continue;
            }
            long base = at.addressOfInput(id);
            ThumbCode code = null;
            for (long o = LAST_HALFWORD - base & PAGE - 1; o + 4 <= file.size(s); o += PAGE) {
                int insn = insn(file, s, o);
                if (o < 4 || !ThumbCode.isWide(insn >>> 16) || ThumbCode.branch(insn) == ThumbCode.NONE) {
                    continue;
                }
                code = code == null ? new ThumbCode(file, s) : code;
                Hit hit = code.isBehindWide(o) ? hit(f, s, (int) o, insn, base + o, branches) : null;
                if (hit != null) {
                    found = found.isEmpty() ? new ArrayList<>() : found;
                    found.add(hit);
                }
            }
        }
        return found;
    }

    private static int insn(ObjectFile file, int s, long o) {
        return file.endian().u16(file.segment(), file.fileOffset(s) + o) << 16 | file.endian().u16(file.segment(), file.fileOffset(s) + o + 2);
    }

    /// A site, if the branch at address `p` stays in its page. One that goes by way of a veneer is none: veneers stand behind it. Nor is a call of
    /// nothing, which becomes a NOP.
    private Hit hit(int f, int s, int o, int insn, long p, Branches branches) {
        ObjectFile file = symbols.file(f);
        int form = ThumbCode.branch(insn);
        long target = (p + 4 & (form == ThumbCode.SWITCHING_CALL ? -4 : -1)) + ThumbCode.distance(insn);
        var relocation = new long[3];
        if (findRelocation(file, s, o, relocation)) {
            int type = (int) relocation[1];
            int index = (int) (relocation[1] >>> 32);
            long symbol = index < 0 || index >= file.symbolCount() ? Branches.UNDEFINED : branches.symbol(f, index);
            if (symbol == Branches.UNDEFINED) {
                return null;
            }
            long moded = branches.target(type, symbol, machine.addend(type, LE.i32(file.segment(), file.fileOffset(s) + o)));
            if (!machine.reaches(type, moded, p)) {
                return null;
            }
            boolean arm = (moded & Arm.CODE) != 0;
            form = type != Arm.R_ARM_THM_CALL || (moded & (Arm.CODE | Arm.THUMB)) == 0 ? form : arm ? ThumbCode.SWITCHING_CALL : ThumbCode.CALL;
            target = moded;
        }
        target &= 0xffff_ffffL;
        return target / PAGE != p / PAGE ? null : new Hit(symbols.firstSection(f) + s, o, form, insn, target);
    }

    private static boolean findRelocation(ObjectFile file, int s, int o, long[] found) {
        var block = new long[3 * BLOCK];
        for (int rel = 1; rel < file.sectionCount(); rel++) {
            if (!RelocationTable.is(file, rel) || file.info(rel) != s) {
                continue;
            }
            long count = RelocationTable.count(file, rel);
            for (long done = 0; done < count; done += BLOCK) {
                int n = (int) Math.min(BLOCK, count - done);
                RelocationTable.read(file, rel, done, n, block);
                for (int i = 0; i < 3 * n; i += 3) {
                    int type = (int) block[i + 1];
                    if (block[i] == o && (type == Arm.R_ARM_THM_CALL || type == Arm.R_ARM_THM_JUMP24 || type == Arm.R_ARM_THM_JUMP19)) {
                        System.arraycopy(block, i, found, 0, 3);
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /// Patches for these sites and those of others that there are: in the order of GNU ld's table of their names, those in Arm code first.
    private BranchPatches arranged(List<Hit> hits, BranchPatches others) {
        Map<Long, Integer> forms = new HashMap<>();
        for (int i = 0; i < others.count(); i++) {
            forms.put(others.key(i), others.form(i));
        }
        for (Hit h : hits) {
            forms.put(BranchPatches.key(h.section, h.at), h.form);
        }
        numbers = numbers != null || forms.isEmpty() ? numbers : SectionNumbers.of(symbols, FIRST_NUMBER, 0);
        int n = forms.size();
        var keys = new long[n];
        var chains = new long[n];
        var order = new int[n];
        int tableSize = ChainOrder.size(n);
        for (long key : forms.keySet()) {
            keys[--n] = key;
        }
        Arrays.sort(keys);
        for (int i = 0; i < keys.length; i++) {
            byte[] name = (Integer.toHexString(numbers[BranchPatches.section(keys[i])]) + ":" + Integer.toHexString(BranchPatches.site(keys[i]))).getBytes(StandardCharsets.US_ASCII);
            chains[i] = ChainOrder.chain(name, 0, name.length, tableSize);
            order[i] = i;
        }
        IntSort.sort(order, (a, b) -> {
            int hostA = hosts[BranchPatches.section(keys[a])];
            int hostB = hosts[BranchPatches.section(keys[b])];
            boolean armA = forms.get(keys[a]) == ThumbCode.SWITCHING_CALL;
            boolean armB = forms.get(keys[b]) == ThumbCode.SWITCHING_CALL;
            return hostA != hostB ? Integer.compare(hostA, hostB) : armA != armB ? (armA ? -1 : 1)
                    : chains[a] != chains[b] ? Long.compare(chains[a], chains[b]) : Integer.compare(b, a);
        });
        return table(order, keys, forms);
    }

    private BranchPatches table(int[] order, long[] keys, Map<Long, Integer> forms) {
        int n = order.length;
        var host = new int[n];
        var offset = new int[n];
        var form = new int[n];
        var section = new int[n];
        var site = new int[n];
        for (int i = 0; i < n; i++) {
            long key = keys[order[i]];
            section[i] = BranchPatches.section(key);
            site[i] = BranchPatches.site(key);
            form[i] = forms.get(key);
            host[i] = hosts[section[i]] - 1;
            offset[i] = i == 0 || host[i - 1] != host[i] ? 0 : offset[i - 1] + BranchPatches.size(form[i - 1]);
        }
        return new BranchPatches(host, offset, form, section, site);
    }

    /// The branches that go to patches, and the patches.
    private final class Redirected implements Fixes {
        private final BranchPatches patches;
        /// What writes them: the code around them is as it stays.
        private final Machine code = machine.ofImageCode();
        private final Endian order = code.endian();
        /// Null while they are not settled.
        private final Addresses at;
        private final Sizes sizes;
        /// By section: the branches in it, and those whose patches stand behind it.
        private final Map<Integer, List<Hit>> sites = new HashMap<>();
        private final Map<Integer, List<Hit>> behind = new HashMap<>();

        Redirected(List<Hit> hits, BranchPatches patches, Addresses at, Sizes sizes) {
            this.patches = patches;
            this.at = at;
            this.sizes = sizes;
            for (Hit h : hits) {
                sites.computeIfAbsent(h.section, _ -> new ArrayList<>()).add(h);
                behind.computeIfAbsent(hosts[h.section] - 1, _ -> new ArrayList<>()).add(h);
            }
        }

        private long patch(Hit h) {
            return patches.address(patches.find(h.section, h.at), at, sizes);
        }

        @Override
        public boolean needMore() {
            return at == null;
        }

        @Override
        public boolean isEmpty() {
            return patches.count() == 0;
        }

        @Override
        public void check(Report report) {
            if (at == null) {
                return;
            }
            sites.forEach((section, list) -> {
                for (Hit h : list) {
                    if (!machine.reaches(Arm.R_ARM_THM_JUMP24, patch(h) | Arm.THUMB, at.addressOfInput(section) + h.at)) {
                        ObjectFile file = symbols.file(symbols.fileOfSection(section));
                        report.add(Finding.error("the patch for Cortex-A8 erratum 657417 is out of reach of its branch").at(
                                file.name() + ":(" + file.sectionName(section - symbols.firstSection(symbols.fileOfSection(section))) + "+0x" + Integer.toHexString(h.at) + ")"));
                    }
                }
            });
        }

        @Override
        public void apply(int section, byte[] out, int to, int extent) {
            long base = at.addressOfInput(section);
            for (Hit h : behind.getOrDefault(section, List.of())) {
                long patch = patch(h);
                write(h, out, to + (int) (patch - base), patch);
            }
            for (Hit h : sites.getOrDefault(section, List.of())) {
                redirect(h, patch(h), out, to + h.at, base + h.at);
            }
        }

        /// The branch at fault goes to its patch, in the mode of that.
        private void redirect(Hit h, long patch, byte[] out, int at, long p) {
            int kind = h.form == ThumbCode.CALL ? 0xd000 : h.form == ThumbCode.SWITCHING_CALL ? 0xc000 : 0x9000;
            order.put16(out, at, 0xf000);
            order.put16(out, at + 2, kind);
            boolean call = h.form == ThumbCode.CALL || h.form == ThumbCode.SWITCHING_CALL;
            code.apply(out, at, call ? Arm.R_ARM_THM_CALL : Arm.R_ARM_THM_JUMP24, patch | (h.form == ThumbCode.SWITCHING_CALL ? Arm.CODE : Arm.THUMB), 0, p);
        }

        /// `b target`, or where there is a condition `b<cond> 1f; b.w back; 1: b.w target`.
        private void write(Hit h, byte[] out, int at, long p) {
            if (h.form == ThumbCode.SWITCHING_CALL) {
                order.put32(out, at, 0xea00_0000);
                code.apply(out, at, Arm.R_ARM_JUMP24, h.target | Arm.CODE, 0, p);
                return;
            }
            if (h.form == ThumbCode.CONDITIONAL) {
                order.put16(out, at, 0xd001 | (h.insn >> 22 & 15) << 8);
                jump(out, at + 2, this.at.addressOfInput(h.section) + h.at + 4, p + 2);
                at += 6;
                p += 6;
            }
            jump(out, at, h.target, p);
        }

        private void jump(byte[] out, int at, long target, long p) {
            order.put16(out, at, 0xf000);
            order.put16(out, at + 2, 0x9000);
            code.apply(out, at, Arm.R_ARM_THM_JUMP24, target | Arm.THUMB, 0, p);
        }
    }
}
