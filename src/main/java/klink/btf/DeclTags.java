package klink.btf;

import klink.dwarf.TypeEntries;
import klink.dwarf.TypeNames;
import klink.mem.IntList;

/// Tags that units have on declarations (Clang's `btf_decl_tag`): on types, or on functions, or on variables; each as a whole or on
/// one of its members or parameters. Debug information has them as annotations below the entry or below its part.
///
/// A tag tells no types apart: a struct with a tag in one unit is the one without it in another, and has all tags in the end.
final class DeclTags {
    private static final String ANNOTATION = "btf_decl_tag";
    /// Instead of the number of a part.
    static final int WHOLE = -1;

    /// What each is listed under, ascending: a unit; a function; a variable.
    private final IntList key = new IntList();
    /// Under a unit: the shape.
    private final IntList shape = new IntList();
    private final IntList text = new IntList();
    private final IntList part = new IntList();

    /// Takes in what an entry has.
    ///
    /// @param into where names of tags go
    /// @param under what it is listed under, not less than before
    void take(TypeNames names, TypeEntries e, int entry, Names into, int under, int itsShape) {
        if ((e.flags[entry] & TypeEntries.ANNOTATED) == 0) {
            return;
        }
        int parts = 0;
        for (int p = e.firstPart[entry]; p >= 0; p = e.nextPart[p]) {
            byte kind = e.partKind[p];
            if (kind == TypeEntries.MEMBER || kind == TypeEntries.PARAMETER) {
                parts++;
            } else if ((kind == TypeEntries.ANNOTATION || kind == TypeEntries.PART_ANNOTATION) && says(names, e, p, ANNOTATION)) {
                int said = (int) e.partValue[p];
                key.add(under);
                shape.add(itsShape);
                text.add(into.intern(names.nameHash(said), names.nameBytes(said), names.nameOffset(said)));
                part.add(kind == TypeEntries.ANNOTATION ? WHOLE : parts - 1);
            }
        }
    }

    /// Whether a part of an entry is an annotation of that name, with a value.
    static boolean says(TypeNames names, TypeEntries e, int part, String name) {
        if (e.partName[part] == TypeEntries.NO_NAME || e.partValue[part] == TypeEntries.NO_NAME) {
            return false;
        }
        byte[] b = names.nameBytes(e.partName[part]);
        int at = names.nameOffset(e.partName[part]);
        for (int i = 0; i < name.length(); i++) {
            if (at + i >= b.length || b[at + i] != name.charAt(i)) {
                return false;
            }
        }
        return b[at + name.length()] == 0;
    }

    /// The first that is listed under this, or under what comes after it.
    int first(int under) {
        int low = 0;
        int high = key.size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (key.get(middle) < under) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    int shape(int i) {
        return shape.get(i);
    }

    /// A name of the worker that read it.
    int text(int i) {
        return text.get(i);
    }

    /// Which member or parameter, from 0 on, or [#WHOLE].
    int part(int i) {
        return part.get(i);
    }
}
