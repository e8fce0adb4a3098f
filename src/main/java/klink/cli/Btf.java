package klink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import klink.btf.BtfEncoder;
import klink.elf.Elf;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.report.BadInput;
import klink.report.LinkFailed;
import klink.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `klink btf`: the types of a file with debug information, whoever linked it, as `pahole -J` makes them.
@Command(name = "btf", sortOptions = false,
        description = "Make BTF, the kernel's types, from the debug information of a linked kernel, a module or objects.",
        customSynopsis = "klink btf [-o OUT] FILE...%n",
        footer = {"", "Example: klink btf -o vmlinux.btf vmlinux && bpftool btf dump file vmlinux.btf",
            "", "Exit status: 0 done; 1 a file cannot be read; 2 wrong usage."})
final class Btf implements Callable<Integer> {
    private static final String PERCPU = ".data..percpu";

    @Option(names = "-o", paramLabel = "OUT", description = "Where the bytes of .BTF go (FILE.btf).")
    Path output;

    @Option(names = "--threads", paramLabel = "N", description = "Default: one per processor.")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--time", description = "Print what each step took.")
    boolean time;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this.")
    boolean help;

    @Parameters(paramLabel = "FILE", arity = "1..*", hidden = true)
    List<String> names = List.of();

    private final PrintStream err;
    /// By file: its section of per-CPU data, or 0.
    private final Map<ObjectFile, Integer> percpu = new HashMap<>();

    Btf(PrintStream err) {
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        var report = new Report(err, 0);
        try {
            long start = System.nanoTime();
            var files = new ArrayList<ObjectFile>();
            for (String name : names) {
                files.add(ObjectFile.finished(name, Inputs.map(name, report)));
                percpu.put(files.getLast(), percpu(files.getLast()));
            }
            BtfEncoder encoder = BtfEncoder.read(files, this::isPerCpu, true, true, threads);
            long read = System.nanoTime();
            for (int f = 0; f < files.size(); f++) {
                symbols(encoder, f, files.get(f));
            }
            BtfEncoder.Btf btf = encoder.encode();
            btf.place(offsets(files, btf));
            Files.write(output != null ? output : Path.of(names.getFirst() + ".btf"), btf.contents(files.getFirst().endian()));
            if (time) {
                err.println("klink: time: read " + (read - start) / 1_000_000 + " ms, encode " + (System.nanoTime() - read) / 1_000_000 + " ms");
            }
            return 0;
        } catch (BadInput e) {
            err.println(e.finding().text());
            return 1;
        } catch (LinkFailed e) {
            report.flush();
            return 1;
        }
    }

    /// Whether a place is in the section of per-CPU data.
    private boolean isPerCpu(ObjectFile file, int section, long offset) {
        int at = percpu.get(file);
        return at != 0 && (section == 0 || section == at) && (section != 0 || Long.compareUnsigned(offset - addressOf(file, at), file.size(at)) < 0);
    }

    private static int percpu(ObjectFile file) {
        for (int s = 1; s < file.sectionCount(); s++) {
            if (file.sectionName(s).equals(PERCPU)) {
                return s;
            }
        }
        return 0;
    }

    private static long addressOf(ObjectFile file, int section) {
        return file.isRelocatable() ? 0 : file.address(section);
    }

    private static void symbols(BtfEncoder encoder, int f, ObjectFile file) {
        int percpu = percpu(file);
        for (int i = 1; i < file.symbolCount(); i++) {
            int type = Elf.type(file.symbolInfo(i));
            int section = file.symbolSection(i);
            if (type == Elf.STT_FUNC && section != 0) {
                encoder.function(file.symbolNames(), file.symbolNameOffset(i));
            } else if (type == Elf.STT_OBJECT && percpu != 0 && section == percpu) {
                encoder.variable(file.symbolNames(), file.symbolNameOffset(i), f, file.isRelocatable() ? section : 0, file.symbolValue(i), file.symbolSize(i),
                        !file.isRelocatable() && file.symbolValue(i) == 0);
            }
        }
    }

    private long[] offsets(List<ObjectFile> files, BtfEncoder.Btf btf) {
        var offsets = new long[btf.variables()];
        for (int v = 0; v < offsets.length; v++) {
            ObjectFile file = files.get(btf.file()[v]);
            offsets[v] = file.isRelocatable() ? btf.address()[v] & 0xffff_ffffL : btf.address()[v] - addressOf(file, percpu.get(file));
        }
        return offsets;
    }
}
