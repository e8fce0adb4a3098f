package klink.kernel;

import java.util.List;

/// Which symbols a kernel tool leaves out, by nm letter and by name: the rules of scripts/mksysmap and
/// of scripts/kallsyms.c as data, and a matcher for them.
///
/// A link asks about each of some 130,000 names, twice in 6.1. Exact names and prefixes share one
/// [NameTrie], so that most names are decided by their first byte.
public final class NameRules {
    private final boolean[] letters = new boolean[128];
    private final NameTrie fromStart = new NameTrie();
    private final NameTrie fromEnd = new NameTrie();
    private final NameTrie absoluteKept = new NameTrie();
    private final byte[][] infixes;
    private final boolean dropsAbsolute;
    private final boolean dropsThunks;

    /// The rules of one tool.
    ///
    /// @param letters       nm letters dropped
    /// @param exact         names dropped
    /// @param prefixes      beginnings dropped
    /// @param suffixes      endings dropped
    /// @param infixes       parts dropped; each begins with `.`
    /// @param dropsThunks   also drop `__`, letters and digits, `Thunk_`: lld's veneers
    /// @param dropsAbsolute also drop letters `A` and `a`
    /// @param absoluteKept  names that `dropsAbsolute` spares
    public record Table(String letters, List<String> exact, List<String> prefixes, List<String> suffixes,
                        List<String> infixes, boolean dropsThunks, boolean dropsAbsolute, List<String> absoluteKept) {
        public Table {
            exact = List.copyOf(exact);
            prefixes = List.copyOf(prefixes);
            suffixes = List.copyOf(suffixes);
            infixes = List.copyOf(infixes);
            absoluteKept = List.copyOf(absoluteKept);
            for (String infix : infixes) {
                if (!infix.startsWith(".")) {
                    throw new IllegalArgumentException("infix without leading dot: " + infix);
                }
            }
        }
    }

    private final Table table;

    NameRules(Table table) {
        this.table = table;
        for (int i = 0; i < table.letters.length(); i++) {
            letters[table.letters.charAt(i)] = true;
        }
        for (String s : table.exact) {
            fromStart.add(s, false, false);
        }
        for (String s : table.prefixes) {
            fromStart.add(s, false, true);
        }
        for (String s : table.suffixes) {
            fromEnd.add(s, true, true);
        }
        for (String s : table.absoluteKept) {
            absoluteKept.add(s, false, false);
        }
        infixes = new byte[table.infixes.size()][];
        for (int i = 0; i < infixes.length; i++) {
            infixes[i] = NameTrie.ascii(table.infixes.get(i));
        }
        dropsThunks = table.dropsThunks;
        dropsAbsolute = table.dropsAbsolute;
    }

    /// The rules as they were given.
    public Table table() {
        return table;
    }

    /// Whether the tool leaves out the symbol `blob[off .. off+len)` with this nm letter.
    public boolean drops(byte letter, byte[] blob, int off, int len) {
        if (letters[letter & 0x7f]) {
            return true;
        }
        if (dropsAbsolute && (letter | 0x20) == 'a' && !absoluteKept.matches(blob, off, len)) {
            return true;
        }
        return fromStart.matches(blob, off, len)
            || fromEnd.matchesBackwards(blob, off, len)
            || (dropsThunks && isThunk(blob, off, len))
            || (infixes.length != 0 && hasInfix(blob, off, off + len));
    }

    private boolean hasInfix(byte[] blob, int off, int end) {
        for (int i = off; i < end; i++) {
            if (blob[i] == '.') {
                for (byte[] infix : infixes) {
                    if (startsWith(blob, i, end, infix)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] blob, int at, int end, byte[] s) {
        if (end - at < s.length) {
            return false;
        }
        for (int i = 0; i < s.length; i++) {
            if (blob[at + i] != s[i]) {
                return false;
            }
        }
        return true;
    }

    /// `__[[:alnum:]]*Thunk_`: the underscore ends the run of letters and digits, so `Thunk` must be
    /// the last five of that run.
    private static boolean isThunk(byte[] blob, int off, int len) {
        int end = off + len;
        if (len < 8 || blob[off] != '_' || blob[off + 1] != '_') {
            return false;
        }
        int i = off + 2;
        while (i < end && isAlnum(blob[i])) {
            i++;
        }
        return i < end && blob[i] == '_' && i - 5 >= off + 2
            && blob[i - 5] == 'T' && blob[i - 4] == 'h' && blob[i - 3] == 'u' && blob[i - 2] == 'n' && blob[i - 1] == 'k';
    }

    private static boolean isAlnum(byte c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
