package klink.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One link test: a file of our own assembly with what is to be done with it and what is to come out.
///
/// Directives begin with `//# `:
///
///     machine: aarch64              what the objects are for, first of all; without it, x86_64. Those for arm are linked big-endian too
///     object: b.o [options]         what follows is the source of this object (the first is a.o)
///     script: inline | FILE         what follows is the linker script, or a file beside this one;
///                                   without it, plain.lds of the case directory's parent
///     archive: x.a b.o c.o          made of objects that then stand on no command line of their own;
///     thin-archive: x.a b.o c.o     an archive is named where `args` names it, or last
///     sources: FILE [options]       the objects, and an inline script, are those of this case beside this one, assembled with these options too
///     run: command                  a shell command in the work directory, before the link
///     args: words                   the whole command line after `-o out`, for klink and the references;
///                                   without it: -T the script, all objects, all archives
///     options: words                put before the default command line
///     compare: ld | ld.lld ...      the image must agree with theirs; with expect-error, they must fail too
///     ignore: [ld:] KEY (reason)    a difference that is accepted; it must occur
///     differs: ld.lld KEY (reason)  that linker reads it otherwise: a difference of this key must occur
///     audit:                        every site of klink's image is audited, as those of all arm64 cases are
///     expect-symbol: NAME [section=S] [value=0x..] [size=0x..] [bind=B] [type=T] | absent
///     expect-section: NAME [size=0x..] [addr=0x..] [align=..] [type=T] | absent
///     expect-bytes: SECTION+0x.. HEX
///     expect-error: TEXT            the link fails, and says this; every later expect-error as well
///     expect-warning: TEXT          the link says this
///     expect-failure:               the link fails
///     expect-silence:               nothing is printed
///
/// Objects on the command line are named by absolute paths, which are cut from messages again.
///
/// @param file       where it stands
/// @param directives in order
/// @param sources    objects and inline script, in order
record LinkCase(Path file, List<Directive> directives, List<Source> sources) {
    record Directive(String name, String value) {}

    /// @param name    of the object, or `case.lds`
    /// @param options for the assembler
    record Source(String name, String options, String text) {
        boolean isScript() {
            return name.endsWith(".lds");
        }
    }

    static LinkCase read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var directives = new ArrayList<Directive>();
        var sources = new ArrayList<Source>();
        String name = "a.o";
        String options = "";
        var text = new StringBuilder();
        for (String line : lines) {
            if (!line.startsWith("//# ")) {
                text.append(line).append('\n');
                continue;
            }
            int colon = line.indexOf(':');
            var d = new Directive(line.substring(4, colon), line.substring(colon + 1).strip());
            boolean inline = d.name.equals("script") && d.value.equals("inline");
            if (inline || d.name.equals("object")) {
                if (!text.toString().isBlank()) {
                    sources.add(new Source(name, options, text.toString()));
                }
                text.setLength(0);
                int blank = d.value.indexOf(' ');
                name = inline ? "case.lds" : blank < 0 ? d.value : d.value.substring(0, blank);
                options = inline || blank < 0 ? "" : d.value.substring(blank + 1);
            }
            directives.add(d);
        }
        if (!text.toString().isBlank()) {
            sources.add(new Source(name, options, text.toString()));
        }
        var c = new LinkCase(file, List.copyOf(directives), List.copyOf(sources));
        return c.has("sources") ? c.withSources(c.all("sources").getFirst().split(" ", 2)) : c;
    }

    /// This case with the sources of another.
    /// @param of the file beside this one, and options for its assembler if there are any
    private LinkCase withSources(String[] of) {
        var all = new ArrayList<Source>();
        for (Source s : read(file.resolveSibling(of[0])).sources) {
            all.add(new Source(s.name, s.isScript() || of.length == 1 ? s.options : s.options + " " + of[1], s.text));
        }
        return new LinkCase(file, directives, List.copyOf(all));
    }

    /// The same case for another machine that assembles the same sources.
    /// @param options put before the default command line
    LinkCase forMachine(String machine, String options) {
        var all = new ArrayList<Directive>();
        all.add(new Directive("machine", machine));
        all.add(new Directive(has("args") ? "args" : "options", options));
        for (Directive d : directives) {
            if (!d.name.equals("machine")) {
                all.add(d);
            }
        }
        return new LinkCase(file, List.copyOf(all), sources);
    }

    /// The values of all directives of this name.
    List<String> all(String name) {
        var values = new ArrayList<String>();
        for (Directive d : directives) {
            if (d.name.equals(name)) {
                values.add(d.value);
            }
        }
        return values;
    }

    /// The words of all directives of this name.
    List<String> words(String name) {
        var words = new ArrayList<String>();
        for (String v : all(name)) {
            for (String w : v.split(" +")) {
                if (!w.isEmpty()) {
                    words.add(w);
                }
            }
        }
        return words;
    }

    /// What the objects are for, as GNU tools call it.
    String machine() {
        return has("machine") ? all("machine").getFirst() : "x86_64";
    }

    boolean fails() {
        return has("expect-error") || has("expect-failure");
    }

    boolean has(String name) {
        return !all(name).isEmpty();
    }
}
