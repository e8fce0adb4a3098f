package klink.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.input.InputSpec;
import klink.script.Command;
import klink.script.Script;
import klink.script.Source;

/// Linker scripts that stand where a library would: glibc's `libm.a` and `libc.so` are the line
/// `GROUP ( ... )`. What their INPUT and GROUP commands name takes their place.
final class InputScripts {
    private static final int SNIFFED = 8;

    private InputScripts() {}

    /// The inputs, with every script among them replaced by the files it names.
    /// @param searchPaths of `-L`
    static List<InputSpec> expand(List<InputSpec> specs, List<String> searchPaths) {
        List<InputSpec> all = null;
        int groups = 0;
        for (InputSpec spec : specs) {
            groups = Math.max(groups, spec.group());
        }
        for (int i = 0; i < specs.size(); i++) {
            InputSpec spec = specs.get(i);
            if (spec.path().endsWith(".o") || !isText(spec.path())) {
                if (all != null) {
                    all.add(spec);
                }
                continue;
            }
            all = all == null ? new ArrayList<>(specs.subList(0, i)) : all;
            for (Command c : parse(spec.path()).commands()) {
                if (c instanceof Command.Input in) {
                    int group = spec.group() != 0 ? spec.group() : in.group() ? ++groups : 0;
                    for (Command.InputFile file : in.files()) {
                        all.add(new InputSpec(find(file, searchPaths, spec.path()), spec.wholeArchive(), group));
                    }
                }
            }
        }
        return all == null ? specs : List.copyOf(all);
    }

    /// Whether a file is neither an ELF object nor an archive, but could be a script.
    private static boolean isText(String path) {
        try (InputStream in = Files.newInputStream(Path.of(path))) {
            byte[] b = in.readNBytes(SNIFFED);
            for (byte c : b) {
                if (c < ' ' && c != '\n' && c != '\t' && c != '\r') {
                    return false;
                }
            }
            return b.length > 0 && !new String(b, java.nio.charset.StandardCharsets.ISO_8859_1).startsWith("!<");
        } catch (IOException e) {
            return false; // reported where it is read
        }
    }

    private static Script parse(String path) {
        try {
            return Script.parse(new Source(path, Files.readAllBytes(Path.of(path))));
        } catch (IOException e) {
            throw new UsageError("cannot read " + path + ": " + e.getMessage());
        }
    }

    private static String find(Command.InputFile file, List<String> searchPaths, String script) {
        if (!file.isLibrary() && Files.exists(Path.of(file.name()))) {
            return file.name();
        }
        for (String dir : searchPaths) {
            Path p = Path.of(dir, file.isLibrary() ? "lib" + file.name() + ".a" : file.name());
            if (Files.exists(p)) {
                return p.toString();
            }
        }
        throw new UsageError("cannot find " + (file.isLibrary() ? "-l" : "") + file.name() + ", which " + script + " names");
    }
}
