package klink;

import klink.btf.BtfEncoder;
import klink.btf.BtfFeature;
import klink.btf.BtfOptions;
import klink.elf.Elf;
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

    ImagePlaces(Symbols symbols, Placement place, MergedSections merged, Addresses early, BtfOptions options) {
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.early = early;
        wanted = new boolean[place.sections().size()];
        boolean all = options.features().contains(BtfFeature.GLOBAL_VAR);
        for (OutputSection s : place.sections()) {
            int type = early.type(s.id());
            wanted[s.id()] = s.isAlloc() && early.isKept(s.id()) && (s.name().equals(Types.PERCPU) || all && (type == Elf.SHT_PROGBITS || type == Elf.SHT_NOBITS));
        }
    }

    /// Whether an output section's variables are wanted.
    boolean isWanted(int out) {
        return wanted[out];
    }

    private int input(int file, long at) {
        return symbols.firstSection(file) + (int) (at >>> 32);
    }

    @Override
    public int section(int file, long at) {
        int out = place.outputOf(input(file, at));
        return out >= 0 && wanted[out] ? out + 1 : 0;
    }

    @Override
    public boolean isStart(int file, long at) {
        return offset(early, file, at) == 0;
    }

    @Override
    public String name(int section) {
        return place.sections().get(section - 1).name();
    }

    /// Bytes from the start of the output section.
    long offset(Addresses at, int file, long where) {
        int input = input(file, where);
        long offset = where & 0xffff_ffffL;
        return merged.isMerged(input) ? at.addressOfMerged(merged, input, offset) - at.address(place.outputOf(input)) : at.offset(input) + offset;
    }
}
