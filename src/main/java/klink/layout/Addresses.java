package klink.layout;

import java.util.List;
import klink.elf.Arm;
import klink.input.ObjectFile;
import klink.merge.MergedSections;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.resolve.Symbols;

/// Every address of the image: of output sections, of input sections in them, of the script's
/// symbols, and the segments that load it all. Made by [Layout]; nothing changes afterwards.
public final class Addresses {
    /// Marks of a script symbol's type: what it stands for is arm code of a mode.
    static final int THUMB = 0x20;
    static final int CODE = 0x40;

    /// One program header.
    /// @param sections ids of the output sections it covers, in address order
    public record Segment(String name, int type, int flags, long offset, long vaddr, long paddr, long filesz, long memsz, long align,
            int[] sections) {}

    /// Bytes that the script itself puts into an output section (BYTE and its like).
    /// @param offset from the start of the output section
    public record Data(int section, long offset, byte[] bytes) {}

    /// From `offset` on, gaps hold `pattern` (empty: the default): a FILL, or a place where one gap ends and
    /// another may begin, as the script moved the location counter there or put data.
    public record FillFrom(int section, long offset, byte[] pattern) {}

    final Symbols symbols;
    final Placement place;
    final int n;
    final long[] vma;
    final long[] lma;
    final long[] size;
    final long[] align;
    final boolean[] kept;
    final int[] type;
    final long[] flags;
    final long[] fileOffset;
    final InputOffsets inputs;
    final ScriptSymbols scripts;
    /// What the script's symbols are, by their numbers among these.
    final long[] scriptValue;
    final int[] scriptSection;
    final short[] scriptType;
    List<Segment> segments = List.of();
    List<Data> data = List.of();
    List<FillFrom> fills = List.of();
    long headerSize;
    long endOfAlloc;

    Addresses(Symbols symbols, Placement place, InputOffsets inputs, ScriptSymbols scripts) {
        this.symbols = symbols;
        this.place = place;
        this.inputs = inputs;
        this.scripts = scripts;
        n = place.sections().size();
        vma = new long[n];
        lma = new long[n];
        size = new long[n];
        align = new long[n];
        kept = new boolean[n];
        type = new int[n];
        flags = new long[n];
        fileOffset = new long[n];
        scriptValue = new long[scripts.count()];
        scriptSection = new int[scripts.count()];
        scriptType = new short[scripts.count()];
    }

    /// Output sections, whether or not they are in the image.
    public int sectionCount() {
        return n;
    }

    /// sh_addr of an output section.
    public long address(int out) {
        return vma[out];
    }

    /// The physical (load) address of an output section.
    public long loadAddress(int out) {
        return lma[out];
    }

    /// Bytes of an output section.
    public long size(int out) {
        return size[out];
    }

    /// sh_addralign of an output section, at least 1.
    public long alignment(int out) {
        return align[out];
    }

    /// Whether the output section is in the image: empty ones are left out.
    public boolean isKept(int out) {
        return kept[out];
    }

    /// The output section that a symbol at `address` of section `out` is listed in: itself, or a kept
    /// neighbour if it was left out; -1 if nothing is near.
    public int home(int out, long address) {
        return kept[out] ? out : DotSections.nearby(this, out, address);
    }

    /// [#isKept] of every output section.
    public boolean[] kept() {
        return kept.clone();
    }

    /// sh_type of an output section.
    public int type(int out) {
        return type[out];
    }

    /// sh_flags of an output section.
    public long flags(int out) {
        return flags[out];
    }

    /// sh_offset of an allocated output section; others get theirs from the image writer.
    public long fileOffset(int out) {
        return fileOffset[out];
    }

    /// Offset of an input section in its output section; -1 if it takes no place.
    public long offset(int section) {
        return inputs.of(section);
    }

    /// The address of an input section.
    public long addressOfInput(int section) {
        return vma[place.outputOf(section)] + inputs.of(section);
    }

