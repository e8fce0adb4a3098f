package klink.image;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.got.ThreadStorage;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.layout.Toc;
import klink.layout.TocEdit;
import klink.mem.LE;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;
import klink.veneer.Veneers;

/// Writes the image: plans where everything goes in the file ([FilePlan]), then copies and relocates in parallel, a range of the output at a time
/// ([RangeCopy]), each range written once while it is still in the cache.
public final class Image implements AutoCloseable {
    /// @param name        the image, for messages
    /// @param machine     its processor
    /// @param type        e_type
    /// @param entry       e_entry
    /// @param emitRelocs  keep relocations (`--emit-relocs`), also of debug sections if `debugRelocs`
    /// @param fixable     a position independent executable, which is ET_EXEC to GNU ld where its first segment is not at address 0
    public record Options(String name, Machine machine, int type, boolean fixable, long entry, boolean emitRelocs, boolean debugRelocs, int threads) {}

    /// The contents of a section that klink made itself: exactly as many bytes as it promised.
    /// @param section     its section id
    /// @param relocations what `--emit-relocs` is to keep for it: section offset, relocation type, global
    ///                    id and addend of each, four longs; the bytes have it applied
    public record Synthetic(int section, byte[] bytes, long[] relocations) {}

    private final FilePlan plan;
    private final Supplies supplies;
    private final OutputFile file;
    private final Report report;
    private final Digest digest = new Digest();
    private byte[] movingEntries = {};
    private byte[] packedEntries = {};

    private Image(FilePlan plan, OutputFile file, Report report) {
        this.plan = plan;
        this.file = file;
        this.report = report;
        supplies = new Supplies(plan.promised);
    }

    /// Starts an image beside `output` and plans its file.
    /// @param promised by section id: how many relocations a section that klink makes itself will bring
    /// @param edit     what becomes of the table of contents; null if nothing does
    public static Image create(Path output, Symbols symbols, Placement place, MergedSections merged, Veneers veneers, OutputSymbols list,
            Map<Integer, Integer> promised, TocEdit edit, Options options, Report report) throws IOException {
        OutputFile file = OutputFile.create(output, options.type() != Elf.ET_REL);
        return new Image(new FilePlan(symbols, place, merged, veneers, list.plus(veneers.labels().count()), promised, edit, options), file, report);
    }

    /// What takes the contents that passes made; before [#copyAndRelocate].
    public Supplies supplies() {
        return supplies;
    }

    /// Copies every input section into place and applies its relocations.
    public void copyAndRelocate() {
        var undefined = new Undefined(plan.symbols);
        RangeCopy[] workers = workers(undefined);
        MovingWords moving = supplies.moving;
        int n = plan.ranges.size();
        int ofSymbols = plan.symtabNdx == 0 ? 0 : plan.symtab.ranges();
        long[] tablesAt = {plan.offset(plan.symtabNdx), plan.offset(plan.symtabNdx + 1), plan.offset(plan.symtabNdx + 2)};
        digest.parts(n + 2 * ofSymbols);
        if (moving != null) {
            moving.ranges(n);
        }
        Par.loop(n + ofSymbols, plan.options.threads(), (i, w) -> {
            if (i < n) {
                workers[w].range(i, plan.ranges.get(i));
            } else {
                plan.symtab.write(i - n, workers[w].part(), file, tablesAt, digest, n + 2 * (i - n));
            }
        });
        undefined.report(report);
        if (moving != null) {
            movingEntries = moving.entries();
            writeMoving(moving.section(), ".rela.dyn", movingEntries);
            int packed = moving.packedSection();
            if (packed >= 0) {
                packedEntries = moving.packedEntries(plan.veneers.sizes().size(packed));
                writeMoving(packed, ".relr.dyn", packedEntries);
            }
        }
        writeTables();
    }

