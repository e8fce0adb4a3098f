package klink.btf;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import klink.dwarf.TypeEntries;
import klink.dwarf.TypeReader;
import klink.dwarf.UnitList;
import klink.input.ObjectFile;
import klink.mem.IntList;
import klink.mem.Endian;
import klink.mem.LE;
import klink.par.Par;
import klink.report.BadInput;

/// Makes `.BTF` from the debug information of objects, as `pahole -J` makes it from that of the linked image.
///
/// In four steps: [UnitShapes] reads every object once, in parallel, and keeps each type it has not seen; [MergedShapes] makes
/// one table of what the workers have; [TypeClasses] tells apart types whose names mean several things; [BtfBuilder]
/// numbers and writes them. All that depends on addresses are the entries of `.data..percpu`, twelve bytes each,
/// which [Btf#place] fills in when there are addresses.
///
/// A defconfig kernel with DWARF 4: 180 MB of `.debug_info` become 113,000 types in 5 MB.
public final class BtfEncoder {
    private static final String SECTION = ".data..percpu";
    /// From this size of `.debug_info` on, a file is cut into parts that several workers read.
    private static final long LARGE = 8 << 20;
    private static final int SLICES = 64;
    private static final String INT = "int";
    /// Signed, of four bytes: as a shape has it, and as BTF.
    private static final long INT_VALUE = 1L << 32 | Integer.BYTES;
    private static final int INT_ENCODING = 1 << 24 | Integer.SIZE;

    private final UnitShapes[] workers;
    private final BtfOptions options;
    private final List<BadInput> skipped;
    private final LongMap functions = new LongMap(1 << 16);
    /// Flags of functions that programs may call.
    private final LongMap kfuncs = new LongMap(1 << 8);
    /// Names before the first dot of those that have one.
    private final LongMap copies = new LongMap(1 << 10);
    private final VariableSymbols symbols = new VariableSymbols();

    private BtfEncoder(UnitShapes[] workers, BtfOptions options, List<BadInput> skipped) {
        this.workers = workers;
        this.skipped = skipped;
        this.options = options;
    }

    /// Which variables are wanted: those whose section this says yes to.
    @FunctionalInterface
    public interface Sections {
        /// @param section section of the file; 0 where `offset` is an address of a finished image
        boolean has(ObjectFile file, int section, long offset);
    }

    /// Where the image has what the files hold, once that is known: places are files with sections and offsets there, the section in the upper
    /// half; or addresses of a finished image.
    public interface Places {
        /// The section of the image that a place is in; 0 if variables there are not wanted.
        int section(int file, long place);

        /// Bytes from the start of that section; from 0 on, and another one for each place, but not yet final.
        long offset(int file, long place);

        /// Name of a section.
        String name(int section);

        /// One section that has all that was wanted.
        Places PERCPU = new Places() {
            @Override
            public int section(int file, long place) {
                return 1;
            }

            @Override
            public long offset(int file, long place) {
                return (place & 0xffff_ffffL) + 1; // nobody asks for it
            }

            @Override
            public String name(int section) {
                return SECTION;
            }
        };
    }

