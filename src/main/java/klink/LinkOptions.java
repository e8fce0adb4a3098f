package klink;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.input.InputSpec;
import klink.mem.Endian;
import klink.place.Placer;
import klink.script.Glob;
import klink.symtab.OutputSymbols;
import klink.symvers.MergeOrder;

/// Everything a link is told: what the GNU ld command line says, in one place. Made by `cli`, read by
/// [Link].
public final class LinkOptions {
    public List<InputSpec> inputs = List.of();
    public Path script;
    public Path output = Path.of("a.out");
    public Path map;
    public String entry;
    public List<String> undefined = List.of();
    /// `--defsym NAME=EXPRESSION`, as script text.
    public List<String> defsyms = List.of();
    public Placer.Orphans orphans = Placer.Orphans.PLACE;
    public OutputSymbols.Discard discard = OutputSymbols.Discard.MERGED_LABELS;
    public boolean stripAll;
    public boolean stripDebug;
    /// Which order of bytes the inputs must have (`-EL`, `-EB`, `-m`); null: any, the same in all.
    public Endian endian;
    /// arm: code of a big-endian image is little-endian (`--be8`).
    public boolean be8;
    /// arm: veneers that hold no address (`--pic-veneer`).
    public boolean picVeneers;
    /// arm: calls do not become `blx` where an ARM1176 may run them, whose erratum 720247 concerns it (`--no-fix-arm1176`: they do from v5 on).
    public boolean fixArm1176 = true;
    /// arm: `bx` becomes `mov pc` for processors that do not have it (`--fix-v4bx`).
    public boolean fixV4bx;
    /// arm: entries of the unwind index that say what the one before says are kept (`--no-merge-exidx-entries`).
    public boolean keepsUnwindEntries;
    /// ppc64: words of the table of contents go where code can do without (`--no-toc-optimize`: they stay).
    public boolean editToc = true;
    public boolean emitRelocs;
    /// Keep relocations of debug sections too where relocations are kept.
    public boolean debugRelocs = true;
    public boolean relocatable;
    /// `-shared` or `-pie`: the image may be loaded elsewhere, and its words that hold addresses are listed in `.rela.dyn`.
    public boolean movable;
    /// With [#movable]: `-pie`.
    public boolean pie;
    /// `--fix-cortex-a53-843419`.
    public boolean fixErratum843419;
    /// arm: `--fix-cortex-a8`, `--no-fix-cortex-a8`; null: as the objects suggest.
    public Boolean fixCortexA8;
    /// With [#movable]: such words hold their address too (`--apply-dynamic-relocs`, GNU ld's default).
    public boolean applyDynamic = true;
    /// With [#movable]: list them in `.relr.dyn` as far as that can be (`--pack-dyn-relocs=relr`).
    public boolean packDynamic;
    /// `.relr.dyn` has the type that it had before the gABI gave it one (`--use-android-relr-tags`, as 6.1 asks of ld.lld).
    public boolean androidRelr;
    /// With [#relocatable]: in which order the files' local symbols stand.
    public MergeOrder mergeOrder = MergeOrder.NOTES_FIRST;
    /// With [#relocatable]: every input section that is loaded stays on its own.
    public boolean unique;
    /// The same for those whose names match (`--unique=PATTERN`).
    public List<Glob> uniqueNames = List.of();
    public boolean gcSections;
    public boolean printGcSections;
    public BuildId buildId = BuildId.NONE;
    /// Where sections (`.text`, `--section-start`) and SEGMENT_START segments (`text-segment`) are to start.
    public final Map<String, Long> starts = new HashMap<>();
    public byte[] buildIdBytes = {};
    /// 0: as the machine has it.
    public long maxPageSize;
    public long commonPageSize = 0x1000;
    /// `-z execstack`, `-z noexecstack`; null if neither was given.
    public Boolean execStack;
    /// `-z separate-code`, `-z noseparate-code`; null: as the machine has it.
    public Boolean separateCode;
    public boolean warningsAreErrors;
    public boolean allowMultipleDefinition;
    public boolean noUndefined = true;
    public int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
    public boolean time;
    public int errorLimit = 20;
    /// What makes this link a kernel's; null for a plain one.
    public KernelJob kernel;

    /// `--build-id` styles.
    public enum BuildId { NONE, SHA1, MD5, UUID, HEX }

    /// Bytes of the build id.
    public int buildIdSize() {
        return switch (buildId) {
            case NONE -> 0;
            case SHA1 -> 20;
            case MD5, UUID -> 16;
            case HEX -> buildIdBytes.length;
        };
    }
}