    /// The address of the veneers before an input section, or where there are none, of itself.
    public long lead(int section) {
        return vma[place.outputOf(section)] + inputs.lead(section);
    }

    /// The address of what stood at `offset` of a merged input section.
    public long addressOfMerged(MergedSections merged, int section, long offset) {
        long located = merged.locate(section, offset);
        return addressOfInput(MergedSections.home(located)) + MergedSections.offset(located);
    }

    /// The address (or absolute value) of a symbol that the script defines, by global id.
    public long scriptAddress(int global) {
        int i = scripts.of(global);
        int s = scriptSection[i];
        return s >= 0 ? vma[s] + scriptValue[i] : scriptValue[i];
    }

    /// The output section of a script symbol, or a negative number if it is absolute.
    public int scriptSection(int global) {
        return scriptSection[scripts.of(global)];
    }

    /// STT_ of a script symbol: that of the one symbol its value is made of, else NOTYPE.
    public int scriptType(int global) {
        return scriptType[scripts.of(global)] & 0xf;
    }

    /// The machine's own bits of st_other of a name that the script defines as another name of something.
    public int scriptOther(int global) {
        return scriptType[scripts.of(global)] >> 8 & 0xff;
    }

    /// Its mode, as [ObjectFile#symbolMode] has it: that of the one function its value is made of.
    public long scriptMode(int global) {
        int type = scriptType[scripts.of(global)];
        return (type & THUMB) != 0 ? Arm.THUMB : (type & CODE) != 0 ? Arm.CODE : 0;
    }

    /// Program headers in order.
    public List<Segment> segments() {
        return segments;
    }

    /// Data commands of the script, in output section order.
    public List<Data> data() {
        return data;
    }

    /// Changes of the fill pattern, in output section order.
    public List<FillFrom> fills() {
        return fills;
    }

    /// Bytes of ELF header and program headers.
    public long headerSize() {
        return headerSize;
    }

    /// The file offset after the last loaded byte.
    public long endOfAlloc() {
        return endOfAlloc;
    }

    /// The address of a symbol by its global id; 0 for what is undefined.
    public long globalAddress(int global, MergedSections merged) {
        return switch (symbols.kind(global)) {
            case Symbols.SCRIPT -> scriptAddress(global);
            case Symbols.DEFINED, Symbols.DEFINED_WEAK -> symbolAddress(symbols.definingFile(global), symbols.definingSymbol(global), merged);
            default -> 0;
        };
    }

    /// The mode of what a global symbol names, as [ObjectFile#symbolMode] has it.
    public long globalMode(int global) {
        return switch (symbols.kind(global)) {
            case Symbols.SCRIPT -> scriptMode(global);
            case Symbols.DEFINED, Symbols.DEFINED_WEAK -> symbols.file(symbols.definingFile(global)).symbolMode(symbols.definingSymbol(global));
            default -> 0;
        };
    }

    /// The address that a symbol table entry's own definition gives it.
    public long symbolAddress(int f, int ndx, MergedSections merged) {
        int section = symbols.file(f).symbolSection(ndx);
        long value = symbols.file(f).symbolValue(ndx);
        if (section <= 0) {
            return value;
        }
        int id = symbols.firstSection(f) + section;
        int out = place.outputOf(id);
        if (out < 0) {
            return 0;
        }
        if (merged.isMerged(id)) {
            return addressOfMerged(merged, id, value);
        }
        return vma[out] + inputs.of(id) + value;
    }

    /// Whether two layouts agree in everything but offsets of input sections.
    boolean sameAs(Addresses o) {
        return java.util.Arrays.equals(vma, o.vma) && java.util.Arrays.equals(lma, o.lma) && java.util.Arrays.equals(size, o.size)
                && java.util.Arrays.equals(scriptValue, o.scriptValue) && java.util.Arrays.equals(scriptSection, o.scriptSection)
                && java.util.Arrays.equals(kept, o.kept);
    }

    OutputSection section(int out) {
        return place.sections().get(out);
    }
}
