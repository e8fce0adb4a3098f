package klink.inspect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.mem.LongList;
import klink.mem.SegmentLE;

/// The words that a moving image's own startup code sets before anything else runs: RELATIVE relocations (an arm64
/// kernel has 238,000 in `.rela.dyn`, 5.5 MB) and the packed form of SHT_RELR, where the place holds the addend.
///
/// Such a word may hold anything in the file (`--no-apply-dynamic-relocs`); what counts is addend plus displacement,
/// which is the addend where the image is not moved.
final class RelativeEntries {
    private static final int X86_64_RELATIVE = 8;
    private static final int PPC64_RELATIVE = 22;
    private static final int AARCH64_RELATIVE = 1027;
    private static final int RELR_BITS = 63;

    private final ElfImage image;
    /// Sorted; of two entries for a place the later one comes later.
    private final long[] places;
    private final long[] addends;
    private final List<Section> sections = new ArrayList<>();
    private final boolean sortedInFile;
    /// Places of dynamic relocations that are neither RELATIVE nor NONE: a GLOB_DAT for an undefined weak symbol.
    private final Set<Long> others = new HashSet<>();

    private RelativeEntries(ElfImage image) {
        this.image = image;
        var found = new LongList();
        for (Section s : image.sections()) {
            if (s.isAlloc() && s.type() == Elf.SHT_RELA) {
                sections.add(s);
                rela(s, found);
            } else if (s.isAlloc() && (s.type() == Elf.SHT_RELR || s.type() == Elf.SHT_ANDROID_RELR)) {
                sections.add(s);
                relr(s, found);
            }
        }
        int n = found.size() / 2;
        boolean sorted = true;
        var order = new Integer[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
            sorted &= i == 0 || Long.compareUnsigned(found.get(2 * i - 2), found.get(2 * i)) <= 0;
        }
        sortedInFile = sorted;
        if (!sorted) {
            java.util.Arrays.sort(order, (a, b) -> Long.compareUnsigned(found.get(2 * a), found.get(2 * b)));
        }
        places = new long[n];
        addends = new long[n];
        for (int i = 0; i < n; i++) {
            places[i] = found.get(2 * order[i]);
            addends[i] = found.get(2 * order[i] + 1);
        }
    }

    static RelativeEntries of(ElfImage image) {
        return new RelativeEntries(image);
    }

    private void rela(Section s, LongList found) {
        if (s.size() % Elf.RELA_SIZE != 0) {
            throw image.bad(s.fileOffset(), s.name() + " of " + s.size() + " bytes is not whole entries of " + Elf.RELA_SIZE);
        }
        int relative = switch (image.fileHeader().machine()) {
            case Elf.EM_X86_64 -> X86_64_RELATIVE;
            case Elf.EM_PPC64 -> PPC64_RELATIVE;
            default -> AARCH64_RELATIVE;
        };
        for (long at = s.fileOffset(); at < s.fileOffset() + s.size(); at += Elf.RELA_SIZE) {
            long info = SegmentLE.i64(image.data(), at + 8);
            if (info == relative) {
                found.add(SegmentLE.i64(image.data(), at));
                found.add(SegmentLE.i64(image.data(), at + 16));
            } else if ((int) info != 0) {
                others.add(SegmentLE.i64(image.data(), at));
            }
        }
    }

    /// An even word is a place, an odd one a bitmap of the 63 words after the last place (gABI, "Relative Relocation Table").
    private void relr(Section s, LongList found) {
        long next = 0;
        for (long at = s.fileOffset(); at + 8 <= s.fileOffset() + s.size(); at += 8) {
            long word = SegmentLE.i64(image.data(), at);
            if ((word & 1) == 0) {
                packed(word, at, found);
                next = word + 8;
                continue;
            }
            for (int bit = 0; bit < RELR_BITS; bit++) {
                if ((word >>> bit + 1 & 1) != 0) {
                    packed(next + 8L * bit, at, found);
                }
            }
            next += 8L * RELR_BITS;
        }
    }

