package klink.resolve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import klink.elf.Elf;
import klink.input.Archive;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.mem.LE;
import klink.par.Par;
import klink.report.Finding;
import klink.report.Report;

/// Decides, in command-line order, which definition of each global name prevails, which comdat
/// groups stay, and which archive members join.
///
/// The rules are GNU ld's (bfd/linker.c, its action table): a strong definition beats a common
/// symbol, that beats a weak definition; of two weak ones the first stays; two strong ones are an
/// error. An archive's index is walked again and again until no member of it defines anything that
/// is still (strongly) undefined; a group of archives until none of them does.
///
/// Order: names are hashed in parallel, file by file; everything that decides is one sequential walk,
/// since the order of files decides.
public final class Resolution {
    final ArrayList<ObjectFile> files = new ArrayList<>();
    final ArrayList<int[]> globals = new ArrayList<>();
    final ArrayList<BitSet> discarded = new ArrayList<>();
    final NameTable names = new NameTable(1 << 16);
    byte[] kind = new byte[1 << 16];
    byte[] visibility = new byte[1 << 16];
    int[] definingFile = new int[1 << 16];
    int[] definingSymbol = new int[1 << 16];
    long[] commonSize = new long[0];
    long[] commonAlignment = new long[0];

    final BitSet local = new BitSet();
    final BitSet bounds = new BitSet();

    private static final byte NEW = -1;

    private final NameTable groups = new NameTable(256);
    private final Report report;
    private final boolean muldefs;
    private int undefinedEver;

    private Resolution(Report report, boolean muldefs) {
        this.report = report;
        this.muldefs = muldefs;
        Arrays.fill(kind, NEW);
    }

    /// Resolves the symbols of `inputs` and of what klink itself adds after them.
    ///
    /// @param second   synthetic object linked right after the first file, or null: GNU ld gives its
    ///                 build-id note to the first file
    /// @param extra    synthetic objects, linked after all others
    /// @param assigned names that the script (or `--defsym`) defines in any case
    /// @param provided names that the script defines if they are referenced and defined nowhere else
    /// @param hidden   those of both that the script makes local
    /// @param roots    names of `-u`, EXTERN and ENTRY: referenced from outside
    /// @param allocateCommons give common symbols a place, and define the bounds of sections: not with `-r`
    /// @param muldefs  of several definitions the first prevails (`-z muldefs`)
    public static Symbols resolve(Inputs inputs, ObjectFile second, List<ObjectFile> extra, List<String> assigned, List<String> provided,
            List<String> hidden, List<String> roots, boolean allocateCommons, boolean muldefs, int threads, Report report) {
        var r = new Resolution(report, muldefs);
        for (String root : roots) {
            r.reference(r.id(root));
        }
        var definite = new ArrayList<ObjectFile>();
        for (Inputs.Item item : inputs.items()) {
            if (item instanceof Inputs.Definite d) {
                definite.add(d.file());
            }
        }
        definite.addAll(extra);
        var hashes = new int[definite.size()][];
        Par.loop(hashes.length, threads, (i, _) -> hashes[i] = hashes(definite.get(i)));
        int next = 0;
        for (Inputs.Item item : inputs.items()) {
            if (item instanceof Inputs.Definite d) {
                r.add(d.file(), hashes[next++]);
            } else if (item instanceof Inputs.Search s) {
                r.search(s.archives());
            } else if (item instanceof Inputs.Pending p) {
                ObjectFile file = p.file().get();
                if (file != null) {
                    r.add(file, hashes(file));
                }
            }
            if (second != null && r.files.size() > 0 && !r.files.contains(second)) {
                r.add(second, hashes(second));
            }
        }
        for (ObjectFile file : extra) {
            r.add(file, hashes[next++]);
        }
        r.applyScript(assigned, provided, hidden);
        if (allocateCommons) {
            SectionBounds.define(r);
            Commons.allocate(r);
        }
        return new Symbols(r);
    }

