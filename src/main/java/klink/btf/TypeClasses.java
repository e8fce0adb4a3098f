package klink.btf;

import java.util.Arrays;
import klink.mem.IntList;

/// Which structs, unions and enums of one name are the same type.
///
/// Where a name has one definition in all units, there is nothing to decide. Some hundred names of a kernel have several
/// (drivers have their own `struct chip`), and then whatever refers to them, through any number of pointers, is a
/// different type as well. What tells such types apart in a unit is which definitions they reach there: a set of choices,
/// one for each ambiguous name. Two are the same type if they have the same definition and choose alike where both
/// choose; a unit that only declares a name has no choice, and takes that of the type it joins. That is libbpf's equivalence of type graphs
/// (btf_dedup_is_equiv), in which a declaration equals any definition of its name, computed per name instead of per pair.
///
/// Units are taken in order, so the result does not depend on who read them. The base's types, where there is a base, are classes
/// before all others; what a unit has joins them if it can.
final class TypeClasses {
    private final MergedShapes shapes;
    private final int[] unitWorker;
    private final int[] unitNdx;
    private final MergedBase base;
    private final BaseClasses inBase;

    /// By tag: its definitions' number; the first that a unit has, 0 for none.
    final int[] definitions;
    private final int[] defined;
    /// By tag: number of its classes; the first of them.
    final int[] classes;
    /// By shape: index among the ambiguous names, plus 1.
    private final int[] ambiguity;
    private int ambiguous;
    private final boolean[] reaches;

    /// By class: tag, definition, the choices it has made (by ambiguous name, 0 for none), and the class of each tag it refers to.
    final IntList classTag = new IntList();
    /// By class: its number in the base, 0 for a class of the units.
    final IntList classInBase = new IntList();
    final IntList classDefinition = new IntList();
    private int[][] choices = new int[64][];
    private int[][] mentioned = new int[64][];
    int[][] boundClass = new int[64][];
    private final IntList nextClass = new IntList();
    private int[] firstClass;

    /// By unit: tags it defines that reach an ambiguous name, and their classes; then those it took over.
    final int[][] unitTags;
    final int[][] unitClasses;

    private final int[][] mentions;
    private int[] stamp;
    private int mark;

    /// @param unitWorker which worker read each unit, in order
    /// @param unitNdx    as which of its units
    TypeClasses(MergedShapes shapes, int[] unitWorker, int[] unitNdx, MergedBase base) {
        this.shapes = shapes;
        this.base = base;
        inBase = new BaseClasses(shapes, base);
        this.unitWorker = unitWorker;
        this.unitNdx = unitNdx;
        int n = shapes.count;
        definitions = new int[n];
        defined = new int[n];
        classes = new int[n];
        ambiguity = new int[n];
        reaches = new boolean[n];
        mentions = new int[n][];
        stamp = new int[n];
        firstClass = new int[n];
        unitTags = new int[unitWorker.length][];
        unitClasses = new int[unitWorker.length][];
        Arrays.fill(firstClass, -1);
        count();
        if (anyReaches()) {
            reach();
            classifyBase();
            classify();
            bind();
        }
    }

    /// Counts definitions. A name is ambiguous if a unit defines it, and not all definitions are the same.
    private void count() {
        int n = shapes.count;
        var known = new boolean[n];
        for (int id = 1; id <= base.lastId(); id++) {
            known[base.shape(id)] = true;
        }
        for (int i = 1; i < n; i++) {
            int t = shapes.tag[i];
            if (t != 0 && (known[i] || shapes.order[i] != Shapes.UNUSED)) {
                definitions[t]++;
                defined[t] = defined[t] == 0 && shapes.order[i] != Shapes.UNUSED ? i : defined[t];
            }
        }
        for (int i = 1; i < n; i++) {
            if (defined[i] != 0 && definitions[i] > 1) {
                ambiguity[i] = ++ambiguous;
            }
            reaches[i] = ambiguity[i] != 0 || inBase.definitions[i] > 1;
            classes[i] = Math.min(1, definitions[i]);
        }
    }

    private boolean anyReaches() {
        for (boolean r : reaches) {
            if (r) {
                return true;
            }
        }
        return false;
    }

    /// Whether every name means the same in all units.
    boolean isWhollySame() {
        for (int t = 1; t < classes.length; t++) {
            if (isSplit(t)) {
                return false;
            }
        }
        return ambiguous == 0;
    }

    /// Whether the base only declares the name, and a unit defines it.
    boolean isNewlyDefined(int tag) {
        return inBase.declaration[tag] != 0 && defined[tag] != 0;
    }

    /// Tags that a definition's members mention, through anything but another tag.
    int[] mentions(int shape) {
        if (mentions[shape] == null) {
            var found = new IntList();
            mark++;
            collect(shape, found);
            mentions[shape] = found.toArray();
        }
        return mentions[shape];
    }

