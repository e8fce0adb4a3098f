package klink.inspect;

import java.util.ArrayList;
import java.util.List;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.inspect.LinkMap.Place;

/// An object and where the link map put each of its sections.
///
/// An object may have several sections of one name (COMDAT members, `.discard` pairs). The map lists those
/// that were kept in the object's order, so each takes the next place of its name and size. Sections
/// without a place were discarded.
final class PlacedObject {
    final LinkedObject object;
    final ElfImage image;
    private final Place[] places;
    private final Section[] relocations;
    private final List<Place> unclaimed;
    private final boolean listsMerged;

    PlacedObject(LinkedObject object, LinkMap map) {
        this.object = object;
        image = object.image();
        places = new Place[image.sections().size()];
        relocations = new Section[places.length];
        listsMerged = map.listsMerged();
        var free = new ArrayList<>(map.of(object.name()));
        if (free.isEmpty()) {
            free.addAll(map.of(object.inArchive()));
        }
        for (Section s : image.sections()) {
            if ((s.type() == Elf.SHT_RELA || s.type() == Elf.SHT_REL) && s.info() > 0 && s.info() < places.length) {
                relocations[s.info()] = s;
            }
            places[s.ndx()] = take(free, s);
        }
        free.removeIf(p -> p.size == 0 || isLinkerMade(p));
        unclaimed = List.copyOf(free);
    }

    /// GNU ld books sections that it makes itself (build-id, GOT) on the first object.
    private static boolean isLinkerMade(Place p) {
        return switch (p.section) {
            case ".note.gnu.build-id", ".note.gnu.property", ".ARM.attributes", ".got", ".got.plt", ".plt", ".iplt", ".dynamic", ".dynsym", ".dynstr", ".dynbss",
                    ".hash", ".gnu.hash", ".gnu.version", ".gnu.version_d", ".gnu.version_r", ".interp", "COMMON", ".eh_frame" -> true;
            default -> p.section.startsWith(".rel");
        };
    }

    /// Places that the map gives this object and that none of its sections fits: the map is of another link.
    List<Place> unclaimed() {
        return unclaimed;
    }

    private static Place take(List<Place> free, Section s) {
        for (int i = 0; i < free.size(); i++) {
            Place p = free.get(i);
            if (p.section.equals(s.name()) && p.inputSize == s.size()) {
                return free.remove(i);
            }
        }
        return null;
    }

    /// Where a section went; null if it was discarded.
    Place place(int ndx) {
        return places[ndx];
    }

    /// Whether a section is part of the output although the map does not place it.
    boolean isPlacedUnseen(int ndx) {
        return !listsMerged && places[ndx] == null && isMerged(ndx);
    }

    /// The `SHT_RELA` or `SHT_REL` section for a section; null if it has no relocations.
    Section relocations(int ndx) {
        return relocations[ndx];
    }

    /// Whether a linker may have moved the pieces of this section about. One with relocations of its own
    /// is never merged.
    boolean isMerged(int ndx) {
        Section s = image.sections().get(ndx);
        return (s.flags() & Elf.SHF_MERGE) != 0 && relocations[ndx] == null && s.entsize() != 0;
    }
}