    private void applyScript(List<String> assigned, List<String> provided, List<String> hidden) {
        for (String name : assigned) {
            kind[id(name)] = Symbols.SCRIPT;
        }
        for (String name : provided) {
            int g = names.find(name);
            if (g >= 0 && (kind[g] == Symbols.UNDEFINED || kind[g] == Symbols.UNDEFINED_WEAK || kind[g] == Symbols.COMMON)) {
                kind[g] = Symbols.SCRIPT;
            }
        }
        for (String name : hidden) {
            int g = names.find(name);
            if (g >= 0 && kind[g] == Symbols.SCRIPT) {
                visibility[g] = Elf.STV_HIDDEN;
                local.set(g);
            }
        }
        for (int g = 0; g < names.count(); g++) {
            if (kind[g] == NEW) {
                kind[g] = Symbols.ABSENT;
            }
        }
    }

    /// Length and hash of every global name, packed as two ints per symbol: the parallel half.
    private static int[] hashes(ObjectFile file) {
        int first = file.firstGlobal();
        int n = file.symbolCount() - first;
        byte[] table = file.symbolNames();
        var out = new int[2 * n];
        for (int i = 0; i < n; i++) {
            int offset = file.symbolNameOffset(first + i);
            int length = NameTable.length(table, offset);
            out[2 * i] = length;
            out[2 * i + 1] = NameTable.hash(table, offset, length);
        }
        return out;
    }

    private void add(ObjectFile file, int[] hashes) {
        int f = files.size();
        files.add(file);
        BitSet gone = dropGroups(file);
        discarded.add(gone);
        int first = file.firstGlobal();
        int n = file.symbolCount() - first;
        byte[] table = file.symbolNames();
        var ids = new int[n];
        for (int i = 0; i < n; i++) {
            int ndx = first + i;
            int g = names.intern(table, file.symbolNameOffset(ndx), hashes[2 * i], hashes[2 * i + 1]);
            ids[i] = g;
            if (g >= kind.length) {
                grow();
            }
            int section = file.symbolSection(ndx);
            if (gone != null && section > 0 && gone.get(section)) {
                section = Elf.SHN_UNDEF;
            }
            merge(g, f, file, ndx, section);
        }
        globals.add(ids);
    }

    private void merge(int g, int f, ObjectFile file, int ndx, int section) {
        boolean weak = Elf.bind(file.symbolInfo(ndx)) == Elf.STB_WEAK;
        int vis = file.symbolOther(ndx) & 3;
        if (vis != Elf.STV_DEFAULT) {
            byte old = visibility[g];
            visibility[g] = (byte) (old == Elf.STV_DEFAULT ? vis : Math.min(old, vis));
        }
        byte now;
        if (section == Elf.SHN_UNDEF) {
            now = weak ? Symbols.UNDEFINED_WEAK : Symbols.UNDEFINED;
        } else if (section == ObjectFile.COMMON) {
            now = Symbols.COMMON;
        } else {
            now = weak ? Symbols.DEFINED_WEAK : Symbols.DEFINED;
        }
        byte old = kind[g];
        boolean bigger = now == Symbols.COMMON && old == Symbols.COMMON && file.symbolSize(ndx) > commonSize[g];
        if (now == Symbols.UNDEFINED && old <= Symbols.UNDEFINED_WEAK) {
            undefinedEver++;
        }
        if (now == Symbols.COMMON) {
            mergeCommon(g, file, ndx, old);
        }
        if (old == NEW || bigger || replaces(now, old)) {
            kind[g] = now;
            definingFile[g] = f;
            definingSymbol[g] = ndx;
        } else if (now == Symbols.DEFINED && old == Symbols.DEFINED) {
            duplicate(g, f, ndx);
        }
    }

    private static boolean replaces(byte now, byte old) {
        return switch (now) {
            case Symbols.UNDEFINED -> old == Symbols.UNDEFINED_WEAK;
            case Symbols.COMMON -> old != Symbols.DEFINED && old != Symbols.COMMON;
            case Symbols.DEFINED_WEAK -> old <= Symbols.UNDEFINED;
            case Symbols.DEFINED -> old < Symbols.DEFINED;
            default -> false;
        };
    }

