package klink.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import klink.elf.Elf;
import klink.inspect.ElfImage;
import klink.inspect.ElfSymbols;

/// Holds an image against the `expect-` directives of its case.
final class Expectations {
    private Expectations() {}

    static void check(LinkCase c, ElfImage image) {
        for (LinkCase.Directive d : c.directives()) {
            List<String> words = List.of(d.value().split(" +"));
            switch (d.name()) {
                case "expect-symbol" -> symbol(image, words);
                case "expect-section" -> section(image, words);
                case "expect-bytes" -> bytes(image, words.getFirst(), String.join("", words.subList(1, words.size())));
                case "expect-segments" -> assertEquals(Integer.parseInt(d.value()), image.segmentList().size(), "segments");
                case "machine", "object", "sources", "script", "archive", "thin-archive", "run", "args", "options", "compare", "ignore", "differs", "expect-error",
                        "expect-warning", "expect-silence", "expect-failure", "audit" -> { }
                default -> fail("unknown directive " + d.name());
            }
        }
    }

    private static void symbol(ElfImage image, List<String> words) {
        String name = words.getFirst();
        ElfSymbols symbols = image.symbols();
        int i = symbols.find(name);
        if (words.contains("absent")) {
            assertTrue(i < 0, () -> "symbol " + name + " should be absent");
            return;
        }
        assertTrue(i >= 0, () -> "no symbol " + name);
        for (String w : words.subList(1, words.size())) {
            String want = w.substring(w.indexOf('=') + 1);
            String key = w.substring(0, w.indexOf('='));
            switch (key) {
                case "section" -> assertEquals(want, sectionName(symbols, i), name + " section");
                case "value" -> hex(want, symbols.value(i), name + " value");
                case "size" -> hex(want, symbols.size(i), name + " size");
                case "bind" -> assertEquals(want, switch (symbols.bind(i)) {
                    case Elf.STB_LOCAL -> "local";
                    case Elf.STB_GLOBAL -> "global";
                    case Elf.STB_WEAK -> "weak";
                    default -> "other";
                }, name + " bind");
                case "visibility" -> assertEquals(want, List.of("default", "internal", "hidden", "protected").get(symbols.other(i) & 3), name);
                case "type" -> assertEquals(want, switch (symbols.type(i)) {
                    case Elf.STT_NOTYPE -> "notype";
                    case Elf.STT_OBJECT -> "object";
                    case Elf.STT_FUNC -> "func";
                    default -> "other";
                }, name + " type");
                default -> fail("expect-symbol: " + key);
            }
        }
    }

    private static String sectionName(ElfSymbols symbols, int i) {
        return symbols.shndx(i) == Elf.SHN_ABS ? "*ABS*" : symbols.shndx(i) == Elf.SHN_UNDEF ? "*UND*" : symbols.sectionName(i);
    }

    private static void section(ElfImage image, List<String> words) {
        String name = words.getFirst();
        var found = image.section(name);
        if (words.contains("absent")) {
            assertTrue(found.isEmpty(), () -> "section " + name + " should be absent");
            return;
        }
        var s = found.orElseThrow(() -> new AssertionError("no section " + name));
        for (String w : words.subList(1, words.size())) {
            String want = w.substring(w.indexOf('=') + 1);
            String key = w.substring(0, w.indexOf('='));
            switch (key) {
                case "addr" -> hex(want, s.address(), name + " address");
                case "size" -> hex(want, s.size(), name + " size");
                case "align" -> hex(want, s.align(), name + " alignment");
                case "type" -> assertEquals(want, s.type() == Elf.SHT_NOBITS ? "nobits" : s.type() == Elf.SHT_NOTE ? "note" : "progbits", name + " type");
                default -> fail("expect-section: " + key);
            }
        }
    }

    private static void bytes(ElfImage image, String where, String hex) {
        int plus = where.indexOf('+');
        String name = plus < 0 ? where : where.substring(0, plus);
        int offset = plus < 0 ? 0 : Integer.decode(where.substring(plus + 1));
        byte[] all = image.bytes(image.section(name).orElseThrow()).toArray(ValueLayout.JAVA_BYTE);
        byte[] want = HexFormat.of().parseHex(hex);
        assertTrue(all.length >= offset + want.length, () -> name + " has only " + all.length + " bytes");
        assertEquals(hex, HexFormat.of().formatHex(Arrays.copyOfRange(all, offset, offset + want.length)), where);
    }

    private static void hex(String want, long got, String what) {
        assertEquals("0x" + Long.toHexString(Long.decode(want)), "0x" + Long.toHexString(got), what);
    }
}