    private void packed(long place, long at, LongList found) {
        Section home = image.sectionAt(place, 8).orElse(null);
        if (home == null) {
            throw image.bad(at, "an entry for 0x" + Long.toHexString(place) + ", where the image has no bytes");
        }
        found.add(place);
        found.add(SegmentLE.i64(image.data(), home.fileOffset() + place - home.address()));
    }

    int count() {
        return places.length;
    }

    long place(int i) {
        return places[i];
    }

    long addend(int i) {
        return addends[i];
    }

    /// Whether another kind of dynamic relocation is for this place.
    boolean isOther(long place) {
        return others.contains(place);
    }

    /// The index of the entry for a place, or -1.
    int find(long place) {
        int low = 0;
        int high = places.length - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            int order = Long.compareUnsigned(places[middle], place);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /// The word at an address once the image runs where it was linked for; 0 outside of it.
    long word(long address) {
        int i = find(address);
        if (i >= 0) {
            return addends[i];
        }
        Section s = image.sectionAt(address, 8).orElse(null);
        return s == null ? 0 : SegmentLE.i64(image.data(), s.fileOffset() + (address - s.address()));
    }

    void check(CheckList checks) {
        if (image.fileHeader().type() != Elf.ET_DYN) {
            return;
        }
        if (sections.isEmpty()) {
            checks.none("relative", "no dynamic relocations");
            return;
        }
        String wrong = null;
        for (int i = 0; i < places.length && wrong == null; i++) {
            String place = "the entry for 0x" + Long.toHexString(places[i]);
            if (i > 0 && places[i] == places[i - 1]) {
                wrong = place + " is there twice";
            } else if (i > 0 && places[i] - places[i - 1] < 8) {
                wrong = place + " overlaps the one before it";
            } else if (image.sectionAt(places[i], 8).isEmpty()) {
                wrong = place + " is for no bytes of the image";
            } else if (!isInImage(addends[i])) {
                wrong = place + " sets it to 0x" + Long.toHexString(addends[i]) + ", far outside of the image";
            }
        }
        checks.result("relative", wrong, String.format(java.util.Locale.ROOT, "%,d words move with the image%s%s", places.length,
                sortedInFile ? ", sorted" : "", others.isEmpty() ? "" : ", " + others.size() + " other dynamic relocations"));
    }

    /// Tells in what the entries of two images differ: places that only one has, what is set, and whether they are in order.
    void compare(RelativeEntries other, List<Difference> out) {
        int places = 0;
        int values = 0;
        String first = null;
        String value = null;
        int i = 0;
        int j = 0;
        while (i < count() || j < other.count()) {
            int order = i == count() ? 1 : j == other.count() ? -1 : Long.compareUnsigned(place(i), other.place(j));
            if (order != 0) {
                places++;
                first = first != null ? first : "0x" + Long.toHexString(order < 0 ? place(i) : other.place(j)) + (order < 0 ? " in the first" : " in the second");
            } else if (addend(i) != other.addend(j)) {
                values++;
                value = value != null ? value : "0x" + Long.toHexString(place(i)) + ": 0x" + Long.toHexString(addend(i)) + " against 0x" + Long.toHexString(other.addend(j));
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        if (places > 0) {
            out.add(new Difference("relative.place", count() + " entries", other.count() + ", " + places + " only in one: " + first));
        }
        if (values > 0) {
            out.add(new Difference("relative.addend", values + " differ", value));
        }
        if (sortedInFile != other.sortedInFile) {
            out.add(new Difference("relative.order", sortedInFile ? "sorted" : "unsorted", other.sortedInFile ? "sorted" : "unsorted"));
        }
    }

    /// An address in the image, or near it: code makes pointers a little before or behind what they point into.
    private boolean isInImage(long address) {
        long near = 1 << 24;
        for (var s : image.segmentList()) {
            if (s.type() == Elf.PT_LOAD && Long.compareUnsigned(address - s.vaddr() + near, s.memsz() + 2 * near) < 0) {
                return true;
            }
        }
        return false;
    }
}