    private void mergeCommon(int g, ObjectFile file, int ndx, byte old) {
        if (g >= commonSize.length) {
            commonSize = Arrays.copyOf(commonSize, Math.max(g + 1, kind.length));
            commonAlignment = Arrays.copyOf(commonAlignment, commonSize.length);
        }
        if (old != Symbols.DEFINED) {
            commonSize[g] = Math.max(commonSize[g], file.symbolSize(ndx));
            commonAlignment[g] = Math.max(commonAlignment[g], Math.max(1, file.symbolValue(ndx)));
        }
    }

    private void duplicate(int g, int f, int ndx) {
        if (muldefs) {
            return;
        }
        ObjectFile first = files.get(definingFile[g]);
        ObjectFile second = files.get(f);
        report.add(Finding.error("multiple definition of " + names.name(g))
                .at("defined at " + place(first, definingSymbol[g]))
                .at("defined again at " + place(second, ndx))
                .at("try: make one of them static, or __weak")
                .ordered((long) f << 32 | ndx));
    }

    private static String place(ObjectFile file, int ndx) {
        int section = file.symbolSection(ndx);
        return section > 0
                ? file.name() + ":(" + file.sectionName(section) + "+0x" + Long.toHexString(file.symbolValue(ndx)) + ")"
                : file.name() + " (absolute 0x" + Long.toHexString(file.symbolValue(ndx)) + ")";
    }

    /// Discards the sections of comdat groups (gABI, "Section Groups") whose signature an earlier file
    /// had, and `.gnu.linkonce` sections whose name did. Null if this file loses none.
    private BitSet dropGroups(ObjectFile file) {
        BitSet gone = null;
        for (int s = 1; s < file.sectionCount(); s++) {
            if (file.type(s) == Elf.SHT_GROUP) {
                gone = dropGroup(file, s, gone);
            } else if ((file.flags(s) & Elf.SHF_GROUP) == 0 && isLinkOnce(file, s)) {
                byte[] table = file.sectionNames();
                int offset = file.nameOffset(s);
                int length = NameTable.length(table, offset);
                int before = groups.count();
                if (groups.intern(table, offset, length, NameTable.hash(table, offset, length)) < before) {
                    gone = gone == null ? new BitSet() : gone;
                    gone.set(s);
                }
            }
        }
        return gone;
    }

    private static final byte[] LINKONCE = ".gnu.linkonce.".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private static boolean isLinkOnce(ObjectFile file, int s) {
        byte[] table = file.sectionNames();
        int offset = file.nameOffset(s);
        return table.length - offset > LINKONCE.length
                && Arrays.equals(table, offset, offset + LINKONCE.length, LINKONCE, 0, LINKONCE.length)
                && !file.sectionName(s).startsWith(".gnu.linkonce.this_module");
    }

    private BitSet dropGroup(ObjectFile file, int group, BitSet gone) {
        long at = file.fileOffset(group);
        long words = file.size(group) / 4;
        if (words == 0 || file.size(group) % 4 != 0) {
            throw file.bad(at, "section group of " + file.size(group) + " bytes, want a flag word and section indices");
        }
        int signature = file.info(group);
        if (signature <= 0 || signature >= file.symbolCount()) {
            throw file.bad(at, "section group " + group + " has symbol " + Integer.toUnsignedString(signature)
                    + " as its signature, past the " + file.symbolCount() + " symbols");
        }
        boolean comdat = (LE.i32(file.segment(), at) & Elf.GRP_COMDAT) != 0;
        boolean drop = false;
        if (comdat) {
            boolean bySection = Elf.type(file.symbolInfo(signature)) == Elf.STT_SECTION && file.symbolSection(signature) > 0;
            byte[] table = bySection ? file.sectionNames() : file.symbolNames();
            int offset = bySection ? file.nameOffset(file.symbolSection(signature)) : file.symbolNameOffset(signature);
            int length = NameTable.length(table, offset);
            int before = groups.count();
            drop = groups.intern(table, offset, length, NameTable.hash(table, offset, length)) < before;
        }
        for (long i = 1; i < words; i++) {
            int member = LE.i32(file.segment(), at + 4 * i);
            if (Integer.compareUnsigned(member, file.sectionCount()) >= 0) {
                throw file.bad(at + 4 * i, "section group " + group + " names section " + Integer.toUnsignedString(member)
                        + ", past the " + file.sectionCount() + " sections");
            }
            if (drop) {
                gone = gone == null ? new BitSet() : gone;
                gone.set(member);
            }
        }
        return gone;
    }

