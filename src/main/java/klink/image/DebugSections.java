package klink.image;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.input.SectionBytes;
import klink.layout.Addresses;
import klink.mem.LE;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.Symbols;

/// Some output sections, copied and relocated as an early layout has them: what pahole reads before the
/// image can be written, as the image waits for the size of `.BTF`.
///
/// Debug sections refer to each other by 32-bit offsets, which no later layout changes: the sections
/// stand at address 0 and their inputs are settled. 240 MB for a defconfig with DWARF 4, which pass through
/// a megabyte per thread.
public final class DebugSections {
    /// Takes the bytes; called from several threads, for disjoint ranges.
    @FunctionalInterface
    public interface Sink {
        /// @param out    output section
        /// @param offset of the first byte in it
        void write(int out, MemorySegment bytes, long offset);
    }

    private static final long RANGE = 1 << 20;

    private final Symbols symbols;
    private final MergedSections merged;
    private final Addresses at;
    private final InputRelocations relocations;
    private final Sink sink;
    private final List<Range> ranges = new ArrayList<>();

    /// Inputs `[from, to)` of an output section, which cover `[begin, end)` of it.
    private record Range(int out, int[] inputs, int from, int to, long begin, long end) {}

    private DebugSections(Symbols symbols, MergedSections merged, Addresses at, InputRelocations relocations, Sink sink) {
        this.symbols = symbols;
        this.merged = merged;
        this.at = at;
        this.relocations = relocations;
        this.sink = sink;
    }

    /// Writes all bytes of the output sections `wanted` to `sink`. Sites that cannot be relocated are left as
    /// they are, without a word: the image has the same ones, and reports them.
    public static void write(Symbols symbols, Placement place, MergedSections merged, Addresses at, Machine machine, List<OutputSection> wanted, int threads,
            Sink sink) {
        var sections = new DebugSections(symbols, merged, at, InputRelocations.of(symbols, threads), sink);
        for (OutputSection s : wanted) {
            sections.plan(s, place.inputsOf(s));
        }
        SymbolValues values = SymbolValues.of(symbols, place, merged, at, machine, null, false, threads);
        var silent = new Report(new PrintStream(OutputStream.nullOutputStream()), 0);
        var undefined = new Undefined(symbols);
        var relocators = new Relocator[threads];
        var buffers = new byte[threads][];
        Par.loop(sections.ranges.size(), threads, (i, w) -> {
            Range r = sections.ranges.get(i);
            if (relocators[w] == null) {
                relocators[w] = new Relocator(machine, symbols, merged, at, values, undefined, silent);
            }
            if (buffers[w] == null || buffers[w].length < r.end - r.begin) {
                buffers[w] = new byte[sections.bufferSize(r)];
            }
            sections.copy(r, buffers[w], relocators[w]);
        });
    }

    private void plan(OutputSection s, int[] all) {
        int n = 0;
        for (int section : all) {
            if (at.offset(section) >= 0) {
                all[n++] = section;
            }
        }
        int[] inputs = Arrays.copyOf(all, n);
        long begin = 0;
        for (int from = 0; from < n; ) {
            int to = from + 1;
            while (to < n && at.offset(inputs[to]) - begin < RANGE) {
                to++;
            }
            long end = to < n ? at.offset(inputs[to]) : at.size(s.id());
            ranges.add(new Range(s.id(), inputs, from, to, begin, end));
            from = to;
            begin = end;
        }
    }

    private int bufferSize(Range r) {
        long size = r.end - r.begin;
        if (size > Integer.MAX_VALUE - 64) {
            ObjectFile file = symbols.file(symbols.fileOfSection(r.inputs[r.from]));
            throw file.bad(0, "a section of " + size + " bytes is too large to write at once");
        }
        return (int) Math.max(2 * RANGE, size);
    }

    private void copy(Range r, byte[] buffer, Relocator relocator) {
        long end = r.begin;
        for (int i = r.from; i < r.to; i++) {
            long offset = at.offset(r.inputs[i]);
            Arrays.fill(buffer, (int) (end - r.begin), (int) (offset - r.begin), (byte) 0);
            end = offset + copyInput(r.inputs[i], buffer, (int) (offset - r.begin), at.address(r.out) + offset, relocator);
        }
        Arrays.fill(buffer, (int) (end - r.begin), (int) (r.end - r.begin), (byte) 0);
        sink.write(r.out, MemorySegment.ofArray(buffer).asSlice(0, r.end - r.begin), r.begin);
    }

    private long copyInput(int section, byte[] buffer, int to, long address, Relocator relocator) {
        if (merged.isMerged(section)) {
            long size = merged.size(section);
            Arrays.fill(buffer, to, (int) (to + size), (byte) 0);
            merged.write(section, 0, size, buffer, to);
            return size;
        }
        int f = symbols.fileOfSection(section);
        ObjectFile file = symbols.file(f);
        int ndx = section - symbols.firstSection(f);
        long size = SectionBytes.size(file, ndx);
        if (file.type(ndx) == Elf.SHT_NOBITS) {
            Arrays.fill(buffer, to, (int) (to + size), (byte) 0);
            return size;
        }
        if (SectionBytes.isCompressed(file, ndx)) {
            LE.bytes(SectionBytes.of(file, ndx), 0, buffer, to, (int) size);
        } else {
            LE.bytes(file.segment(), file.fileOffset(ndx), buffer, to, (int) size);
        }
        if (relocations.of(section) != 0) {
            relocator.apply(buffer, to, size, f, relocations.of(section), ndx, address);
        }
        return size;
    }
}