    private void collect(int shape, IntList found) {
        for (int r = shapes.first[shape]; r < shapes.first[shape + 1]; r++) {
            int to = shapes.refs[r];
            if (to != 0 && stamp[to] != mark) {
                stamp[to] = mark;
                if (shapes.kind(to) == Shapes.TAG) {
                    found.add(to);
                } else {
                    collect(to, found);
                }
            }
        }
    }

    /// Finds the names from which an ambiguous one can be reached, by going backwards.
    private void reach() {
        int n = shapes.count;
        var from = new IntList();
        var to = new IntList();
        for (int i = 1; i < n; i++) {
            if (shapes.tag[i] != 0) {
                for (int t : mentions(i)) {
                    from.add(shapes.tag[i]);
                    to.add(t);
                }
            }
        }
        var start = new int[n + 1];
        for (int i = 0; i < to.size(); i++) {
            start[to.get(i) + 1]++;
        }
        for (int i = 0; i < n; i++) {
            start[i + 1] += start[i];
        }
        var at = Arrays.copyOf(start, n);
        var backwards = new int[to.size()];
        for (int i = 0; i < to.size(); i++) {
            backwards[at[to.get(i)]++] = from.get(i);
        }
        var work = new IntList();
        for (int i = 1; i < n; i++) {
            if (reaches[i]) {
                work.add(i);
            }
        }
        for (int done = 0; done < work.size(); done++) {
            for (int e = start[work.get(done)]; e < start[work.get(done) + 1]; e++) {
                if (!reaches[backwards[e]]) {
                    reaches[backwards[e]] = true;
                    work.add(backwards[e]);
                }
            }
        }
    }

    private void classify() {
        var definedHere = new int[shapes.count];
        var tags = new IntList();
        var defs = new IntList();
        for (int u = 0; u < unitWorker.length; u++) {
            tags.clear();
            defs.clear();
            definitionsOf(u, definedHere, tags, defs);
            long[][] sets = choicesOf(tags, defs, definedHere);
            var own = new int[tags.size()];
            for (int i = 0; i < own.length; i++) {
                own[i] = join(tags.get(i), defs.get(i), sets[i], defs, tags, definedHere);
            }
            unitTags[u] = tags.toArray();
            unitClasses[u] = own;
            for (int i = 0; i < tags.size(); i++) {
                definedHere[tags.get(i)] = 0;
            }
        }
    }

    /// The definitions of a unit from which ambiguous names can be reached.
    private void definitionsOf(int u, int[] definedHere, IntList tags, IntList defs) {
        UnitShapes w = shapes.workers[unitWorker[u]];
        int[] merged = shapes.merged[unitWorker[u]];
        int end = unitNdx[u] + 1 < w.unitStart.size() ? w.unitStart.get(unitNdx[u] + 1) : w.seen.size();
        for (int s = w.unitStart.get(unitNdx[u]); s < end; s++) {
            int shape = merged[w.seen.get(s)];
            int t = shapes.tag[shape];
            if (t != 0 && reaches[t] && definedHere[t] == 0) {
                tags.add(t);
                defs.add(shape);
                definedHere[t] = tags.size();
            }
        }
    }

