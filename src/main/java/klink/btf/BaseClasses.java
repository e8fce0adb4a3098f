package klink.btf;

import java.util.Arrays;
import klink.mem.IntList;

/// The classes of the base's own types: they are there before any unit is looked at, and do not change.
///
/// A base says itself which of several definitions each of its types reaches, so this follows its references, not those of
/// shapes. A name that the base only declares may be what a module defines: what reaches it in the base is the same as what
/// reaches the module's definition, the first if there are several. libbpf comes to that too, but only after it has met the first such
/// type, of which it leaves a copy in the module (btf_dedup_merge_hypot_map, `hypot_adjust_canon`).
final class BaseClasses {
    /// A choice that no unit makes: a type reaches several definitions of one name.
    static final int SEVERAL = -1;

    private final MergedShapes shapes;
    private final MergedBase base;
    /// By tag: types of that name which are defined; the type that only declares it, 0 for none.
    final int[] definitions;
    final int[] declaration;

    BaseClasses(MergedShapes shapes, MergedBase base) {
        this.shapes = shapes;
        this.base = base;
        definitions = new int[shapes.count];
        declaration = new int[shapes.count];
        for (int id = 1; id <= base.lastId(); id++) {
            int shape = base.shape(id);
            if (shapes.tag[shape] != 0) {
                definitions[shapes.tag[shape]]++;
            } else if (shape != 0 && shapes.kind(shape) == Shapes.TAG) {
                declaration[shape] = id;
            }
        }
    }

    /// Named types that a type mentions, through anything but another named one.
    int[] mentions(int id) {
        var found = new IntList();
        var work = new IntList();
        work.add(id);
        for (int done = 0; done < work.size(); done++) {
            for (int to : base.references(work.get(done))) {
                if (to <= 0 || to > base.lastId() || contains(work, to) || contains(found, to)) {
                    continue;
                }
                (tagOf(to) != 0 ? found : work).add(to);
            }
        }
        return found.toArray();
    }

    private static boolean contains(IntList list, int value) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) == value) {
                return true;
            }
        }
        return false;
    }

    /// The tag of a named struct, union or enum, defined or declared; 0 for any other type.
    int tagOf(int id) {
        int shape = base.shape(id);
        return shape != 0 && shapes.kind(shape) == Shapes.TAG ? shape : shapes.tag[shape];
    }

    /// Which definitions the given types reach, by going backwards from each one.
    ///
    /// @param ids       named types, all those that can reach an ambiguous name
    /// @param mentioned by index in `ids`: what each mentions
    /// @param meant     by tag: what a declaration means
    /// @param ambiguity by tag: index among the ambiguous names plus 1, 0 for others
    /// @return by index in `ids`, by ambiguous name: its definition's shape, 0 if it is not reached, [#SEVERAL]
    int[][] choices(int[] ids, int[][] mentioned, int[] meant, int[] ambiguity, int ambiguous) {
        var index = new int[base.lastId() + 1];
        for (int i = 0; i < ids.length; i++) {
            index[ids[i]] = i + 1;
        }
        var start = new int[base.lastId() + 2];
        for (int[] to : mentioned) {
            for (int id : to) {
                start[id + 1]++;
            }
        }
        for (int i = 0; i <= base.lastId(); i++) {
            start[i + 1] += start[i];
        }
        var at = Arrays.copyOf(start, start.length);
        var backwards = new int[start[start.length - 1]];
        for (int i = 0; i < ids.length; i++) {
            for (int id : mentioned[i]) {
                backwards[at[id]++] = i;
            }
        }
        var choices = new int[ids.length][ambiguous];
        var reached = new int[ids.length];
        for (int id = 1; id <= base.lastId(); id++) {
            int tag = tagOf(id);
            if (tag != 0 && ambiguity[tag] != 0) {
                var work = new IntList();
                work.add(id);
                for (int done = 0; done < work.size(); done++) {
                    int from = work.get(done);
                    if (index[from] != 0) {
                        choose(choices[index[from] - 1], ambiguity[tag] - 1, shapes.tag[base.shape(id)] == 0 ? meant[tag] : base.shape(id), from == id);
                    }
                    for (int b = start[from]; b < start[from + 1]; b++) {
                        if (reached[backwards[b]] != id) {
                            reached[backwards[b]] = id;
                            work.add(ids[backwards[b]]);
                        }
                    }
                }
            }
        }
        return choices;
    }

    private static void choose(int[] choices, int name, int definition, boolean itself) {
        choices[name] = itself || choices[name] == 0 || choices[name] == definition ? definition : SEVERAL;
    }
}
