package klink.place;

import java.util.List;
import klink.elf.Elf;
import klink.script.OutputItem;
import klink.script.SectionsItem;

/// One section of the image as placement leaves it: what is in it, in order, and what kind of
/// section that makes it. A kernel has about 60, some of them (`__ksymtab`) made of thousands of
/// input sections, `.text` of 4,000 to 400,000.
///
/// Sizes and addresses are not here: they belong to layout.
public final class OutputSection {
    /// What stands in an output section, in order.
    public sealed interface Item {}

    /// Consecutive input sections, as section ids: what one input pattern took.
    /// @param keep the pattern stands in KEEP( )
    public record Inputs(int[] sections, boolean keep) implements Item {}

    /// An assignment, ASSERT, data command, FILL or marker, as the script has it.
    public record Scripted(OutputItem item) implements Item {}

    private final int id;
    private final String name;
    private final SectionsItem.OutputSection script;
    private final List<Item> items;
    private final long flags;
    private final int type;
    private final long entsize;
    private final boolean hasInputs;

    OutputSection(int id, String name, SectionsItem.OutputSection script, List<Item> items, long flags, int type, long entsize,
            boolean hasInputs) {
        this.id = id;
        this.name = name;
        this.script = script;
        this.items = List.copyOf(items);
        this.flags = flags;
        this.type = type;
        this.entsize = entsize;
        this.hasInputs = hasInputs;
    }

    /// Index in [Placement#sections].
    public int id() {
        return id;
    }

    public String name() {
        return name;
    }

    /// The section as the script describes it; null for an orphan.
    public SectionsItem.OutputSection script() {
        return script;
    }

    public List<Item> items() {
        return items;
    }

    /// sh_flags.
    public long flags() {
        return flags;
    }

    /// sh_type; a section whose only content is the script's may still become NOBITS in layout.
    public int type() {
        return type;
    }

    public long entsize() {
        return entsize;
    }

    /// Whether any input section is in it.
    public boolean hasInputs() {
        return hasInputs;
    }

    public boolean isAlloc() {
        return (flags & Elf.SHF_ALLOC) != 0;
    }

    @Override
    public String toString() {
        return name;
    }

}
