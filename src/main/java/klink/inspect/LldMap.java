package klink.inspect;

import java.util.function.BiConsumer;
import klink.inspect.LinkMap.Place;
import klink.report.BadInput;

/// A link map as ld.lld writes it: four numbers a line (the first three hexadecimal), then a name whose indentation says
/// what it is. An arm64 kernel's has 215,000 lines, three of four for symbols.
///
///                  VMA              LMA     Size Align Out     In      Symbol
///     ffff800008000000 ffff800008000000    10000 65536 .head.text
///     ffff800008000000 ffff800008000000    10000 65536         vmlinux.a(arch/arm64/kernel/head.o):(.head.text)
///     ffff800008000000 ffff800008000000        0     1                 $x
final class LldMap {
    private static final int INPUT_INDENT = 9;

    private LldMap() {}

    static boolean isOne(String text) {
        int p = blanks(text, 0);
        return text.startsWith("VMA ", p) && text.startsWith("LMA ", blanks(text, p + 3));
    }

    /// Hands over each input section with the name of its object; `archive(member)` for a member of a thin archive too.
    static void parse(String file, String text, BiConsumer<String, Place> places) {
        String output = "";
        int at = text.indexOf('\n') + 1;
        while (at > 0 && at < text.length()) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            int p = at;
            var numbers = new long[3];
            for (int i = 0; i < 4 && p < end; i++) {
                int from = blanks(text, p);
                p = from;
                while (p < end && text.charAt(p) != ' ') {
                    p++;
                }
                if (i < 3) {
                    numbers[i] = number(file, at, text.substring(from, p));
                }
            }
            int name = Math.min(blanks(text, p), end);
            if (name - p == 1) {
                output = text.substring(name, end);
            } else if (name - p == INPUT_INDENT && text.charAt(end - 1) == ')') {
                int colon = text.lastIndexOf(":(", end);
                if (colon > name && !text.startsWith("<internal>", name)) {
                    places.accept(text.substring(name, colon), new Place(text.substring(colon + 2, end - 1), output, numbers[0], numbers[2]));
                }
            }
            at = end + 1;
        }
    }

    private static int blanks(String text, int from) {
        int p = from;
        while (p < text.length() && text.charAt(p) == ' ') {
            p++;
        }
        return p;
    }

    private static long number(String file, int at, String digits) {
        try {
            return Long.parseUnsignedLong(digits, 16);
        } catch (NumberFormatException e) {
            throw new BadInput(file, at, "not a number in a link map: " + digits);
        }
    }
}
