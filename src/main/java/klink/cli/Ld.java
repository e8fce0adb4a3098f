package klink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import klink.Link;
import klink.LinkOptions;
import klink.report.BadInput;
import klink.report.LinkFailed;
import klink.report.Report;
import klink.script.Script;
import klink.script.ScriptError;
import klink.script.Source;

/// `klink ld`: the GNU ld command line. Its own parser, as that grammar is nobody else's.
final class Ld {
    private Ld() {}

    static int run(List<String> args, PrintStream out, PrintStream err) {
        LdArguments.Parsed parsed = LdArguments.parse(args);
        if (parsed.version()) {
            out.println("GNU ld (klink " + Version.NUMBER + ", compatible with) 2.40");
            if (parsed.options().inputs.isEmpty()) {
                return 0;
            }
        }
        if (parsed.help()) {
            out.print(LdHelp.TEXT);
            return 0;
        }
        if (parsed.options().inputs.isEmpty()) {
            err.println("klink: error: no input files");
            return 1;
        }
        for (String note : parsed.notes()) {
            err.println("klink: warning: " + note);
        }
        return link(parsed.options(), err);
    }

    /// Links, and turns every way it can fail into messages and an exit status.
    static int link(LinkOptions opt, PrintStream err) {
        var report = new Report(err, opt.errorLimit);
        try {
            Link.link(opt, () -> script(opt), report);
            report.flush();
            if (opt.time) {
                Times.print(report, err);
            }
            return opt.warningsAreErrors && report.warnings() > 0 ? 1 : 0;
        } catch (ScriptError e) {
            err.println(e.finding().text());
            return 1;
        } catch (BadInput e) {
            report.flush();
            err.println(e.finding().text());
            return 1;
        } catch (LinkFailed e) {
            report.flush();
            return 1;
        } catch (UncheckedIOException e) {
            report.flush();
            err.println("klink: error: " + e.getCause().getMessage());
            return 1;
        } catch (IOException e) {
            report.flush();
            err.println("klink: error: " + e.getMessage());
            return 1;
        }
    }

    private static Script script(LinkOptions opt) throws IOException {
        if (opt.script == null && opt.relocatable) {
            return Script.parse(new Source("<no script>", new byte[0]));
        }
        if (opt.script == null) {
            return Script.parse(new Source("<default script>", DefaultScript.TEXT.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }
        return Script.parse(source(opt.script), name -> {
            try {
                return Files.isRegularFile(Path.of(name)) ? source(Path.of(name)) : null;
            } catch (IOException e) {
                return null;
            }
        });
    }

    private static Source source(Path path) throws IOException {
        try {
            return new Source(path.toString(), Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            throw new IOException("cannot find linker script " + path, e);
        }
    }
}