    /// Reads the types of all files.
    ///
    /// @param files      in the order of the link, which decides which of several functions of a name is taken
    /// @param sections   which sections' variables are wanted
    public static BtfEncoder read(List<ObjectFile> files, Sections sections, BtfOptions options, int threads) {
        var workers = new UnitShapes[Math.max(1, threads)];
        var readers = new TypeReader[workers.length];
        var opened = new int[workers.length];
        var units = new int[workers.length];
        var shared = new ConcurrentHashMap<Integer, UnitList>();
        int[] slices = slices(files);
        var skipped = new ConcurrentSkipListMap<Long, BadInput>();
        Par.loop(slices.length / 2, threads, (i, w) -> {
            int f = slices[2 * i];
            ObjectFile file = files.get(f);
            if (workers[w] == null) {
                workers[w] = new UnitShapes(options);
                readers[w] = new TypeReader(options.has(BtfFeature.CONSISTENT_FUNC));
            }
            TypeReader reader = readers[w];
            if (opened[w] != f + 1) {
                opened[w] = f + 1;
                try {
                    reader.open(slices[2 * i + 1] < 0 ? UnitList.of(file) : shared.computeIfAbsent(f, n -> UnitList.of(files.get(n))));
                    units[w] = reader.units();
                } catch (BadInput e) {
                    units[w] = 0;
                    skip(e, options, (long) f << Integer.SIZE, skipped);
                }
            }
            UnitShapes.Wanted wanted = address -> file.isRelocatable() ? sections.has(file, (int) (address >>> 32), address & 0xffff_ffffL) : sections.has(file, 0, address);
            int slice = slices[2 * i + 1];
            int of = slice < 0 ? 1 : SLICES;
            int from = (int) ((long) units[w] * Math.max(0, slice) / of);
            int end = (int) ((long) units[w] * (Math.max(0, slice) + 1) / of);
            for (int u = from; u < end; u++) {
                try {
                    TypeEntries entries = reader.read(u);
                    workers[w].add(reader, entries, f, u, wanted);
                } catch (BadInput e) {
                    skip(e, options, (long) f << Integer.SIZE | u + 1, skipped);
                }
            }
        });
        int n = 0;
        for (UnitShapes w : workers) {
            n += w == null ? 0 : 1;
        }
        var used = new UnitShapes[n];
        for (UnitShapes w : workers) {
            if (w != null) {
                used[--n] = w;
            }
        }
        return new BtfEncoder(used, options, List.copyOf(skipped.values()));
    }

    private static void skip(BadInput e, BtfOptions options, long place, Map<Long, BadInput> skipped) {
        if (!options.skipsUnreadable()) {
            throw e;
        }
        skipped.putIfAbsent(place, e);
    }

    /// Why units were left out, with file and offset, in their order; empty unless [BtfOptions#skipsUnreadable].
    public List<BadInput> skipped() {
        return skipped;
    }

    /// What there is to do: a file, or, of one that has the units of a whole kernel, a part.
    private static int[] slices(List<ObjectFile> files) {
        var slices = new IntList();
        for (int f = 0; f < files.size(); f++) {
            ObjectFile file = files.get(f);
            if (file.isSynthetic()) {
                continue;
            }
            boolean whole = TypeReader.infoSize(file) < LARGE;
            for (int s = whole ? -1 : 0; s < (whole ? 0 : SLICES); s++) {
                slices.add(f);
                slices.add(s);
            }
        }
        return slices.toArray();
    }

    /// Names a function of the image (STT_FUNC): only these get types.
    public void function(byte[] names, int at) {
        long hash = TypeReader.hash(names, at);
        if (functions.get(hash) < 0) {
            functions.put(hash, 1);
        }
        if (options.has(BtfFeature.OPTIMIZED_FUNC)) {
            copy(names, at);
        }
    }

    /// A copy that the compiler made of a function is named after it, with a dot behind (`.constprop.0`).
    private void copy(byte[] names, int at) {
        int end = at;
        while (names[end] != 0 && names[end] != '.') {
            end++;
        }
        if (names[end] != 0) {
            long hash = TypeReader.hash(Arrays.copyOf(Arrays.copyOfRange(names, at, end), end - at + 1), 0);
            if (copies.get(hash) < 0) {
                copies.put(hash, 1);
            }
        }
    }

    /// Looks for kfuncs that a file of the image lists, if they are to be tagged.
    public void kfuncs(ObjectFile file) {
        if (options.has(BtfFeature.DECL_TAG_KFUNCS) && options.has(BtfFeature.DECL_TAG)) {
            Kfuncs.find(file, (name, flags) -> {
                long hash = TypeReader.hash(name, 0);
                if (kfuncs.get(hash) < 0) {
                    kfuncs.put(hash, flags & Integer.MAX_VALUE);
                }
            });
        }
    }

