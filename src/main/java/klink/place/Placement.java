package klink.place;

import java.util.List;
import klink.script.Command;

/// Who goes where: every input section's output section, and the order of everything in the image.
/// Follows from names and the script alone; no size or address is involved.
///
/// Nothing changes here after [Placer] has made it.
public final class Placement {
    /// [#outputOf] of a section that is in no output section: tables of the object itself (symbols,
    /// relocations), discarded comdat members.
    public static final int NONE = -1;
    /// [#outputOf] of a section that `/DISCARD/` took, or `--gc-sections` or `--strip-debug` removed.
    public static final int DISCARDED = -2;

    /// What stands at the top level and in SECTIONS, in order.
    public sealed interface Step {}

    /// An assignment or ASSERT outside the output sections.
    public record Statement(Command command) implements Step {}

    /// The place of an output section.
    public record Section(OutputSection section) implements Step {}

    private final List<Step> steps;
    private final List<OutputSection> sections;
    private final int[] outputOf;

    Placement(List<Step> steps, List<OutputSection> sections, int[] outputOf) {
        this.steps = List.copyOf(steps);
        this.sections = List.copyOf(sections);
        this.outputOf = outputOf;
    }

    /// Everything the location counter walks over, in order.
    public List<Step> steps() {
        return steps;
    }

    /// Output sections in the order of [#steps]; a section's [OutputSection#id] is its index here.
    public List<OutputSection> sections() {
        return sections;
    }

    /// The output section of a section id, or [#NONE] or [#DISCARDED].
    public int outputOf(int section) {
        return outputOf[section];
    }

    /// Whether the input section is part of the image.
    public boolean isPlaced(int section) {
        return outputOf[section] >= 0;
    }

    /// The output section of that name, or null.
    public OutputSection find(String name) {
        for (OutputSection s : sections) {
            if (s.name().equals(name)) {
                return s;
            }
        }
        return null;
    }

    /// Section ids of an output section's inputs, in order.
    public int[] inputsOf(OutputSection out) {
        int n = 0;
        for (OutputSection.Item item : out.items()) {
            if (item instanceof OutputSection.Inputs in) {
                n += in.sections().length;
            }
        }
        var all = new int[n];
        n = 0;
        for (OutputSection.Item item : out.items()) {
            if (item instanceof OutputSection.Inputs in) {
                System.arraycopy(in.sections(), 0, all, n, in.sections().length);
                n += in.sections().length;
            }
        }
        return all;
    }
}
