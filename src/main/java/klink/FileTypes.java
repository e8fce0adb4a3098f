package klink;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.btf.BaseTypes;
import klink.btf.BtfEncoder;
import klink.btf.BtfFeature;
import klink.btf.BtfIds;
import klink.btf.BtfOptions;
import klink.btf.BtfReader;
import klink.btf.DistilledBase;
import klink.elf.Elf;
import klink.image.SectionFile;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.input.SectionBytes;
import klink.mem.LE;
import klink.report.BadInput;
import klink.report.Finding;
import klink.report.LinkFailed;
import klink.report.Report;

/// Types of finished files, whoever linked them: of a kernel or of objects, to stand alone; of a module, to continue the
/// kernel's, as `pahole -J --btf_base vmlinux` and then `resolve_btfids -b vmlinux` make them (scripts/Makefile.modfinal).
public final class FileTypes {
    private static final String BTF = ".BTF";
    private static final String BASE = ".BTF.base";

    private final BtfOptions options;
    private final int threads;
    private final Report report;
    private BtfReader baseReader;
    private BaseTypes base;
    private FilePlaces places;

    public FileTypes(BtfOptions options, int threads, Report report) {
        this.options = options;
        this.threads = threads;
        this.report = report;
    }

    /// Types to be continued: the `.BTF` of an ELF file, or a file of nothing else (`/sys/kernel/btf/vmlinux`).
    public void continues(String path) {
        MemorySegment all = map(path);
        if (BtfReader.begins(all)) {
            baseReader = BtfReader.of(all, path);
        } else {
            ObjectFile file = ObjectFile.finished(path, all);
            int section = find(file, BTF);
            if (section == 0) {
                throw file.bad(0, "has no .BTF, so no types can continue it");
            }
            baseReader = BtfReader.of(SectionBytes.of(file, section), path);
        }
        base = BaseTypes.of(baseReader, path);
    }

    private MemorySegment map(String path) {
        MemorySegment all = Inputs.map(path, report);
        if (all == null) {
            throw new LinkFailed();
        }
        return all;
    }

    private static int find(ObjectFile file, String name) {
        for (int s = 1; s < file.sectionCount(); s++) {
            if (file.sectionName(s).equals(name)) {
                return s;
            }
        }
        return 0;
    }

    /// The bytes of `.BTF` for files taken together, or for a module.
    public byte[] encode(List<String> names) {
        var files = new ArrayList<ObjectFile>();
        for (String name : names) {
            files.add(ObjectFile.finished(name, map(name)));
        }
        return encode(files).contents(files.getFirst().endian());
    }

    private BtfEncoder.Btf encode(ArrayList<ObjectFile> files) {
        places = new FilePlaces(files, options);
        BtfEncoder encoder = BtfEncoder.read(files, places::has, options, threads);
        for (BadInput e : encoder.skipped()) {
            report.add(Finding.warning("a unit is left out, as it cannot be read: " + e.getMessage()).at(e.file() + ": file offset 0x" + Long.toHexString(e.fileOffset())));
        }
        for (int f = 0; f < files.size(); f++) {
            symbols(encoder, f, files.get(f));
            encoder.kfuncs(files.get(f));
        }
        BtfEncoder.Btf btf = encoder.encode(base, places);
        var offsets = new long[btf.variables()];
        for (int v = 0; v < offsets.length; v++) {
            offsets[v] = places.offset(btf.file()[v], btf.address()[v]);
        }
        btf.place(offsets);
        return btf;
    }

    /// Adds `.BTF` to a file, and numbers its `.BTF_ids`. A file without debug information stays as it is.
    public void add(String name) throws IOException {
        MemorySegment all = map(name);
        ObjectFile file = ObjectFile.finished(name, all);
        if (find(file, ".debug_info") == 0) {
            return;
        }
        var changed = new SectionFile(file, all);
        byte[] btf = encode(new ArrayList<>(List.of(file))).bytes();
        BtfReader types = BtfReader.of(MemorySegment.ofArray(btf), name, baseReader);
        if (baseReader != null && options.features().contains(BtfFeature.DISTILLED_BASE)) {
            var distilled = new DistilledBase(types, baseReader);
            btf = distilled.module();
            types = BtfReader.of(MemorySegment.ofArray(btf), name, BtfReader.of(MemorySegment.ofArray(distilled.base()), name));
            changed.add(BASE, BtfReader.turned(distilled.base(), file.endian()));
        }
        changed.add(BTF, BtfReader.turned(btf, file.endian()));
        int section = find(file, Types.IDS);
        if (section != 0) {
            changed.edit(section, ids(file, section, types));
        }
        changed.write(Path.of(name));
    }

    private byte[] ids(ObjectFile file, int section, BtfReader types) {
        var ids = new BtfIds(report);
        for (int i = 1; i < file.symbolCount(); i++) {
            if (file.symbolSection(i) == section) {
                ids.add(file.symbolName(i).getBytes(StandardCharsets.UTF_8), file.symbolValue(i) - FilePlaces.address(file, section), file.symbolSize(i));
            }
        }
        byte[] bytes = LE.all(SectionBytes.of(file, section));
        if (!ids.isEmpty()) {
            ids.resolve(types);
            ids.patch(MemorySegment.ofArray(bytes), file.endian());
        }
        return bytes;
    }

    private void symbols(BtfEncoder encoder, int f, ObjectFile file) {
        for (int i = 1; i < file.symbolCount(); i++) {
            int type = Elf.type(file.symbolInfo(i));
            int section = file.symbolSection(i);
            if (type == Elf.STT_FUNC && section != 0) {
                encoder.function(file.symbolNames(), file.symbolNameOffset(i));
            } else if (type == Elf.STT_OBJECT && places.isWanted(f, section)) {
                encoder.variable(file.symbolNames(), file.symbolNameOffset(i), f, file.isRelocatable() ? section : 0, file.symbolValue(i), file.symbolSize(i),
                        !file.isRelocatable() && file.symbolValue(i) == 0);
            }
        }
    }
}
