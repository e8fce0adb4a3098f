package klink.inspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import klink.report.BadInput;

/// Compares a `System.map` with the symbol table: the map is `nm -n` filtered by `scripts/mksysmap`, whose
/// filter differs between kernel versions. Which one applies is not recorded in an image, so both are
/// tried; a kernel's 100,000 lines agree with one of them to the byte, or the first line that does not is
/// named.
final class SystemMapCheck {
    private static final String[] PREFIXES_6_1 = {"$", ".L", "__crc_", "__kstrtab_", "__kstrtabns_"};
    private static final String[] PREFIXES_6_12 = {"__efistub_", "__pi_.L", "__kvm_nvhe_$", "__kvm_nvhe_.L", "__kcfi_typeid_",
        "__kvm_nvhe___kcfi_typeid_", "__pi___kcfi_typeid_"};
    private static final String[] SUFFIXES_6_12 = {"_from_arm", "_from_thumb", "_veneer"};
    private static final String[] INFIXES_6_12 = {".long_branch.", ".plt_branch."};

    private record Line(long address, int digits, String name, char letter) {
        String text() {
            return String.format(java.util.Locale.ROOT, "%0" + digits + "x %c %s", address, letter, name);
        }
    }

    private SystemMapCheck() {}

    static void run(ElfImage image, Path systemMap, CheckList checks) {
        List<String> map;
        try {
            map = Files.readAllLines(systemMap, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new BadInput(systemMap.toString(), 0, "cannot read: " + e.getMessage());
        }
        var lines = lines(image);
        String old = difference(lines, map, false);
        String wrong = old == null ? null : difference(lines, map, true);
        checks.result("system-map", old == null || wrong == null ? null : old, map.size() + " lines equal the symbol table by mksysmap's rules of "
                + (old == null ? "6.1" : "6.12"));
    }

    /// All symbols as `nm -n` lists them: by address, then name, the undefined ones (which mksysmap drops)
    /// left out.
    private static List<Line> lines(ElfImage image) {
        var symbols = image.symbols();
        var lines = new ArrayList<Line>();
        for (int i = 1; i < symbols.count(); i++) {
            char letter = NmLetters.of(image, i);
            if (letter != 0 && "aNUwv".indexOf(letter) < 0) {
                lines.add(new Line(symbols.address(i), 2 * image.word(), symbols.name(i), letter));
            }
        }
        lines.sort(Comparator.comparing(Line::address, Long::compareUnsigned).thenComparing(Line::name));
        return lines;
    }

    private static String difference(List<Line> lines, List<String> map, boolean newer) {
        int at = 0;
        for (Line line : lines) {
            if (dropped(line.name, newer)) {
                continue;
            }
            String text = line.text();
            if (at == map.size()) {
                return "System.map ends before " + text;
            }
            if (!map.get(at).equals(text)) {
                return "line " + (at + 1) + " is " + map.get(at) + " but the symbol table has " + text;
            }
            at++;
        }
        return at < map.size() ? "line " + (at + 1) + " is " + map.get(at) + " but the symbol table has no more" : null;
    }

    private static boolean dropped(String name, boolean newer) {
        if (startsWithAny(name, PREFIXES_6_1) || name.equals("L0")) {
            return true;
        }
        if (!newer) {
            return false;
        }
        for (String s : SUFFIXES_6_12) {
            if (name.endsWith(s)) {
                return true;
            }
        }
        for (String s : INFIXES_6_12) {
            if (name.contains(s)) {
                return true;
            }
        }
        return startsWithAny(name, PREFIXES_6_12) || isThunk(name) || name.equals("_SDA_BASE_") || name.equals("_SDA2_BASE_");
    }

    private static boolean startsWithAny(String name, String[] prefixes) {
        for (String p : prefixes) {
            if (name.startsWith(p)) {
                return true;
            }
        }
        return false;
    }

    /// lld's range-extension thunks: `__`, letters and digits, `Thunk_`.
    private static boolean isThunk(String name) {
        int end = name.startsWith("__") ? 2 : name.length();
        while (end < name.length() && Character.isLetterOrDigit(name.charAt(end))) {
            end++;
        }
        return end < name.length() && name.charAt(end) == '_' && name.substring(0, end).endsWith("Thunk");
    }
}
