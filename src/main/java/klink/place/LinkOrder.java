package klink.place;

import java.util.ArrayList;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.mem.IntList;
import klink.mem.IntSort;
import klink.resolve.Symbols;

/// Orders sections that stand for a part of another one (SHF_LINK_ORDER) as those others stand in the image: call sites of ftrace
/// (`__patchable_function_entries`, one per object on arm64), unwind entries. What one statement of the script took stays in the places that
/// it has, as in GNU ld; what is not of this kind stays where it is.
final class LinkOrder {
    private LinkOrder() {}

    static void sort(Placement place, Symbols symbols) {
        var unordered = new ArrayList<OutputSection.Inputs>();
        for (OutputSection out : place.sections()) {
            for (OutputSection.Item item : out.items()) {
                if (item instanceof OutputSection.Inputs in && followers(in, symbols).size() > 1) {
                    unordered.add(in);
                }
            }
        }
        if (unordered.isEmpty()) {
            return;
        }
        int[] rank = ranks(place, symbols);
        for (OutputSection.Inputs in : unordered) {
            sort(in, symbols, rank);
        }
    }

    /// By section id, which place it has in the image.
    private static int[] ranks(Placement place, Symbols symbols) {
        var rank = new int[symbols.sectionCount()];
        int n = 0;
        for (OutputSection out : place.sections()) {
            for (int section : place.inputsOf(out)) {
                rank[section] = ++n;
            }
        }
        return rank;
    }

    /// The indices of what follows another section.
    private static IntList followers(OutputSection.Inputs in, Symbols symbols) {
        var found = new IntList(4);
        for (int i = 0; i < in.sections().length; i++) {
            if (followed(in.sections()[i], symbols) >= 0) {
                found.add(i);
            }
        }
        return found;
    }

    private static int followed(int section, Symbols symbols) {
        int f = symbols.fileOfSection(section);
        ObjectFile file = symbols.file(f);
        int ndx = section - symbols.firstSection(f);
        int link = (file.flags(ndx) & Elf.SHF_LINK_ORDER) == 0 ? 0 : file.link(ndx);
        return link > 0 && link < file.sectionCount() ? symbols.firstSection(f) + link : -1;
    }

    private static void sort(OutputSection.Inputs in, Symbols symbols, int[] rank) {
        IntList places = followers(in, symbols);
        var ids = new int[places.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = in.sections()[places.get(i)];
        }
        IntSort.sort(ids, (a, b) -> Integer.compare(rank[followed(a, symbols)], rank[followed(b, symbols)]));
        for (int i = 0; i < ids.length; i++) {
            in.sections()[places.get(i)] = ids[i];
        }
    }
}
