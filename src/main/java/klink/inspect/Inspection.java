package klink.inspect;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import klink.elf.Elf;
import klink.inspect.CheckList.Check;
import klink.inspect.CheckList.Status;
import klink.report.BadInput;

/// `klink inspect VMLINUX`: decodes what a link stage put into a kernel image and verifies it, from the
/// finished file alone. What is checked is what the kernel itself trusts at boot or later without looking:
/// that tables are sorted, that kallsyms names what is really there, that BTF can be walked.
///
/// A check the image has nothing for (no BTF, no mcount table) is listed as such and does not fail.
public final class Inspection {
    private final ElfImage image;
    private final CheckList checks = new CheckList();

    private Inspection(ElfImage image) {
        this.image = image;
    }

    /// Inspects a file; prints text, or JSON. Returns 0 if every check passed, 1 if one failed or the file
    /// cannot be read.
    public static int run(Path vmlinux, boolean json, PrintStream out) {
        try {
            var inspection = of(ElfImage.open(vmlinux), vmlinux.resolveSibling("System.map"));
            if (json) {
                inspection.printJson(out);
            } else {
                inspection.printText(out);
            }
            return inspection.checks.passed() ? 0 : 1;
        } catch (BadInput e) {
            out.println(json ? "{\"file\": " + Names.quoted(vmlinux.toString()) + ", \"error\": " + Names.quoted(e.getMessage()) + ", \"offset\": "
                    + e.fileOffset() + ", \"passed\": false}" : e.finding().text());
            return 1;
        }
    }

    /// `Inspection [--format=json] VMLINUX`
    public static void main(String[] args) {
        if (args.length == 0) {
            System.err.println("usage: Inspection [--format=json] VMLINUX");
            System.exit(2);
        }
        System.exit(run(Path.of(args[args.length - 1]), args[0].equals("--format=json"), System.out));
    }

    /// @param systemMap compared if it exists
    static Inspection of(ElfImage image, Path systemMap) {
        var i = new Inspection(image);
        var checks = i.checks;
        checks.group("segments", () -> new LayoutChecks(image, checks).run());
        checks.group("relative", () -> RelativeEntries.of(image).check(checks));
        checks.group("notes", () -> new NoteChecks(image, checks).run());
        checks.group("kallsyms", () -> new KallsymsChecks(image, checks).run());
        checks.group("btf", () -> new BtfChecks(image, checks).run());
        checks.group("tables", () -> new TableChecks(image, checks).run());
        checks.group("system-map", () -> {
            if (systemMap != null && Files.exists(systemMap)) {
                SystemMapCheck.run(image, systemMap, checks);
            } else {
                checks.none("system-map", "no System.map beside the file");
            }
        });
        return i;
    }

    List<Check> checks() {
        return checks.checks();
    }

    private String kind() {
        return switch (image.fileHeader().type()) {
            case Elf.ET_REL -> "relocatable";
            case Elf.ET_EXEC -> "executable";
            case Elf.ET_DYN -> "shared";
            default -> "type " + image.fileHeader().type();
        };
    }

    private void printText(PrintStream out) {
        var h = image.fileHeader();
        out.println(image.file() + (image.isWide() ? ": ELF64 " : ": ELF32 ") + Names.machine(h.machine()) + " " + kind() + ", entry 0x" + Long.toHexString(h.entry())
                + String.format(Locale.ROOT, ", %d segments, %d sections, %,d symbols", image.segmentList().size(),
                        Math.max(0, image.sections().size() - 1), Math.max(0, image.symbols().count() - 1)));
        int failed = 0;
        for (Check c : checks.checks()) {
            String mark = switch (c.status()) {
                case OK -> "ok  ";
                case FAIL -> "FAIL";
                case NONE -> "-   ";
            };
            out.println(String.format(Locale.ROOT, "%s  %-22s %s", mark, c.name(), c.detail()).stripTrailing());
            failed += c.status() == Status.FAIL ? 1 : 0;
        }
        out.println(failed == 0 ? "all checks passed" : failed + " of " + checks.checks().size() + " checks failed");
    }

    private void printJson(PrintStream out) {
        var h = image.fileHeader();
        var sb = new StringBuilder("{\"file\": ").append(Names.quoted(image.file())).append(", \"machine\": ").append(Names.quoted(Names.machine(h.machine())))
                .append(", \"entry\": ").append(Names.quoted("0x" + Long.toHexString(h.entry()))).append(", \"passed\": ").append(checks.passed())
                .append(", \"checks\": [");
        String separator = "\n";
        for (Check c : checks.checks()) {
            sb.append(separator).append("  {\"name\": ").append(Names.quoted(c.name())).append(", \"status\": ")
                    .append(Names.quoted(c.status().toString().toLowerCase(Locale.ROOT))).append(", \"detail\": ").append(Names.quoted(c.detail())).append('}');
            separator = ",\n";
        }
        out.println(sb.append("\n]}"));
    }
}
