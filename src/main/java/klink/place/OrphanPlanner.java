package klink.place;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import klink.elf.Elf;
import klink.script.Command;

/// Finds the place of an output section that the script does not mention.
///
/// The rule is GNU ld's (ld/ldelf.c, ldelf_place_orphan; ld/ldlang.c, insert_os_after): each kind of
/// section has an anchor, the section that is conventionally named so (`.text`, `.rodata`, `.data`,
/// `.bss`) or else the last of the same kind; orphans of one kind follow it in the order they are
/// met. Symbols assigned right after the anchor stay with it, but the orphan comes before the
/// location counter moves on: between `_etext = .` and the `. = ALIGN(...)` behind it.
final class OrphanPlanner {
    private enum Kind { TEXT, RODATA, DATA, BSS, INTERP, NONALLOC }

    /// Where a /DISCARD/ stands: orphans mind it as they do any section.
    static final Object DISCARD = "/DISCARD/";

    private final List<Object> steps;
    private final Map<Kind, Placer.Builder> anchors = new EnumMap<>(Kind.class);
    /// Where the anchors stand that are orphans themselves: an object may have 65,000 of them.
    private final Map<Kind, Integer> places = new EnumMap<>(Kind.class);

    OrphanPlanner(List<Object> steps) {
        this.steps = steps;
    }

    /// Inserts `orphan`, whose first section has these flags and type, into the steps.
    void insert(Placer.Builder orphan, long flags, int type) {
        Kind kind = kind(flags, type);
        Placer.Builder anchor = anchors.get(kind);
        boolean chained = anchor != null;
        if (anchor == null) {
            anchor = firstAnchor(kind);
        }
        int at = anchor == null ? (kind == Kind.NONALLOC ? steps.size() : firstSection()) : (chained ? places.get(kind) : steps.indexOf(anchor)) + 1;
        if (anchor != null && !chained) {
            at = pastAssignments(at);
        }
        steps.add(at, orphan);
        int inserted = at;
        places.replaceAll((_, place) -> place >= inserted ? place + 1 : place);
        places.put(kind, at);
        anchors.put(kind, orphan);
    }

    private Placer.Builder firstAnchor(Kind kind) {
        if (kind == Kind.NONALLOC) {
            return lastSection();
        }
        String conventional = switch (kind) {
            case TEXT -> ".text";
            case RODATA -> ".rodata";
            case DATA -> ".data";
            case BSS -> ".bss";
            case INTERP -> ".interp";
            case NONALLOC -> ".comment";
        };
        Placer.Builder last = null;
        for (Object step : steps) {
            if (step instanceof Placer.Builder b) {
                if (b.name.equals(conventional)) {
                    return b;
                }
                InputKind k = b.kindNow();
                if (k.hasInputs() && kind(k.flags(b.script), k.type(b.script)) == kind) {
                    last = b;
                }
            }
        }
        return last != null ? last : switch (kind) {
            case INTERP -> last(Kind.RODATA, Kind.TEXT);
            case DATA -> firstAnchor(Kind.RODATA);
            case BSS -> firstAnchor(Kind.DATA);
            case RODATA -> last(Kind.TEXT);
            default -> null;
        };
    }

    /// The last section so far of the first of these kinds that there is any of.
    private Placer.Builder last(Kind... kinds) {
        for (Kind wanted : kinds) {
            for (int i = steps.size() - 1; i >= 0; i--) {
                if (steps.get(i) instanceof Placer.Builder b) {
                    InputKind k = b.kindNow();
                    if ((k.hasInputs() || k.hasData()) && kind(k.flags(b.script), k.type(b.script)) == wanted) {
                        return b;
                    }
                }
            }
        }
        return null;
    }

    private Placer.Builder lastSection() {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i) instanceof Placer.Builder b) {
                return b;
            }
        }
        return null;
    }

    private int firstSection() {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof Placer.Builder) {
                return i;
            }
        }
        return steps.size();
    }

    private int pastAssignments(int from) {
        int move = -1;
        int i = from;
        while (i < steps.size() && steps.get(i) instanceof Placement.Statement s) {
            if (move < 0 && s.command() instanceof Command.Assign a && a.toDot()) {
                move = i;
            }
            i++;
        }
        if (move >= 0 && i < steps.size() && steps.get(i) == DISCARD) {
            return move;
        }
        if (move >= 0 && i < steps.size() && steps.get(i) instanceof Placer.Builder b) {
            InputKind next = b.kindNow();
            if (!next.hasInputs() || (next.flags(b.script) & Elf.SHF_ALLOC) != 0) {
                return move;
            }
        }
        return i;
    }

    private static Kind kind(long flags, int type) {
        if ((flags & Elf.SHF_ALLOC) == 0) {
            return Kind.NONALLOC;
        }
        if (type == Elf.SHT_NOTE) {
            return Kind.INTERP;
        }
        if (type == Elf.SHT_NOBITS) {
            return Kind.BSS;
        }
        if ((flags & Elf.SHF_WRITE) != 0) {
            return Kind.DATA;
        }
        return (flags & Elf.SHF_EXECINSTR) != 0 ? Kind.TEXT : Kind.RODATA;
    }
}
