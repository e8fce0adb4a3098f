package klink.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import klink.elf.Elf;

/// Compares two symbol tables as multisets. Locals repeat (`__func__.0`, STT_FILE names), so symbols are
/// grouped by name; within a name, equal symbols cancel out and what is left is paired in order.
/// Section symbols have no name of their own and go by their section's.
final class SymbolComparison {
    private static final int VISIBILITY = 3;

    private final ElfSymbols a;
    private final ElfSymbols b;
    private final List<Difference> out;

    SymbolComparison(ElfSymbols a, ElfSymbols b, List<Difference> out) {
        this.a = a;
        this.b = b;
        this.out = out;
    }

    void compare() {
        var inA = byName(a);
        var inB = byName(b);
        var names = new TreeMap<>(inA);
        names.putAll(inB);
        for (String name : names.keySet()) {
            compare(name, inA.getOrDefault(name, new int[0]), inB.getOrDefault(name, new int[0]));
        }
    }

    private static TreeMap<String, int[]> byName(ElfSymbols symbols) {
        var names = new TreeMap<String, int[]>();
        for (int i = 1; i < symbols.count(); i++) {
            String kind = switch (symbols.type(i)) {
                case Elf.STT_SECTION -> "section-symbol.";
                case Elf.STT_FILE -> "file-symbol.";
                default -> "symbol.";
            };
            String name = kind + (symbols.type(i) == Elf.STT_SECTION ? symbols.sectionName(i) : symbols.name(i));
            int[] old = names.get(name);
            int[] grown = old == null ? new int[1] : Arrays.copyOf(old, old.length + 1);
            grown[grown.length - 1] = i;
            names.put(name, grown);
        }
        return names;
    }

    private void compare(String name, int[] as, int[] bs) {
        if (as.length == 1 && bs.length == 1) {
            fields(name, as[0], bs[0]);
            return;
        }
        var leftA = new ArrayList<Integer>();
        var leftB = new ArrayList<Integer>();
        cancel(as, bs, leftA, leftB);
        int pairs = Math.min(leftA.size(), leftB.size());
        for (int i = 0; i < pairs; i++) {
            fields(name, leftA.get(i), leftB.get(i));
        }
        for (int i = pairs; i < leftA.size(); i++) {
            out.add(new Difference(name + ".present", describe(a, leftA.get(i)), "-"));
        }
        for (int i = pairs; i < leftB.size(); i++) {
            out.add(new Difference(name + ".present", "-", describe(b, leftB.get(i))));
        }
    }

    /// Merges the two groups in one order; equal symbols are dropped from both.
    private void cancel(int[] as, int[] bs, List<Integer> leftA, List<Integer> leftB) {
        int[] x = sorted(a, as);
        int[] y = sorted(b, bs);
        int i = 0;
        int j = 0;
        while (i < x.length && j < y.length) {
            int order = order(a, x[i], b, y[j]);
            if (order == 0) {
                i++;
                j++;
            } else if (order < 0) {
                leftA.add(x[i++]);
            } else {
                leftB.add(y[j++]);
            }
        }
        while (i < x.length) {
            leftA.add(x[i++]);
        }
        while (j < y.length) {
            leftB.add(y[j++]);
        }
    }

    private static int[] sorted(ElfSymbols symbols, int[] indices) {
        var boxed = new ArrayList<Integer>(indices.length);
        for (int i : indices) {
            boxed.add(i);
        }
        boxed.sort((x, y) -> order(symbols, x, symbols, y));
        int[] result = new int[indices.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = boxed.get(i);
        }
        return result;
    }

    private static int order(ElfSymbols s, int x, ElfSymbols t, int y) {
        int c = Long.compareUnsigned(s.value(x), t.value(y));
        c = c != 0 ? c : Long.compareUnsigned(s.size(x), t.size(y));
        c = c != 0 ? c : Integer.compare(s.type(x), t.type(y));
        c = c != 0 ? c : Integer.compare(s.bind(x), t.bind(y));
        c = c != 0 ? c : Integer.compare(s.other(x), t.other(y));
        return c != 0 ? c : s.sectionName(x).compareTo(t.sectionName(y));
    }

    private void fields(String name, int x, int y) {
        field(name, ".value", Comparison.hex(a.value(x)), Comparison.hex(b.value(y)));
        field(name, ".size", Comparison.hex(a.size(x)), Comparison.hex(b.size(y)));
        field(name, ".type", Names.symbolType(a.type(x)), Names.symbolType(b.type(y)));
        field(name, ".bind", Names.binding(a.bind(x)), Names.binding(b.bind(y)));
        field(name, ".visibility", Names.visibility(a.other(x) & VISIBILITY), Names.visibility(b.other(y) & VISIBILITY));
        field(name, ".other", Comparison.hex(a.other(x) & ~VISIBILITY), Comparison.hex(b.other(y) & ~VISIBILITY));
        field(name, ".section", a.sectionName(x), b.sectionName(y));
    }

    private void field(String name, String what, String x, String y) {
        if (!x.equals(y)) {
            out.add(new Difference(name + what, x, y));
        }
    }

    private static String describe(ElfSymbols s, int i) {
        return Comparison.hex(s.value(i)) + " " + Comparison.hex(s.size(i)) + " " + Names.symbolType(s.type(i)) + " "
                + Names.binding(s.bind(i)) + " " + s.sectionName(i);
    }
}