    /// Names a variable of a section whose variables are wanted (STT_OBJECT): where it stands, in which file.
    ///
    /// @param isZero whether its address in the image is 0. There pahole, which knows variables by their addresses, also sees
    ///               all that was discarded, and takes what has the symbol's name in the entry with the address
    public void variable(byte[] names, int at, int file, int section, long offset, long size, boolean isZero) {
        symbols.add(names, at, file, (long) section << 32 | offset, size, isZero);
    }

    /// A variable and its place in its section's list, to be settled.
    /// @param bytes   the whole `.BTF`
    /// @param at      by section that has variables: where its record is in `bytes`
    /// @param section by variable: which of these it is in
    /// @param file    by variable: its file
    /// @param address by variable: section of the file in the upper half, offset there in the lower; or an address of a finished image
    /// @param type    by variable: its number
    /// @param size    by variable: bytes
    public record Btf(byte[] bytes, int[] at, int[] section, int[] file, long[] address, int[] type, int[] size) {
        public int variables() {
            return file.length;
        }

        /// The finished contents for an image of this order.
        public byte[] contents(Endian endian) {
            return BtfReader.turned(bytes, endian);
        }

        /// Fills in where the variables stand.
        ///
        /// @param offsets by variable: from the start of the output section
        public void place(long[] offsets) {
            int n = file.length;
            var sorted = new long[n];
            for (int i = 0; i < n; i++) {
                sorted[i] = offsets[i] << 20 | i;
            }
            Arrays.sort(sorted);
            var filled = new int[at.length];
            for (long s : sorted) {
                int v = (int) s & 0xfffff;
                int record = at[section[v]];
                int to = record + 12 + 12 * filled[section[v]]++;
                LE.put32(bytes, to, type[v]);
                LE.put32(bytes, to + 4, (int) offsets[v]);
                LE.put32(bytes, to + 8, size[v]);
                LE.put32(bytes, record + 8, (int) offsets[v] + size[v]); // where the last one ends
            }
        }
    }

    /// Makes the types, once the image's symbols are known.
    public Btf encode() {
        return encode(null, Places.PERCPU);
    }

    /// Makes types that continue a kernel's: what the kernel has is referred to and not repeated, as pahole does it with `--btf_base`.
    ///
    /// @param base null for types that stand alone
    public Btf encode(BaseTypes base, Places places) {
        UnitShapes[] all = workers;
        if (base != null) {
            all = Arrays.copyOf(workers, workers.length + 1);
            all[workers.length] = base.worker;
        }
        var shapes = new MergedShapes(all);
        var known = base == null ? MergedBase.none() : new MergedBase(base, shapes.merged[workers.length]);
        int units = 0;
        for (UnitShapes w : workers) {
            units += w.unitOrder.size();
        }
        var unitWorker = new int[units];
        var unitNdx = new int[units];
        var unitOf = new int[workers.length][];
        order(unitWorker, unitNdx, unitOf);
        var classes = new TypeClasses(shapes, unitWorker, unitNdx, known);
        var builder = new BtfBuilder(shapes, classes, known, options.has(BtfFeature.ENUM64));
        var chosen = new Chosen(shapes, builder, places, unitOf, unitWorker, unitNdx);
        boolean differs = !builder.isWhollySame();
        for (int u = 0; u < units; u++) {
            if (differs) {
                builder.lookFromUnit(u, split(shapes, builder, unitWorker[u], unitNdx[u]));
            }
            chosen.takeUnit(u);
        }
        return chosen.write();
    }

    /// Sorts the units of all workers.
    private void order(int[] unitWorker, int[] unitNdx, int[][] unitOf) {
        int units = unitWorker.length;
        var at = new int[workers.length];
        for (int w = 0; w < workers.length; w++) {
            unitOf[w] = new int[workers[w].unitOrder.size()];
        }
        for (int u = 0; u < units; u++) {
            int next = -1;
            for (int w = 0; w < workers.length; w++) {
                if (at[w] < unitOf[w].length && (next < 0 || workers[w].unitOrder.get(at[w]) < workers[next].unitOrder.get(at[next]))) {
                    next = w;
                }
            }
            unitOf[next][at[next]] = u;
            unitWorker[u] = next;
            unitNdx[u] = at[next]++;
        }
    }

