package klink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import klink.arch.Machine;
import klink.check.End;
import klink.check.Violation;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.kernel.Config;
import klink.kernel.Kernel;
import klink.par.Par;
import klink.report.Finding;
import klink.report.Report;
import klink.resolve.Symbols;
import klink.symvers.Crcs;
import klink.symvers.ExportChecks;
import klink.symvers.ExportObject;
import klink.symvers.Exports;
import klink.symvers.MergeOrder;
import klink.symvers.Modules;
import klink.symvers.SymversText;

/// What a kernel exports to modules, in its link: read from the objects before their symbols are resolved, since the table
/// made of it is one more object; checked when they are; written beside the image.
final class Exported {
    private final ExportPlan plan;
    private final Kernel kernel;
    /// The objects whose exports were read, where archives are searched for more; else null.
    private final Set<ObjectFile> known;
    private final ObjectFile table;
    private final Exports exports;
    private final Crcs crcs;
    private final Modules modules;
    /// Rows of the kernel's exports that are kept, then of each module's; null: all of all.
    private final List<BitSet> used;

    private Exported(ExportPlan plan, Kernel kernel, Set<ObjectFile> known, ObjectFile table, Exports exports, Crcs crcs, Modules modules,
            List<BitSet> used) {
        this.plan = plan;
        this.kernel = kernel;
        this.known = known;
        this.table = table;
        this.exports = exports;
        this.crcs = crcs;
        this.modules = modules;
        this.used = used;
    }

    /// Reads exports, checksums and, where they matter, modules; makes the table.
    static Exported of(LinkOptions opt, Inputs inputs, Machine machine, Report report) throws IOException {
        if (opt.kernel == null || opt.kernel.exports() == null) {
            return new Exported(null, null, null, null, null, null, null, null);
        }
        ExportPlan plan = opt.kernel.exports();
        Config config = opt.kernel.config();
        int place = place(inputs, plan.before());
        List<ObjectFile> files = config.has("CONFIG_MODULES") ? files(inputs, place) : List.of();
        Exports exports = Exports.read(files, opt.kernel.kernel(), MergeOrder.of(config), opt.threads);
        boolean versions = config.has("CONFIG_MODVERSIONS");
        if (versions && !plan.made() && exports.count() > 0 && !Files.exists(Path.of(Crcs.commandFile(exports.file(0).name())))) {
            // objects without what the compiler's run left: the table in the tree has the checksums, only the lists want them
            report.warning("no checksums of exports beside the objects (" + Crcs.commandFile(exports.file(0).name()) + "): " + plan.symvers() + " is not written");
            plan = plan.withoutFiles();
            versions = false;
        }
        Crcs crcs = versions ? Crcs.read(exports, objects(plan, files, report), opt.threads) : null;
        boolean trims = config.has("CONFIG_TRIM_UNUSED_KSYMS") && opt.kernel.kernel().exports().trims();
        Modules modules = trims || plan.moduleSymvers() != null ? Modules.read(plan.tree(), opt.kernel.kernel(), opt.threads, report) : null;
        List<BitSet> used = trims ? modules.used(exports, versions, kept(plan.tree(), config)) : null;
        ObjectFile table = makesTable(opt.kernel)
                ? ExportObject.of(exports, crcs, used == null ? null : used.getFirst(), machine, config) : null;
        var exported = new Exported(plan, opt.kernel.kernel(), config.has("CONFIG_MODULES") && searches(inputs) ? new HashSet<>(files) : null, table, exports, crcs,
                modules, used);
        exported.report(exports.violations(), report);
        if (crcs != null) {
            exported.report(crcs.violations(), report);
        }
        return exported;
    }

    /// The inputs of the link, the table of exports among them. It is made beside symbol resolution, which comes to it
    /// late; where objects hold all of it, nothing waits for it.
    static Inputs among(Inputs inputs, LinkOptions opt, Par.Result<Exported> exporting) {
        if (opt.kernel == null || !makesTable(opt.kernel)) {
            return inputs;
        }
        var items = new ArrayList<>(inputs.items());
        items.add(place(inputs, opt.kernel.exports().before()), new Inputs.Pending(() -> exporting.get().table));
        return new Inputs(items);
    }

    private static boolean makesTable(KernelJob kernel) {
        return kernel.exports() != null && kernel.exports().made() && kernel.config().has("CONFIG_MODULES")
                && (kernel.kernel().exports().makesEntries() || kernel.config().has("CONFIG_MODVERSIONS"));
    }

