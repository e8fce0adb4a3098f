package klink.veneer;

import java.util.Arrays;
import java.util.List;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.mem.IntList;
import klink.place.Placement;
import klink.resolve.Symbols;

/// The sections of one output section that veneers stand behind, or may.
final class Hosts {
    /// Bytes left of a branch's reach when a place is picked: what veneers of later rounds may add in between. The second is for what
    /// has no place otherwise.
    private static final long[] SLACK = {1 << 20, 1 << 12};
    /// Code that runs at another address, or whose size a script asserts: a veneer there is one too many.
    private static final List<String> AVOIDED = List.of(".idmap.text", ".hyp.idmap.text", ".hyp.text", ".head.text", ".entry.text", ".entry.tramp.text",
            ".hibernate_exit.text", ".kexec_relocate.text", ".mmuoff", ".exception.text");
    /// Code that the kernel asks questions about by its bounds: taken if the output section has no other.
    private static final List<String> BOUNDED = List.of(".softirqentry.text", ".irqentry.text", ".noinstr.text");

    private final Slots slots;
    /// In order of address, which no round changes.
    private final int[] places;
    /// Indices of the places that have veneers, rising.
    private final IntList used = new IntList();

    Hosts(Symbols symbols, Placement place, Slots slots, int out) {
        this.slots = slots;
        int[] all = place.inputsOf(place.sections().get(out));
        int[] unbounded = places(symbols, all, BOUNDED);
        places = unbounded.length > 0 ? unbounded : places(symbols, all, List.of());
    }

    private static int[] places(Symbols symbols, int[] all, List<String> avoided) {
        var kept = new int[all.length];
        int n = 0;
        for (int section : all) {
            int f = symbols.fileOfSection(section);
            ObjectFile file = symbols.file(f);
            int ndx = section - symbols.firstSection(f);
            if (!file.isSynthetic() && file.type(ndx) == Elf.SHT_PROGBITS && (file.flags(ndx) & Elf.SHF_EXECINSTR) != 0 && file.size(ndx) > 0
                    && !isAvoided(file.sectionName(ndx)) && !avoided.contains(file.sectionName(ndx))) {
                kept[n++] = section;
            }
        }
        return Arrays.copyOf(kept, n);
    }

    /// Names with the exception vectors' suffixes too, and powerpc's alternative code: where it is copied, the kernel takes a branch to
    /// just behind it for one within it (arch/powerpc/lib/feature-fixups.c).
    private static boolean isAvoided(String name) {
        return AVOIDED.contains(name) || name.startsWith(".head.text.") || name.startsWith("__ftr_alt_");
    }

    /// Where veneers behind a section begin.
    static long end(int section, Addresses at, Sizes sizes) {
        long address = at.addressOfInput(section);
        return address + sizes.toVeneers(section, address);
    }

    /// A section behind which a veneer for a branch can stand: one that has some already, else the last that it reaches.
    /// @param reach how far the branch reaches forwards
    /// @param back  the same backwards
    /// @return section id, or -1 if there is none
    int pick(long p, long reach, long back, Addresses at, Sizes sizes) {
        for (long slack : SLACK) {
            int i = firstUsed(p - back + slack, at, sizes);
            if (i < used.size() && next(used.get(i), at, sizes) <= p + reach - slack) {
                return places[used.get(i)];
            }
            int k = lastPlace(p + reach - slack, at, sizes);
            if (k >= 0 && next(k, at, sizes) >= p - back + slack) {
                use(k);
                return places[k];
            }
        }
        return -1;
    }

    /// Where the next veneer behind a place would stand.
    private long next(int k, Addresses at, Sizes sizes) {
        return end(places[k], at, sizes) + slots.behind(places[k]);
    }

    private int firstUsed(long from, Addresses at, Sizes sizes) {
        int low = 0;
        int high = used.size();
        while (low < high) {
            int mid = low + high >>> 1;
            if (next(used.get(mid), at, sizes) < from) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low;
    }

    private int lastPlace(long to, Addresses at, Sizes sizes) {
        int low = 0;
        int high = places.length;
        while (low < high) {
            int mid = low + high >>> 1;
            if (end(places[mid], at, sizes) <= to) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        while (low > 0 && next(low - 1, at, sizes) > to) {
            low--; // it is full
        }
        return low - 1;
    }

    private void use(int k) {
        for (int i = 0; i < used.size(); i++) {
            if (used.get(i) == k) {
                return;
            }
        }
        int i = used.size();
        used.add(k);
        while (i > 0 && used.get(i - 1) > k) {
            used.set(i, used.get(i - 1));
            i--;
        }
        used.set(i, k);
    }
}
