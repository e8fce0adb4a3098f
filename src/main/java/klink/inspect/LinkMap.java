package klink.inspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.report.BadInput;

/// A link map (`-Map`), read for one thing: where each input section went. The map of a kernel has some 115,000 lines and
/// places about 30,000 input sections. ld.lld's has a syntax of its own ([LldMap]).
///
/// Lines are told apart by their indentation, as ld prints them:
///
///     .text           0xffffffff81000000   0xe03472 load address ...       output section
///      .head.text     0xffffffff81000000      0x26c arch/x86/kernel/x.o    input section
///      .a_name_of_more_than_15_bytes
///                     0xffffffff81000300       0x10 arch/x86/kernel/y.o    its second line
///                                             0x28 (size before relaxing)  what a merged section was
///      *(.text)  *fill*                                                    skipped
///                     0xffffffff81000000                a_symbol           skipped
final class LinkMap {
    /// One input section in the output. A merged section's `size` is what is left of it; `inputSize` is
    /// what the object has.
    static final class Place {
        final String section;
        final String outputSection;
        final long address;
        final long size;
        long inputSize;

        Place(String section, String outputSection, long address, long size) {
            this.section = section;
            this.outputSection = outputSection;
            this.address = address;
            this.size = size;
            inputSize = size;
        }
    }

    private static final String START = "Linker script and memory map";

    private final Map<String, List<Place>> byObject = new HashMap<>();
    private int places;
    private String outputSection = "";
    private String pending;
    private Place last;
    private boolean listsMerged = true;

    static LinkMap read(Path path) {
        try {
            return parse(path.toString(), Files.readString(path, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new BadInput(path.toString(), 0, "cannot read: " + e.getMessage());
        }
    }

    static LinkMap parse(String file, String text) {
        if (LldMap.isOne(text)) {
            var map = new LinkMap();
            map.listsMerged = false;
            LldMap.parse(file, text, map::add);
            return map;
        }
        int start = text.startsWith(START) ? 0 : text.indexOf("\n" + START) + 1;
        if (!text.startsWith(START, start)) {
            throw new BadInput(file, 0, "not a GNU ld link map (nor ld.lld's): no line '" + START + "'");
        }
        var map = new LinkMap();
        int at = text.indexOf('\n', start) + 1;
        while (at > 0 && at < text.length()) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            map.line(file, at, text.substring(at, end));
            at = end + 1;
        }
        return map;
    }

    /// The places of an object's sections in map order; empty for an object of which nothing is left.
    List<Place> of(String object) {
        return byObject.getOrDefault(object, List.of());
    }

    /// The names of all objects of which something is left, in order of their letters.
    List<String> objects() {
        var names = new ArrayList<>(byObject.keySet());
        names.sort(null);
        return names;
    }

    int count() {
        return places;
    }

    private void line(String file, long at, String line) {
        if (line.isBlank()) {
            pending = null;
            return;
        }
        int nameEnd = 0;
        boolean output = line.charAt(0) != ' ';
        boolean input = !output && line.length() > 1 && line.charAt(1) != ' ';
        String name = null;
        if (output || input) {
            int nameStart = output ? 0 : 1;
            nameEnd = wordEnd(line, nameStart);
            name = line.substring(nameStart, nameEnd);
        }
        if (output) {
            outputSection = name;
            pending = null;
        } else if (input) {
            boolean section = name.charAt(0) != '*' && name.indexOf('(') < 0;
            pending = section && line.substring(nameEnd).isBlank() ? name : null;
            if (section && pending == null) {
                place(file, at, name, line, nameEnd);
            }
        } else if (pending != null) {
            place(file, at, pending, line, 0);
            pending = null;
        } else if (last != null && line.endsWith("(size before relaxing)")) {
            last.inputSize = number(file, at, line, skipBlanks(line, 0));
        }
    }

    /// Reads `address size object`, from `from` on. Anything else there is not an input section.
    private void place(String file, long at, String section, String line, int from) {
        int address = skipBlanks(line, from);
        int addressEnd = wordEnd(line, address);
        int size = skipBlanks(line, addressEnd);
        int sizeEnd = wordEnd(line, size);
        int object = skipBlanks(line, sizeEnd);
        if (!line.startsWith("0x", address) || !line.startsWith("0x", size) || object >= line.length()) {
            return;
        }
        last = new Place(section, outputSection, number(file, at, line, address), number(file, at, line, size));
        add(line.substring(object), last);
    }

    private void add(String object, Place place) {
        byObject.computeIfAbsent(object, o -> new ArrayList<>()).add(place);
        places++;
    }

    /// Whether it says where the merged sections of each object went; ld.lld's does not.
    boolean listsMerged() {
        return listsMerged;
    }

    private static long number(String file, long at, String line, int from) {
        int end = wordEnd(line, from);
        try {
            return Long.parseUnsignedLong(line, from + 2, end, 16);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new BadInput(file, at, "not a number in a link map: " + line.substring(from, end));
        }
    }

    private static int wordEnd(String line, int from) {
        int p = from;
        while (p < line.length() && line.charAt(p) != ' ') {
            p++;
        }
        return p;
    }

    private static int skipBlanks(String line, int from) {
        int p = from;
        while (p < line.length() && line.charAt(p) == ' ') {
            p++;
        }
        return p;
    }
}