    /// Where the table of exports belongs among the inputs; at their end if the file it stands before is not there.
    private static int place(Inputs inputs, String before) {
        for (int i = 0; i < inputs.items().size(); i++) {
            if (inputs.items().get(i) instanceof Inputs.Definite d && d.file().name().equals(before)) {
                return i;
            }
        }
        return inputs.items().size();
    }

    private static boolean searches(Inputs inputs) {
        for (Inputs.Item item : inputs.items()) {
            if (item instanceof Inputs.Search) {
                return true;
            }
        }
        return false;
    }

    /// What modpost sees: the objects before the table of exports.
    private static List<ObjectFile> files(Inputs inputs, int place) {
        var files = new ArrayList<ObjectFile>(place);
        for (int i = 0; i < place; i++) {
            if (inputs.items().get(i) instanceof Inputs.Definite d) {
                files.add(d.file());
            }
        }
        return files;
    }

    /// The objects beside which checksums are.
    private static List<String> objects(ExportPlan plan, List<ObjectFile> files, Report report) {
        var paths = new ArrayList<String>();
        for (Path archive : plan.mergedFrom()) {
            paths.addAll(Inputs.memberPaths(archive.toString(), report));
        }
        if (plan.mergedFrom().isEmpty()) {
            for (ObjectFile file : files) {
                paths.add(file.name());
            }
        }
        return paths;
    }

    /// The names that are kept whoever uses them; scripts/Makefile.modpost looks for the list in the tree, then beside the
    /// sources.
    private static byte[] kept(Path tree, Config config) throws IOException {
        String list = config.get("CONFIG_UNUSED_KSYMS_WHITELIST");
        if (list == null || list.isEmpty()) {
            return null;
        }
        Path here = tree.resolve(list);
        return Files.readAllBytes(Files.exists(here) ? here : tree.resolve("source").resolve(list));
    }

    /// Checks what is exported, now that definitions are known.
    void check(Symbols symbols, Report report) {
        if (plan == null) {
            return;
        }
        report(ExportChecks.freed(exports, symbols), report);
        for (int f = 0; known != null && f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            if (file != table && !file.isSynthetic() && !known.contains(file) && Exports.anyIn(file, kernel)) {
                report.add(Finding.error("exports of " + file.name() + " are not among the kernel's")
                        .at("the object was taken from an archive that is searched, after exports were read")
                        .at("try: link the archive whole, as kbuild does with CONFIG_MODULES"));
            }
        }
    }

    /// In modpost's words. A warning of these checks is none of the linker, which --fatal-warnings would turn into an error.
    private void report(List<Violation> violations, Report report) {
        for (int i = 0; i < violations.size(); i++) {
            Violation v = violations.get(i);
            boolean error = v.severity() == Finding.Severity.ERROR;
            var finding = Finding.of(error ? v.severity() : Finding.Severity.NOTE, v.prefix(), v.message());
            for (End end : new End[] {v.from(), v.to()}) {
                finding = end == null ? finding : finding.at("at " + end.place());
            }
            for (String line : v.advice()) {
                finding = finding.at("try: " + line);
            }
            report.add(finding.ordered(i));
        }
    }

    /// The files to write beside the image.
    Map<Path, byte[]> sideFiles(Symbols symbols) throws IOException {
        var files = new LinkedHashMap<Path, byte[]>();
        if (plan == null) {
            return files;
        }
        byte[] own = SymversText.lines(exports, crcs == null ? Crcs.none(exports) : crcs, used(0));
        if (plan.symvers() != null) {
            files.put(plan.symvers(), own);
        }
        if (plan.moduleSymvers() != null) {
            var all = new java.io.ByteArrayOutputStream();
            all.writeBytes(own);
            for (int m = 0; m < modules.count(); m++) {
                Exports of = modules.exports(m);
                all.writeBytes(SymversText.lines(of, crcs == null ? Crcs.none(of) : modules.crcs(m), used(m + 1)));
            }
            files.put(plan.moduleSymvers(), all.toByteArray());
        }
        if (plan.source() != null) {
            files.put(plan.source(), SymversText.source(exports, crcs, symbols, used(0)));
        }
        return files;
    }

    private BitSet used(int table) {
        return used == null ? null : used.get(table);
    }
}
