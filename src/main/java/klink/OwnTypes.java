package klink;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import klink.arch.Machine;
import klink.btf.BtfEncoder;
import klink.btf.BtfFeature;
import klink.btf.BtfOptions;
import klink.btf.BtfReader;
import klink.elf.Elf;
import klink.image.Image;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;

/// Types made here, from the objects' debug information ([BtfEncoder]): read once, from the moment on when the files of the
/// link are known, beside the passes up to the list of symbols, which tells what functions and per-CPU variables there are.
final class OwnTypes extends Types {
    private final BtfOptions options;
    private Par.Result<BtfEncoder> reading;
    private Par.Result<BtfEncoder.Btf> made;
    private volatile BtfReader types;
    private ImagePlaces places;

    OwnTypes(LinkOptions opt, BtfOptions options, Machine machine, Report report) {
        super(opt, machine, report);
        this.options = options;
    }

    @Override
    void read(Symbols symbols) {
        var files = new ArrayList<ObjectFile>(symbols.fileCount());
        for (int f = 0; f < symbols.fileCount(); f++) {
            files.add(symbols.file(f));
        }
        boolean all = options.features().contains(BtfFeature.GLOBAL_VAR);
        reading = Par.compute("types", () -> BtfEncoder.read(files, (file, section, offset) -> all ? section != 0 : isPerCpu(file, section), options, opt.threads));
    }

    private static boolean isPerCpu(ObjectFile file, int section) {
        byte[] names = file.sectionNames();
        int at = file.nameOffset(section);
        for (int i = 0; i < PERCPU.length(); i++) {
            if (section == 0 || at + i >= names.length || names[at + i] != PERCPU.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    void start(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses early) {
        this.early = early;
        places = new ImagePlaces(symbols, place, merged, early, options);
        made = Par.compute("encode", () -> {
            BtfEncoder encoder = reading.get();
            symbols(symbols, place, list, (table, offset, length, f, i, out) -> {
                ObjectFile file = symbols.file(f);
                int type = Elf.type(file.symbolInfo(i));
                if (type == Elf.STT_FUNC) {
                    encoder.function(table, offset);
                } else if (type == Elf.STT_OBJECT && places.isWanted(out)) {
                    encoder.variable(table, offset, f, file.symbolSection(i), file.symbolValue(i), file.symbolSize(i),
                            early.symbolAddress(f, i, merged) == 0);
                }
            });
            for (int f = 0; f < symbols.fileCount(); f++) {
                encoder.kfuncs(symbols.file(f));
            }
            BtfEncoder.Btf btf = encoder.encode(null, places);
            types = BtfReader.of(MemorySegment.ofArray(btf.bytes()), ".BTF as klink made it");
            return btf;
        });
    }

    @Override
    int size() {
        return made.get().bytes().length;
    }

    @Override
    Image.Synthetic fill(Symbols symbols, Placement place, Addresses at, int section) {
        BtfEncoder.Btf btf = made.get();
        var offsets = new long[btf.variables()];
        for (int v = 0; v < offsets.length; v++) {
            offsets[v] = places.offset(at, btf.file()[v], btf.address()[v]);
        }
        btf.place(offsets);
        return new Image.Synthetic(section, btf.contents(endian), new long[0]);
    }

    @Override
    BtfReader types() {
        return types;
    }

    @Override
    public void close() {
        // nothing is left behind
    }
}
