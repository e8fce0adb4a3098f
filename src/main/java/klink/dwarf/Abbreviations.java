package klink.dwarf;

import static klink.dwarf.Dwarf.DW_FORM_implicit_const;

import java.util.Arrays;
import klink.mem.IntList;
import klink.mem.LongList;

/// A table of `.debug_abbrev`: which tag and which attributes the entries of a unit have. A kernel object's has some
/// hundred, with codes counted up from 1.
final class Abbreviations {
    /// By code: index in the lists below, plus 1; 0 for a code that is not there.
    private int[] codes = new int[256];
    private final IntList tags = new IntList();
    private final IntList children = new IntList();
    private final IntList first = new IntList();
    private final IntList names = new IntList();
    private final IntList forms = new IntList();
    private final LongList implicits = new LongList();

    /// Reads the table at `c`.
    Abbreviations(Cursor c) {
        int most = c.left();
        for (int code = c.index(); code != 0; code = c.index()) {
            if (code > most) {
                throw c.bad("abbreviation code " + code);
            }
            if (code >= codes.length) {
                codes = Arrays.copyOf(codes, Math.max(code + 1, 2 * codes.length));
            }
            tags.add(c.index());
            codes[code] = tags.size();
            first.add(names.size());
            children.add(c.u8());
            for (int name = c.index(), form = c.index(); name != 0 || form != 0; name = c.index(), form = c.index()) {
                names.add(name);
                forms.add(form);
                implicits.add(form == DW_FORM_implicit_const ? c.sleb() : 0);
            }
        }
        first.add(names.size());
    }

    /// The abbreviation of that code, or -1.
    int find(int code) {
        return code > 0 && code < codes.length ? codes[code] - 1 : -1;
    }

    int tag(int abbreviation) {
        return tags.get(abbreviation);
    }

    int count() {
        return tags.size();
    }

    /// Whether entries follow that belong to it (DW_CHILDREN_yes).
    boolean hasChildren(int abbreviation) {
        return children.get(abbreviation) != 0;
    }

    /// Its attributes are those from here to [#end].
    int first(int abbreviation) {
        return first.get(abbreviation);
    }

    int end(int abbreviation) {
        return first.get(abbreviation + 1);
    }

    int name(int attribute) {
        return names.get(attribute);
    }

    int form(int attribute) {
        return forms.get(attribute);
    }

    long implicit(int attribute) {
        return implicits.get(attribute);
    }
}