    /// What a unit has that means something else in other units.
    private int[] split(MergedShapes shapes, BtfBuilder builder, int worker, int ndx) {
        UnitShapes w = workers[worker];
        int[] merged = shapes.merged[worker];
        int end = ndx + 1 < w.unitStart.size() ? w.unitStart.get(ndx + 1) : w.seen.size();
        var found = new IntList();
        for (int s = w.unitStart.get(ndx); s < end; s++) {
            int shape = merged[w.seen.get(s)];
            if (builder.dependsOnUnit(shape)) {
                found.add(shape);
            }
        }
        return found.toArray();
    }

    /// The functions and variables that get types, unit by unit.
    private final class Chosen {
        private final MergedShapes shapes;
        private final BtfBuilder builder;
        private final int[] unitWorker;
        private final int[] unitNdx;
        private final IntList functionName = new IntList();
        private final IntList functionType = new IntList();
        /// By function: who read it, as which.
        private final IntList functionWorker = new IntList();
        private final IntList functionIndex = new IntList();
        /// Tags of types: of a type's number, with their text, and part.
        private final IntList typeTag = new IntList();
        private final ChosenVariables variables;
        /// Work by unit: worker and index of functions, then of variables.
        private final int[][] byUnit;
        private final int[][] variablesByUnit;

        Chosen(MergedShapes shapes, BtfBuilder builder, Places places, int[][] unitOf, int[] unitWorker, int[] unitNdx) {
            this.shapes = shapes;
            this.builder = builder;
            variables = new ChosenVariables(workers, shapes, builder, symbols, places, options);
            this.unitWorker = unitWorker;
            this.unitNdx = unitNdx;
            int units = unitWorker.length;
            byUnit = new int[units][];
            variablesByUnit = new int[units][];
            var lists = new IntList[units];
            for (int w = 0; w < workers.length; w++) {
                UnitShapes own = workers[w];
                for (int i = 0; i < own.functionName.size(); i++) {
                    long hash = own.shapes.names.hash(own.functionName.get(i));
                    if ((functions.get(hash) >= 0 || copies.get(hash) >= 0) && isFirst(hash, w, i) && isConsistent(hash, w, i)) {
                        int u = unitOf[w][own.functionUnit.get(i)];
                        lists[u] = lists[u] == null ? new IntList() : lists[u];
                        lists[u].add(w);
                        lists[u].add(i);
                    }
                }
            }
            for (int u = 0; u < units; u++) {
                byUnit[u] = lists[u] == null ? new int[0] : lists[u].toArray();
                lists[u] = null;
            }
            for (int w = 0; w < workers.length; w++) {
                for (int i = 0; i < workers[w].variables.count(); i++) {
                    int u = unitOf[w][workers[w].variables.unit.get(i)];
                    lists[u] = lists[u] == null ? new IntList() : lists[u];
                    lists[u].add(w);
                    lists[u].add(i);
                }
            }
            for (int u = 0; u < units; u++) {
                variablesByUnit[u] = lists[u] == null ? new int[0] : lists[u].toArray();
            }
        }

        /// Whether no other worker met the function in an earlier unit.
        private boolean isFirst(long hash, int w, int i) {
            long mine = workers[w].functionOrder.get(i);
            for (int o = 0; o < workers.length; o++) {
                int other = o == w ? -1 : workers[o].functionOf.get(hash);
                if (other >= 0 && workers[o].functionOrder.get(other) < mine) {
                    return false;
                }
            }
            return true;
        }

        /// Whether all units agree on the function: true where nobody asks.
        private boolean isConsistent(long hash, int w, int i) {
            int flags = workers[w].functionFlags.get(i);
            for (UnitShapes worker : workers) {
                int other = worker.functionOf.get(hash);
                if (other >= 0) {
                    flags |= worker.functionFlags.get(other);
                    flags |= worker.functionSignature.get(other) == workers[w].functionSignature.get(i) ? 0 : UnitShapes.DIFFERS;
                }
            }
            return flags == 0;
        }

