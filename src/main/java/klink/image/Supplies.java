package klink.image;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.got.Got;
import klink.layout.UnwindIndex;

/// What passes made that the image is to hold, in the place of sections of the objects or beside them. All of it is handed over before
/// [Image#copyAndRelocate]; what a link has not is null.
public final class Supplies {
    private static final int[] NOTHING = {};

    private final Map<Integer, Integer> promised;
    private final Map<Integer, Image.Synthetic> synthetic = new HashMap<>();
    private final Map<Integer, int[]> movingInMade = new HashMap<>();
    /// Those of them that are the global offset table.
    private final BitSet slots = new BitSet();
    private int replacedSection = -1;
    private byte[] replacement;
    Got.At got;
    MovingWords moving;
    UnwindIndex unwind;

    /// @param promised by section id: how many relocations a section that klink makes itself brings
    Supplies(Map<Integer, Integer> promised) {
        this.promised = promised;
    }

    /// Takes the contents of the sections that klink makes itself.
    public void fill(List<Image.Synthetic> made) {
        for (Image.Synthetic s : made) {
            if (s.relocations().length / 4 != promised.getOrDefault(s.section(), 0)) {
                throw new IllegalStateException("section " + s.section() + " has another number of relocations than it promised");
            }
            synthetic.put(s.section(), s);
        }
    }

    /// Takes the global offset table, if the link has one.
    public void use(Got.At table) {
        got = table;
        for (var c : table.contents()) {
            synthetic.put(c.section(), new Image.Synthetic(c.section(), c.bytes(), new long[0]));
            movingInMade.put(c.section(), c.addresses());
            slots.set(c.section()); // GNU ld has the addresses here in any case
        }
    }

    /// Takes the contents of one more section that klink makes, whose words at `moving` hold addresses.
    public void fill(int section, byte[] bytes, int[] moving) {
        synthetic.put(section, new Image.Synthetic(section, bytes, new long[0]));
        movingInMade.put(section, moving);
    }

    /// Gives an input section other contents, of the size that the layout has for it.
    public void replace(int section, byte[] bytes) {
        replacedSection = section;
        replacement = bytes;
    }

    /// Takes what becomes of the unwind index, if there is one.
    public void use(UnwindIndex index) {
        unwind = index;
    }

    /// Takes the table of words that move with the image, if it does.
    public void use(MovingWords words) {
        moving = words;
        for (Image.Synthetic s : synthetic.values()) {
            var offsets = new int[s.relocations().length / 4];
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = (int) s.relocations()[4 * i];
            }
            movingInMade.putIfAbsent(s.section(), offsets);
        }
    }

    /// The contents of a section that klink made; null if it is none, or empty.
    Image.Synthetic made(int section) {
        return synthetic.get(section);
    }

    /// Where in a section that klink made there are words with addresses.
    int[] movingIn(int section) {
        return movingInMade.getOrDefault(section, NOTHING);
    }

    /// Whether a section is part of the global offset table.
    boolean isTable(int section) {
        return slots.get(section);
    }

    /// Other contents for an input section; null if it keeps its own.
    byte[] replacement(int section) {
        return section == replacedSection ? replacement : null;
    }
}
