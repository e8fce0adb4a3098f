package klink.place;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import klink.mem.IntList;
import klink.resolve.NameTable;
import klink.script.Glob;
import klink.script.OutputItem;

/// All input section patterns of a script, indexed so that each distinct section name meets only
/// those that can match it.
///
/// A script has some 300 patterns, a kernel 15,000 distinct section names (300,000 with
/// -ffunction-sections). Literal patterns are found by the name's id; the others stand in buckets by
/// the first three bytes of their literal prefix.
final class Patterns {
    /// One pattern of one input statement, in script order.
    ///
    /// @param statement number of its statement, counted over the whole script
    /// @param part      its place among the patterns of that statement
    record Rule(int statement, int part, OutputItem.InputSections inputs, OutputItem.SectionPattern pattern) {
        /// Whether the section name alone decides.
        boolean unconditional() {
            return inputs.file().name().isAny() && inputs.file().exclude().isEmpty() && inputs.required() == 0
                    && inputs.forbidden() == 0 && (pattern == null || pattern.exclude().isEmpty());
        }
    }

    private static final int BUCKETS = 4096;

    private final List<Rule> rules = new ArrayList<>();
    private final List<byte[]> prefixes = new ArrayList<>();
    private final IntList[] buckets = new IntList[BUCKETS];
    private final IntList everywhere = new IntList();
    private final NameTable literalNames = new NameTable(512);
    private final List<IntList> literals = new ArrayList<>();

    void add(Rule rule) {
        int r = rules.size();
        rules.add(rule);
        Glob glob = rule.pattern() == null ? new Glob("*") : rule.pattern().name();
        byte[] prefix = glob.literalPrefix().getBytes(StandardCharsets.UTF_8);
        prefixes.add(prefix);
        if (glob.isLiteral()) {
            int id = literalNames.intern(glob.text());
            if (id == literals.size()) {
                literals.add(new IntList());
            }
            literals.get(id).add(r);
        } else if (prefix.length < 3) {
            everywhere.add(r);
        } else {
            int b = bucket(prefix, 0);
            if (buckets[b] == null) {
                buckets[b] = new IntList();
            }
            buckets[b].add(r);
        }
    }

    private static int bucket(byte[] table, int offset) {
        return (table[offset] * 31 + table[offset + 1]) * 31 + table[offset + 2] & BUCKETS - 1;
    }

    int size() {
        return rules.size();
    }

    Rule rule(int r) {
        return rules.get(r);
    }

    /// The rules that can take a section of this name, first in script order first; cut after the
    /// first that takes every one.
    int[] candidates(byte[] table, int offset, int length, int hash) {
        var found = new IntList(4);
        int id = literalNames.find(table, offset, length, hash);
        if (id >= 0) {
            IntList l = literals.get(id);
            for (int i = 0; i < l.size(); i++) {
                found.add(l.get(i));
            }
        }
        if (length >= 3) {
            collect(buckets[bucket(table, offset)], table, offset, length, found);
        }
        collect(everywhere, table, offset, length, found);
        int[] sorted = found.toArray();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            if (rules.get(sorted[i]).unconditional()) {
                return i + 1 == sorted.length ? sorted : Arrays.copyOf(sorted, i + 1);
            }
        }
        return sorted;
    }

    private void collect(IntList list, byte[] table, int offset, int length, IntList found) {
        for (int i = 0; list != null && i < list.size(); i++) {
            int r = list.get(i);
            byte[] prefix = prefixes.get(r);
            if (length >= prefix.length && Arrays.equals(prefix, 0, prefix.length, table, offset, offset + prefix.length)) {
                OutputItem.SectionPattern p = rules.get(r).pattern();
                if (p == null || p.name().matches(new String(table, offset, length, StandardCharsets.UTF_8))) {
                    found.add(r);
                }
            }
        }
    }
}
