package klink.inspect;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// kallsyms against the ELF symbol table, the one other list of the same names and addresses in the file.
final class KallsymsChecks {
    private static final String NAME = "kallsyms";

    private final ElfImage image;
    private final CheckList checks;

    KallsymsChecks(ElfImage image, CheckList checks) {
        this.image = image;
        this.checks = checks;
    }

    void run() {
        KallsymsTable table = KallsymsTable.understands(image) ? KallsymsTable.read(image) : null;
        if (table == null) {
            checks.none(NAME, "no kallsyms tables");
            return;
        }
        checks.ok(NAME, String.format(Locale.ROOT, "%,d entries, %,d bytes of names, %s", table.count, table.namesSize,
                table.absolutePercpu ? "percpu absolute" : "all relative to 0x" + Long.toHexString(table.base)));
        checks.result("kallsyms.order", table.wrongOrder(), "by address");
        checks.result("kallsyms.markers", table.wrongMarker(), "every 256th entry");
        if (table.hasSeqs()) {
            checks.result("kallsyms.seqs", table.wrongSeq(), "a permutation, by name");
        } else {
            checks.none("kallsyms.seqs", "no kallsyms_seqs_of_names");
        }
        checks.result("kallsyms.symbols", wrongEntry(table), "each is a symbol of that name, address and type letter");
    }

    /// Every entry must be a symbol of its own: aliases and repeated locals are counted, not just found.
    private String wrongEntry(KallsymsTable table) {
        var symbols = image.symbols();
        Map<String, Integer> there = new HashMap<>(symbols.count() * 2);
        for (int i = 1; i < symbols.count(); i++) {
            char letter = NmLetters.of(image, i);
            if (letter != 0) {
                there.merge(key(letter, symbols.name(i), symbols.address(i)), 1, Integer::sum);
            }
        }
        int start = symbols.find("__per_cpu_start");
        int end = symbols.find("__per_cpu_end");
        for (int i = 0; i < table.count; i++) {
            long address = table.addresses[i];
            boolean percpu = table.letter(i) == 'A' && start >= 0 && end >= 0 && Long.compareUnsigned(address, symbols.value(start)) >= 0
                    && Long.compareUnsigned(address, symbols.value(end)) <= 0;
            boolean found = percpu ? takePercpu(there, table.name(i), address) : take(there, key(table.letter(i), table.name(i), address));
            if (!found) {
                return "entry " + i + ", " + table.letter(i) + " " + table.name(i) + " at 0x" + Long.toHexString(address) + ", is not in the symbol table";
            }
        }
        return null;
    }

    /// scripts/kallsyms.c gives percpu entries the letter A whatever section they are in.
    private static boolean takePercpu(Map<String, Integer> there, String name, long address) {
        for (char letter : new char[] {'D', 'd', 'B', 'b', 'A', 'V', 'W', 'T', 't', 'R', 'r'}) {
            if (take(there, key(letter, name, address))) {
                return true;
            }
        }
        return false;
    }

    private static boolean take(Map<String, Integer> there, String key) {
        Integer n = there.get(key);
        if (n == null || n == 0) {
            return false;
        }
        there.put(key, n - 1);
        return true;
    }

    private static String key(char letter, String name, long address) {
        return letter + name + "@" + Long.toHexString(address);
    }
}
