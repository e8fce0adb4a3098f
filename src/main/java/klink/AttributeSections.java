package klink;

import java.util.BitSet;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.input.ArmAttributes;
import klink.layout.Sizes;
import klink.mem.Endian;
import klink.place.Placement;
import klink.resolve.Symbols;

/// The `.ARM.attributes` of an image: one section in the place of those of all objects.
final class AttributeSections {
    private final BitSet dropped = new BitSet();
    private final int section;
    private final byte[] bytes;

    private AttributeSections(Symbols symbols, Endian endian) {
        var all = new ArmAttributes();
        int first = -1;
        for (int f = 0; f < symbols.fileCount(); f++) {
            int ndx = ArmAttributes.find(symbols.file(f));
            if (ndx != 0) {
                all.add(symbols.file(f));
                int id = symbols.firstSection(f) + ndx;
                first = first < 0 ? id : first;
                dropped.set(id, id != first);
            }
        }
        section = first;
        bytes = all.bytes(endian);
    }

    /// Null if there are none.
    static AttributeSections of(Symbols symbols, Machine machine) {
        var a = machine.number() != Elf.EM_ARM ? null : new AttributeSections(symbols, machine.endian());
        return a == null || a.section < 0 ? null : a;
    }

    /// Whether a section of them is none of the image's.
    static boolean drops(AttributeSections attributes, int section) {
        return attributes != null && attributes.dropped.get(section);
    }

    /// The one that stays.
    int section() {
        return section;
    }

    byte[] bytes() {
        return bytes;
    }

    /// The sizes with its own.
    static Sizes sized(AttributeSections attributes, Placement place, Sizes sizes) {
        return attributes == null || !place.isPlaced(attributes.section) ? sizes : sizes.with(attributes.section, attributes.bytes.length, 1);
    }
}