    /// For each definition of a unit the ambiguous names that it reaches there: a bit each. Repeated until nothing changes,
    /// which takes as many rounds as the longest path has steps against the order of declaration: a few.
    private long[][] choicesOf(IntList tags, IntList defs, int[] definedHere) {
        int words = (ambiguous + 63) >>> 6;
        var sets = new long[tags.size()][words];
        for (int i = 0; i < tags.size(); i++) {
            int a = ambiguity[tags.get(i)];
            if (a != 0) {
                sets[i][a - 1 >>> 6] |= 1L << a - 1;
            }
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 0; i < tags.size(); i++) {
                long[] mine = sets[i];
                for (int t : mentions(defs.get(i))) {
                    if (definedHere[t] != 0) {
                        long[] other = sets[definedHere[t] - 1];
                        for (int k = 0; k < words; k++) {
                            long more = mine[k] | other[k];
                            changed |= more != mine[k];
                            mine[k] = more;
                        }
                    }
                }
            }
        }
        return sets;
    }

    /// The class that a definition belongs to in a unit; a new one, if it fits into none.
    private int join(int tag, int definition, long[] set, IntList defs, IntList tags, int[] definedHere) {
        for (int c = firstClass[tag]; c >= 0; c = nextClass.get(c)) {
            if (classDefinition.get(c) == definition && agrees(choices[c], set, defs, definedHere, false)) {
                if (classInBase.get(c) == 0) {
                    agrees(choices[c], set, defs, definedHere, true);
                }
                return c;
            }
        }
        int c = newClass(tag, definition, 0, new int[ambiguous]);
        agrees(choices[c], set, defs, definedHere, true);
        return c;
    }

    private int newClass(int tag, int definition, int number, int[] chosen) {
        int c = classTag.size();
        classTag.add(tag);
        classDefinition.add(definition);
        classInBase.add(number);
        if (c == choices.length) {
            choices = Arrays.copyOf(choices, 2 * c);
            boundClass = Arrays.copyOf(boundClass, 2 * c);
            mentioned = Arrays.copyOf(mentioned, 2 * c);
        }
        choices[c] = chosen;
        mentioned[c] = mentions(definition);
        boundClass[c] = new int[mentioned[c].length];
        nextClass.add(firstClass[tag]); // libbpf looks at the newest first
        classes[tag] = firstClass[tag] < 0 ? 1 : classes[tag] + 1;
        firstClass[tag] = c;
        return c;
    }

    /// Makes a class of each of the base's types from which an ambiguous name can be reached, bound to one another as they are.
    private void classifyBase() {
        var ids = new IntList();
        for (int id = 1; id <= base.lastId(); id++) {
            int tag = shapes.tag[base.shape(id)];
            if (tag != 0 && reaches[tag]) {
                ids.add(id);
            }
        }
        var mentionedIds = new int[ids.size()][];
        for (int i = 0; i < mentionedIds.length; i++) {
            mentionedIds[i] = inBase.mentions(ids.get(i));
        }
        int[][] chosen = inBase.choices(ids.toArray(), mentionedIds, defined, ambiguity, ambiguous);
        var classOf = new int[base.lastId() + 1];
        for (int i = 0; i < mentionedIds.length; i++) {
            int definition = base.shape(ids.get(i));
            classOf[ids.get(i)] = newClass(shapes.tag[definition], definition, ids.get(i), chosen[i]) + 1;
        }
        for (int i = 0; i < mentionedIds.length; i++) {
            int c = classOf[ids.get(i)] - 1;
            for (int to : mentionedIds[i]) {
                for (int m = 0; m < mentioned[c].length; m++) {
                    if (mentioned[c][m] == inBase.tagOf(to) && boundClass[c][m] == 0) {
                        boundClass[c][m] = classOf[to];
                    }
                }
            }
        }
    }

    /// Whether a class chooses as a unit does, or makes it do so.
    private boolean agrees(int[] chosen, long[] set, IntList defs, int[] definedHere, boolean take) {
        for (int k = 0; k < set.length; k++) {
            for (long bits = set[k]; bits != 0; bits &= bits - 1) {
                int a = k << 6 | Long.numberOfTrailingZeros(bits);
                int here = defs.get(definedHere[tagOfAmbiguity(a)] - 1);
                if (take) {
                    chosen[a] = here;
                } else if (chosen[a] != 0 && chosen[a] != here) {
                    return false;
                }
            }
        }
        return true;
    }

    private int[] ambiguousTags;

    private int tagOfAmbiguity(int a) {
        if (ambiguousTags == null) {
            ambiguousTags = new int[ambiguous];
            for (int i = 1; i < ambiguity.length; i++) {
                if (ambiguity[i] != 0) {
                    ambiguousTags[ambiguity[i] - 1] = i;
                }
            }
        }
        return ambiguousTags[a];
    }

    /// Settles which class each class's references mean: that of the first unit where the name is defined, or taken over
    /// from another type. A unit takes over from the types it joined what it only declares itself. Repeated, as what one unit
    /// takes over may be what another has waited for.
    private void bind() {
        var here = new int[shapes.count];
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int u = 0; u < unitTags.length; u++) {
                changed |= bind(u, here);
            }
        }
    }

    /// @param here scratch, by tag: its class in the unit, plus 1
    private boolean bind(int u, int[] here) {
        int known = unitTags[u].length;
        var took = new IntList();
        boolean changed = false;
        for (int i = 0; i < known; i++) {
            here[unitTags[u][i]] = unitClasses[u][i] + 1;
        }
        for (int i = 0; i < known; i++) {
            int c = unitClasses[u][i];
            int[] tags = mentioned[c];
            for (int m = 0; m < tags.length; m++) {
                int t = tags[m];
                if (reaches[t] && boundClass[c][m] == 0 && here[t] != 0 && classInBase.get(c) == 0) {
                    boundClass[c][m] = here[t];
                    changed = true;
                } else if (here[t] == 0 && boundClass[c][m] != 0) {
                    here[t] = boundClass[c][m];
                    took.add(t);
                    changed = true;
                }
            }
        }
        unitTags[u] = Arrays.copyOf(unitTags[u], known + took.size());
        unitClasses[u] = Arrays.copyOf(unitClasses[u], known + took.size());
        for (int i = 0; i < took.size(); i++) {
            unitTags[u][known + i] = took.get(i);
            unitClasses[u][known + i] = here[took.get(i)] - 1;
        }
        for (int t : unitTags[u]) {
            here[t] = 0;
        }
        return changed;
    }

    /// Whether it matters from where a tag is looked at.
    boolean isSplit(int tag) {
        return classes[tag] > 1 || classes[tag] == 1 && inBase.declaration[tag] != 0 && defined[tag] == 0;
    }

    /// The class that a class's reference to a tag means, or -1: a declaration of a name with several definitions.
    int bound(int c, int tag) {
        for (int m = 0; m < mentioned[c].length; m++) {
            if (mentioned[c][m] == tag) {
                return boundClass[c][m] - 1;
            }
        }
        return -1;
    }
}
