package klink.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One test of the section checks: objects of our own assembly, and what the kernel's modpost should say of them.
///
/// Directives begin with `//# `; other lines that begin with `//` say why the case is there, and are not assembled:
///
///     object: b.o [options]   what follows is the source of this object (the first is a.o)
///     machine: NAME           of [Machine]; without it x86_64
///     kernel: 6.1 6.12        whose rules; without it both
///     options: -W -E          modpost's; without it none
///     expect: none | TEXT     modpost says nothing, or one message with this in it; each message needs its own
///     status: N               modpost ends with this; without it 0
///     differs: WHY            the merged file makes modpost say something else than klink, which is right; ...
///     klink: TEXT             ... each message of klink's that is not modpost's has this in it (`none`: there is none)
///
/// `options`, `expect`, `status`, `differs` and `klink` take a version: `expect-6.12: TEXT` is for that kernel only.
/// 6.12 writes `F+0x4 (section: .text) -> T`, where 6.1 has no offset: an expectation for both has it.
///
/// @param file       where it stands
/// @param directives in order
/// @param sources    objects, in link order
record CheckCase(Path file, List<Directive> directives, List<Source> sources) {
    static final List<String> VERSIONS = List.of("6.1", "6.12");
    private static final List<String> KNOWN = List.of("object", "machine", "kernel", "options", "expect", "status", "differs", "klink");

    record Directive(String name, String value) {}

    /// @param name    of the object
    /// @param options for the assembler
    record Source(String name, String options, String text) {}

    static CheckCase read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var directives = new ArrayList<Directive>();
        var sources = new ArrayList<Source>();
        var object = new Directive("object", "a.o");
        var text = new StringBuilder();
        for (String line : lines) {
            if (!line.startsWith("//")) {
                text.append(line).append('\n');
            } else if (line.startsWith("//# ")) {
                int colon = line.indexOf(':');
                var d = new Directive(line.substring(4, colon), line.substring(colon + 1).strip());
                if (!KNOWN.contains(bare(d.name))) {
                    throw new AssertionError(file + ": unknown directive " + d.name);
                }
                if (d.name.equals("object")) {
                    add(sources, object, text);
                    object = d;
                }
                directives.add(d);
            }
        }
        add(sources, object, text);
        return new CheckCase(file, List.copyOf(directives), List.copyOf(sources));
    }

    private static void add(List<Source> sources, Directive object, StringBuilder text) {
        if (!text.toString().isBlank()) {
            String[] words = object.value.split(" +", 2);
            sources.add(new Source(words[0], words.length > 1 ? words[1] : "", text.toString()));
        }
        text.setLength(0);
    }

    private static String bare(String name) {
        for (String v : VERSIONS) {
            if (name.endsWith("-" + v)) {
                return name.substring(0, name.length() - v.length() - 1);
            }
        }
        return name;
    }

    /// The values of this directive, for all versions or for this one.
    List<String> all(String name, String version) {
        var values = new ArrayList<String>();
        for (Directive d : directives) {
            if (d.name.equals(name) || d.name.equals(name + "-" + version)) {
                values.add(d.value);
            }
        }
        return values;
    }

    String one(String name, String version, String otherwise) {
        List<String> values = all(name, version);
        return values.isEmpty() ? otherwise : String.join(" ", values);
    }

    /// modpost's options.
    List<String> options(String version) {
        return List.of(one("options", version, "").split(" +")).stream().filter(o -> !o.isEmpty()).toList();
    }

    /// The kernels whose rules it is about.
    List<String> kernels() {
        return List.of(one("kernel", "", String.join(" ", VERSIONS)).split(" +"));
    }

    /// What a message is to hold, as this version words it.
    List<String> texts(String name, String version) {
        var texts = new ArrayList<>(all(name, version));
        if (version.equals("6.1")) {
            texts.replaceAll(t -> t.replaceAll("\\+0x[0-9a-f]+ \\(section: (\\S+)\\) ->", " (section: $1) ->"));
        }
        return texts;
    }

    Machine machine() {
        return Machine.valueOf(one("machine", "", "x86_64").toUpperCase(java.util.Locale.ROOT));
    }
}
