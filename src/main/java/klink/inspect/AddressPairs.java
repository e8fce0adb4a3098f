package klink.inspect;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/// Addresses that two instructions make together: ADRP the page, an ADD or a load the place within it. Where the relocated
/// value is not known beforehand (a merged string, a slot of the global offset table) only both halves say what it is,
/// so they are gathered for each object by what they refer to, and joined at its end.
final class AddressPairs {
    /// @param got whether the slot for the symbol is meant, not the symbol
    record Reference(int symbol, long addend, boolean got) {}

    /// What the sites of one reference say.
    static final class Halves {
        final String section;
        final long offset;
        final String type;
        final TreeSet<Long> pages = new TreeSet<>();
        final TreeSet<Long> lows = new TreeSet<>();
        int sites;
        /// Whether some site was rewritten to use the symbol itself.
        boolean direct;

        private Halves(String section, long offset, String type) {
            this.section = section;
            this.offset = offset;
            this.type = type;
        }
    }

    private final Map<Reference, Halves> halves = new LinkedHashMap<>();

    Halves of(Reference reference, String section, long offset, SiteType type) {
        return halves.computeIfAbsent(reference, r -> new Halves(section, offset, type.name()));
    }

    /// One more site; `bits` are those of the address that its type knows.
    void add(Reference reference, String section, long offset, SiteType type, long bits) {
        Halves h = of(reference, section, offset, type);
        h.sites++;
        (type.known() < 0 ? h.pages : h.lows).add(bits);
    }

    Map<Reference, Halves> all() {
        return halves;
    }
}
