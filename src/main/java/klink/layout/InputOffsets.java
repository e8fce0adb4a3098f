package klink.layout;

import java.util.Arrays;
import klink.place.OutputSection;

/// Where input sections stand in their output sections. All walks of a layout share one table: sections that a statement of the script
/// took stand as they stood if they start where they started, so of millions of sections a second walk touches few.
final class InputOffsets {
    /// What is known of the sections of one statement: the location counter before and after them, where the output section
    /// starts, the script's SUBALIGN.
    private static final int FIELDS = 4;
    private static final int FROM = 0;
    private static final int TO = 1;
    private static final int START = 2;
    private static final int SUBALIGN = 3;

    private final Sizes sizes;
    private final long[] offset;
    /// By section: where the veneers before it begin; null: there are none.
    private long[] lead;
    /// By output section: its strictest alignment, and the SUBALIGN that this was found with, plus one.
    private final long[] strictest;
    private final long[] strictestWith;
    private long[] known = new long[64 * FIELDS];
    private int knownCount;
    private int next;
    private boolean moved;

    InputOffsets(Sizes sizes, int sections, int outputs) {
        this.sizes = sizes;
        offset = new long[sections];
        Arrays.fill(offset, -1);
        strictest = new long[outputs];
        strictestWith = new long[outputs];
    }

    /// A walk begins. The statements come in the same order in each.
    void begin() {
        next = 0;
        moved = false;
    }

    /// Whether a section stands elsewhere than in the walk before.
    boolean moved() {
        return moved;
    }

    /// Offset in the output section; -1 if it has none yet, or takes no place.
    long of(int section) {
        return offset[section];
    }

    /// Places the sections of the next statement.
    /// @param dot      the location counter before them
    /// @param start    address of the output section
    /// @param subalign what the script aligns each of them to; 0: each as it wants
    /// @return the location counter after them
    long place(OutputSection.Inputs in, long dot, long start, long subalign) {
        int k = FIELDS * next++;
        if (k < knownCount && known[k + FROM] == dot && known[k + START] == start && known[k + SUBALIGN] == subalign) {
            return known[k + TO];
        }
        if (k == known.length) {
            known = Arrays.copyOf(known, 2 * k);
        }
        knownCount = Math.max(knownCount, k + FIELDS);
        known[k + FROM] = dot;
        known[k + START] = start;
        known[k + SUBALIGN] = subalign;
        for (int s : in.sections()) {
            if (sizes.isAbsent(s)) {
                continue;
            }
            if (sizes.ahead(s) > 0) {
                dot = ahead(s, dot, start);
            }
            dot = dot + (subalign != 0 ? subalign : sizes.alignment(s)) - 1 & -(subalign != 0 ? subalign : sizes.alignment(s));
            moved |= offset[s] != dot - start;
            offset[s] = dot - start;
            dot += sizes.extent(s, dot);
        }
        known[k + TO] = dot;
        return dot;
    }

    private long ahead(int section, long dot, long start) {
        lead = lead == null ? new long[offset.length] : lead;
        long at = dot + Sizes.AHEAD_ALIGNMENT - 1 & -Sizes.AHEAD_ALIGNMENT;
        moved |= lead[section] != at - start;
        lead[section] = at - start;
        return at + sizes.ahead(section);
    }

    /// Offset of what stands before a section, or of itself.
    long lead(int section) {
        return lead == null || sizes.ahead(section) == 0 ? offset[section] : lead[section];
    }

    /// The strictest alignment in an output section, at least 1.
    /// @param subalign as [#place] has it, at least; 0: none
    long alignment(OutputSection out, long subalign) {
        int id = out.id();
        if (strictestWith[id] != subalign + 1) {
            long align = 1;
            for (OutputSection.Item item : out.items()) {
                if (item instanceof OutputSection.Inputs in) {
                    for (int s : in.sections()) {
                        if (!sizes.isAbsent(s)) {
                            align = Math.max(align, Math.max(subalign, sizes.strictest(s)));
                        }
                    }
                }
            }
            strictest[id] = align;
            strictestWith[id] = subalign + 1;
        }
        return strictest[id];
    }
}