        void takeUnit(int u) {
            int[] list = byUnit[u];
            for (int k = 0; k < list.length; k += 2) {
                UnitShapes own = workers[list[k]];
                functionName.add(shapes.mergedName[list[k]][own.functionName.get(list[k + 1])]);
                functionType.add(builder.number(shapes.merged[list[k]][own.functionProto.get(list[k + 1])]));
                functionWorker.add(list[k]);
                functionIndex.add(list[k + 1]);
            }
            list = variablesByUnit[u];
            for (int k = 0; k < list.length; k += 2) {
                variables.take(list[k], list[k + 1]);
            }
            int w = unitWorker[u];
            DeclTags tags = workers[w].typeTags;
            for (int i = tags.first(unitNdx[u]), end = tags.first(unitNdx[u] + 1); i < end; i++) {
                int shape = shapes.merged[w][tags.shape(i)];
                typeTag.add(builder.number(shapes.tag[shape] != 0 ? shapes.tag[shape] : shape));
                typeTag.add(shapes.mergedName[w][tags.text(i)]);
                typeTag.add(tags.part(i));
            }
        }

        Btf write() {
            int shape = intShape();
            int index = shape == 0 ? 0 : builder.number(shape);
            int types = builder.types();
            if (shape == 0 && hasArrays()) {
                index = types + 1 + builder.add(BtfReader.KIND_INT, shapes.names.intern(TypeReader.hash(nul(INT), 0), nul(INT), 0), Integer.BYTES, INT_ENCODING);
            }
            for (int i = 0; i < typeTag.size(); i += 3) {
                builder.tag(typeTag.get(i + 1), typeTag.get(i), typeTag.get(i + 2));
            }
            var tags = new IntList();
            for (int i = 0; i < functionName.size(); i++) {
                int number = builder.functionInBase(functionName.get(i), functionType.get(i));
                if (number < 0) {
                    number = types + 1 + builder.add(BtfReader.KIND_FUNC, functionName.get(i), functionType.get(i), 0);
                }
                int w = functionWorker.get(i);
                builder.tags(workers[w].functionTags, functionIndex.get(i), shapes.mergedName[w], number);
                int flags = kfuncs.get(shapes.names.hash(functionName.get(i)));
                if (flags >= 0) {
                    tags.add(number);
                    tags.add(flags);
                }
            }
            for (int i = 0; i < tags.size(); i += 2) {
                tag("bpf_kfunc", tags.get(i));
                if ((tags.get(i + 1) & Kfuncs.KF_FASTCALL) != 0) {
                    tag("bpf_fastcall", tags.get(i));
                }
            }
            return variables.write(types, index);
        }

        private boolean hasArrays() {
            for (UnitShapes w : workers) {
                for (int u = 0; u < w.unitHas.size(); u++) {
                    if ((w.unitHas.get(u) & UnitShapes.HAS_ARRAYS) != 0) {
                        return true;
                    }
                }
            }
            return false;
        }

        private void tag(String text, int number) {
            builder.tag(shapes.names.intern(TypeReader.hash(nul(text), 0), nul(text), 0), number, DeclTags.WHOLE);
        }

        /// Shape of the type that array indices have: "int" of the first unit that has one. If a unit with arrays and without an int comes
        /// before that, pahole makes one of its own, of 32 bits; that too may be among the types.
        ///
        /// @return 0 if it must be made
        private int intShape() {
            boolean own = false;
            for (int u = 0; u < byUnit.length; u++) {
                int has = workers[unitWorker[u]].unitHas.get(unitNdx[u]);
                if (has != 0) {
                    own = (has & UnitShapes.HAS_INT) == 0;
                    break;
                }
            }
            for (int i = 1; i < shapes.count; i++) {
                if (shapes.kind(i) == BtfReader.KIND_INT && shapes.names.name(shapes.name(i)).equals(INT) && (own ? shapes.value(i) == INT_VALUE : shapes.order[i] != Shapes.UNUSED)) {
                    return i;
                }
            }
            return 0;
        }
    }

    private static byte[] nul(String s) {
        return (s + "\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