    private void search(List<Archive> archives) {
        var indices = new ArrayList<List<Archive.IndexEntry>>();
        var taken = new ArrayList<BitSet>();
        var read = new ArrayList<ObjectFile[]>();
        for (Archive a : archives) {
            var members = new ObjectFile[a.members().size()];
            indices.add(a.index() != null ? a.index() : indexOf(a, members));
            taken.add(new BitSet());
            read.add(members);
        }
        int before;
        do {
            before = undefinedEver;
            for (int a = 0; a < archives.size(); a++) {
                searchOne(archives.get(a), indices.get(a), taken.get(a), read.get(a));
            }
        } while (undefinedEver != before);
    }

    private void searchOne(Archive archive, List<Archive.IndexEntry> index, BitSet taken, ObjectFile[] read) {
        int before;
        do {
            before = undefinedEver;
            for (Archive.IndexEntry e : index) {
                if (taken.get(e.member())) {
                    continue;
                }
                int g = names.find(e.symbol());
                if (g < 0 || kind[g] != Symbols.UNDEFINED && kind[g] != Symbols.COMMON) {
                    continue;
                }
                ObjectFile file = read[e.member()] != null ? read[e.member()] : Inputs.member(archive, e.member(), report);
                read[e.member()] = file;
                if (kind[g] == Symbols.UNDEFINED || file != null && defines(file, e.symbol())) {
                    taken.set(e.member());
                    if (file != null) {
                        add(file, hashes(file));
                    }
                }
            }
        } while (undefinedEver != before);
    }

    /// Whether a member would replace a common symbol by a real definition: then it joins.
    private static boolean defines(ObjectFile file, String symbol) {
        for (int i = file.firstGlobal(); i < file.symbolCount(); i++) {
            int section = file.symbolSection(i);
            if (section != Elf.SHN_UNDEF && section != ObjectFile.COMMON && file.symbolName(i).equals(symbol)) {
                return true;
            }
        }
        return false;
    }

    /// An archive without an index (`ar S`): what its members define, in their order.
    private List<Archive.IndexEntry> indexOf(Archive archive, ObjectFile[] read) {
        var index = new ArrayList<Archive.IndexEntry>();
        for (int m = 0; m < read.length; m++) {
            ObjectFile file = Inputs.member(archive, m, report);
            read[m] = file;
            for (int i = file == null ? 0 : file.firstGlobal(); file != null && i < file.symbolCount(); i++) {
                if (file.symbolSection(i) != Elf.SHN_UNDEF) {
                    index.add(new Archive.IndexEntry(file.symbolName(i), m));
                }
            }
        }
        return index;
    }

    private int id(String name) {
        int g = names.intern(name);
        if (g >= kind.length) {
            grow();
        }
        return g;
    }

    private void reference(int g) {
        if (kind[g] == NEW) {
            kind[g] = Symbols.UNDEFINED;
            definingFile[g] = -1;
            undefinedEver++;
        }
    }

    private void grow() {
        int old = kind.length;
        kind = Arrays.copyOf(kind, old * 2);
        Arrays.fill(kind, old, kind.length, NEW);
        visibility = Arrays.copyOf(visibility, old * 2);
        definingFile = Arrays.copyOf(definingFile, old * 2);
        definingSymbol = Arrays.copyOf(definingSymbol, old * 2);
    }
}