    private RangeCopy[] workers(Undefined undefined) {
        Symbols symbols = plan.symbols;
        Addresses at = plan.at;
        Machine machine = plan.machine;
        boolean moves = supplies.moving != null;
        boolean keeps = plan.options.emitRelocs();
        SymbolValues values = SymbolValues.of(symbols, plan.place, plan.merged, at, machine, plan.edit, !moves && !keeps, plan.options.threads());
        if (supplies.got != null) {
            supplies.got.redirect(values.values());
        }
        var tables = new TableRelocator(machine, symbols, supplies.got, ThreadStorage.of(at), Toc.base(symbols, machine, at, plan.merged), plan.edit, !moves, !keeps);
        CodeOrder code = CodeOrder.of(symbols, machine, plan.options.threads());
        var workers = new RangeCopy[plan.options.threads()];
        for (int i = 0; i < workers.length; i++) {
            var relocator = new Relocator(machine, symbols, plan.merged, at, values, undefined, tables, supplies.moving, plan.veneers, plan.edit, report);
            workers[i] = new RangeCopy(plan, supplies, code, relocator, digest, file, report);
        }
        return workers;
    }

    private void writeMoving(int section, String name, byte[] entries) {
        if (plan.place.isPlaced(section)) {
            file.write(MemorySegment.ofArray(entries), plan.offsetOf[plan.place.outputOf(section)] + plan.at.offset(section));
        } else if (entries.length > 0) {
            report.error("the script discards " + name + ", which tells of words that move with the image");
        }
    }

    private void writeTables() {
        if (plan.groups != null) {
            plan.groups.write(file, plan.headers, plan.headerOf, plan.machine.endian());
        }
        file.write(MemorySegment.ofArray(plan.headers.names()), plan.headers.get(plan.shstrndx).offset());
        var headers = new byte[plan.headers.count() * plan.elfClass.shdr];
        plan.headers.write(headers, plan.shstrndx, plan.elfClass);
        MemorySegment table = MemorySegment.ofArray(headers);
        plan.machine.endian().words(table, 0, headers.length);
        file.write(table, plan.sectionTableOffset);
        int type = plan.options.fixable() && firstAddress() != 0 ? Elf.ET_EXEC : plan.options.type();
        int flags = plan.machine.hasContents() ? inputFlags() : 0;
        var head = new FileHead(plan.elfClass, plan.machine.endian(), plan.machine.number(), type, needsGnu(), plan.options.entry(), plan.groups != null ? plan.machine.objectFlags(flags) : plan.machine.flags(flags),
                plan.sectionTableOffset, plan.headers.count(), plan.shstrndx, plan.at.segments());
        file.write(MemorySegment.ofArray(head.bytes()), 0);
    }

    /// Whether EI_OSABI must say GNU for the extensions used to count: without it SHF_GNU_RETAIN is nobody's.
    private boolean needsGnu() {
        boolean retains = false;
        for (int i = 1; i < plan.headers.count(); i++) {
            retains |= (plan.headers.get(i).flags() & Elf.SHF_GNU_RETAIN) != 0;
        }
        return retains || plan.symtab.usesGnu();
    }

    private int inputFlags() {
        int all = 0;
        for (int f = 0; f < plan.symbols.fileCount(); f++) {
            ObjectFile input = plan.symbols.file(f);
            all |= input.isSynthetic() ? 0 : LE.i32(input.segment(), 48);
        }
        return all;
    }

    private long firstAddress() {
        long first = -1;
        for (Addresses.Segment s : plan.at.segments()) {
            first = s.type() == Elf.PT_LOAD && Long.compareUnsigned(s.vaddr(), first) < 0 ? s.vaddr() : first;
        }
        return first;
    }

    /// Reads back `length` bytes at `offset` of an output section, lets `change` edit them, and writes
    /// them again: for tables that are sorted once they are complete.
    public void edit(int out, long offset, long length, Consumer<MemorySegment> change) {
        MemorySegment bytes = Arena.ofAuto().allocate(Math.max(1, length), 8).asSlice(0, length);
        file.read(bytes, plan.offsetOf[out] + offset);
        change.accept(bytes);
        file.write(bytes, plan.offsetOf[out] + offset);
    }

    /// Zeroes the relocations kept for an output section whose entries have moved: scripts/sorttable
    /// does so for the exception table, whose relocations nobody could apply again.
    public void clearKeptRelocations(int out) {
        SectionTable.Header kept = plan.keptRelocations(out);
        if (kept != null) {
            file.write(MemorySegment.ofArray(new byte[Math.toIntExact(kept.size())]), kept.offset());
        }
    }

    /// A hash of all contents, for the build id: 20 bytes.
    public byte[] contentHash() {
        return digest.finish(movingEntries, packedEntries);
    }

    /// The file while it is not committed.
    public Path temporary() {
        return file.temporary();
    }

    /// Gives the image its name.
    public void commit() throws IOException {
        file.commit();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
