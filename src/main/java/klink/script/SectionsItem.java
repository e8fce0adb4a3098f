package klink.script;

import java.util.List;

/// What may stand inside `SECTIONS { }`.
public sealed interface SectionsItem
        permits Command.Entry, Command.Assign, Command.Assert, SectionsItem.OutputSection, SectionsItem.Overlay {
    Pos pos();

    /// An output section description:
    ///
    ///     name address (type) : AT(at) ALIGN(align) SUBALIGN(subalign) constraint
    ///         { items } >region AT>atRegion :phdr :phdr =fill
    ///
    /// What was not written is null or empty.
    ///
    /// @param name           ".text"; "/DISCARD/" takes what must not be in the image
    /// @param address        the section's VMA, else it follows the location counter
    /// @param type           how it is loaded
    /// @param elfType        with [Type#TYPE] and `READONLY (TYPE = n)`: its sh_type
    /// @param at             the LMA
    /// @param align          a lower bound on the section's alignment
    /// @param alignWithInput the LMA keeps the VMA's alignment padding
    /// @param subalign       the alignment of every input section, overriding its own
    /// @param phdrs          segment names; sticky for the sections that follow; "NONE" for no segment
    /// @param pos            of the name
    /// @param end            of the closing brace
    record OutputSection(String name, Expr address, Type type, Expr elfType, Expr at, Expr align,
            boolean alignWithInput, Expr subalign, Constraint constraint, List<OutputItem> items,
            String region, String atRegion, List<String> phdrs, Fill fill, Pos pos, Pos end)
            implements SectionsItem {
        public OutputSection {
            items = List.copyOf(items);
            phdrs = List.copyOf(phdrs);
        }

        public boolean discard() {
            return name.equals("/DISCARD/");
        }
    }

    /// The word in parentheses before the colon. DSECT, COPY, INFO and OVERLAY all make the section
    /// not allocated; NOLOAD makes it NOBITS.
    enum Type { NONE, NOLOAD, DSECT, COPY, INFO, OVERLAY, READONLY, TYPE }

    /// Output sections that exist only if all their inputs are read-only, or all are writable.
    enum Constraint { NONE, ONLY_IF_RO, ONLY_IF_RW, SPECIAL }

    /// `OVERLAY start : NOCROSSREFS AT(at) { member { items } :phdr =fill ... } >region`: sections that
    /// share one run-time address and follow each other in load memory. arm's vectors in the kernel
    /// (`arch/arm/include/asm/vmlinux.lds.h`) are one.
    ///
    /// @param address     of all members, or null: the location counter
    /// @param noCrossRefs members may not refer to each other
    /// @param at          the LMA of the first member, or null
    record Overlay(Expr address, boolean noCrossRefs, Expr at, Expr subalign, List<OverlayMember> members,
            String region, String atRegion, List<String> phdrs, Fill fill, Pos pos) implements SectionsItem {
        public Overlay {
            members = List.copyOf(members);
            phdrs = List.copyOf(phdrs);
        }
    }

    /// One section of an overlay. The linker defines `__load_start_NAME` and `__load_stop_NAME` for it
    /// (characters that C does not allow in a name left out).
    record OverlayMember(String name, List<OutputItem> items, List<String> phdrs, Fill fill, Pos pos) {
        public OverlayMember {
            items = List.copyOf(items);
            phdrs = List.copyOf(phdrs);
        }
    }
}
