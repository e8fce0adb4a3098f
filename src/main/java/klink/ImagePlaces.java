package klink;

import java.util.HashMap;
import java.util.Map;
import klink.btf.BtfEncoder;
import klink.btf.BtfFeature;
import klink.btf.BtfOptions;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.merge.MergedSections;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.resolve.Symbols;

/// Where a link puts variables: in which output section, and where in it. Which one that is, and whether it begins with a variable, is known
/// from a layout whose addresses are not final.
final class ImagePlaces implements BtfEncoder.Places {
    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    private final Addresses early;
    /// By output section: whether its variables are wanted.
    private final boolean[] wanted;
    /// By place of a definition that did not prevail, input section and offset: the same of the one that did.
    private final Map<Long, Long> prevailing = new HashMap<>();

    ImagePlaces(Symbols symbols, Placement place, MergedSections merged, Addresses early, BtfOptions options) {
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.early = early;
        wanted = new boolean[place.sections().size()];
        boolean all = options.features().contains(BtfFeature.GLOBAL_VAR);
        if (all) {
            findPrevailing();
        }
        for (OutputSection s : place.sections()) {
            int type = early.type(s.id());
            wanted[s.id()] = s.isAlloc() && early.isKept(s.id()) && (s.name().equals(Types.PERCPU) || all && (type == Elf.SHT_PROGBITS || type == Elf.SHT_NOBITS));
        }
    }

    /// Whether an output section's variables are wanted.
    boolean isWanted(int out) {
        return wanted[out];
    }

    /// Debug information names a global variable by its symbol, so what it says of a weak one is then true of another's place. Among per-CPU data
    /// there are none.
    private void findPrevailing() {
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            for (int i = file.firstGlobal(); i < file.symbolCount(); i++) {
                int section = file.symbolSection(i);
                if (section <= 0 || Elf.bind(file.symbolInfo(i)) != Elf.STB_WEAK || Elf.type(file.symbolInfo(i)) != Elf.STT_OBJECT) {
                    continue;
                }
                int g = symbols.global(f, i);
                int by = symbols.kind(g) == Symbols.DEFINED || symbols.kind(g) == Symbols.DEFINED_WEAK ? symbols.definingFile(g) : f;
                int its = by == f ? 0 : symbols.file(by).symbolSection(symbols.definingSymbol(g));
                if (its > 0) {
                    prevailing.put(place(symbols.firstSection(f) + section, file.symbolValue(i)), place(symbols.firstSection(by) + its, symbols.file(by).symbolValue(symbols.definingSymbol(g))));
                }
            }
        }
    }

    private static long place(int input, long offset) {
        return (long) input << 32 | offset;
    }

    /// Input section in the upper half, offset there.
    private long place(int file, int section, long offset) {
        long here = place(symbols.firstSection(file) + section, offset);
        return prevailing.isEmpty() ? here : prevailing.getOrDefault(here, here);
    }

    @Override
    public int section(int file, long at) {
        int out = place.outputOf((int) (place(file, (int) (at >>> 32), at & 0xffff_ffffL) >>> 32));
        return out >= 0 && wanted[out] ? out + 1 : 0;
    }

    @Override
    public long offset(int file, long at) {
        return offset(early, file, at);
    }

    @Override
    public String name(int section) {
        return place.sections().get(section - 1).name();
    }

    /// Bytes from the start of the output section.
    long offset(Addresses at, int file, long where) {
        long there = place(file, (int) (where >>> 32), where & 0xffff_ffffL);
        int input = (int) (there >>> 32);
        long offset = there & 0xffff_ffffL;
        return merged.isMerged(input) ? at.addressOfMerged(merged, input, offset) - at.address(place.outputOf(input)) : at.offset(input) + offset;
    }
}
