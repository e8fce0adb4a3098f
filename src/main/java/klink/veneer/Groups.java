package klink.veneer;

import java.util.concurrent.atomic.AtomicBoolean;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.input.RelocationTable;
import klink.layout.Addresses;
import klink.par.Par;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.resolve.Symbols;

/// Which input sections share veneers where these stand as GNU ld has them on powerpc: before the first section of a group (bfd,
/// `group_sections`). A group is 28 MiB of code behind its veneers and as much before them; sections whose conditional branches leave them
/// make for small groups, of 28 KiB. A pseries kernel has a handful.
///
///     | .text of a.o | veneers | .text of b.o | .text of c.o |
///      <---- 28 MiB ----><---------- 28 MiB ---------->
final class Groups {
    private static final long SIZE = 0x1c0_0000;
    private static final int SHORTER = 10;
    /// GNU ld counts from 16, and makes eight sections for veneers and their like before it opens an object, and two more for an image that moves.
    private static final int FIRST_NUMBER = 24;
    private static final int BLOCK = 1024;

    private final Symbols symbols;
    private final Placement place;
    private final Machine machine;
    /// By section id, the section before which its veneers stand, plus one.
    private final int[] link;
    private final boolean[] shortBranches;
    private final AtomicBoolean prefixed = new AtomicBoolean();
    private final int made;
    private int[] numbers;

    /// @param made sections that GNU ld makes for an image of this kind behind those of the first object
    Groups(Symbols symbols, Placement place, Machine machine, Addresses at, int made, int threads) {
        this.symbols = symbols;
        this.place = place;
        this.machine = machine;
        this.made = made;
        link = new int[symbols.sectionCount()];
        shortBranches = new boolean[symbols.sectionCount()];
        var blocks = new long[threads][];
        Par.loop(symbols.fileCount(), threads, (f, w) -> {
            blocks[w] = blocks[w] == null ? new long[3 * BLOCK] : blocks[w];
            findShortBranches(f, blocks[w]);
        });
        for (OutputSection s : place.sections()) {
            if (at.isKept(s.id()) && (at.flags(s.id()) & Elf.SHF_EXECINSTR) != 0) {
                group(place.inputsOf(s), at);
            }
        }
    }

    /// Sections with a conditional branch out of them, as far as can be told before the script's symbols are defined.
    private void findShortBranches(int f, long[] block) {
        ObjectFile file = symbols.file(f);
        boolean prefixes = false;
        for (int rel = 1; rel < file.sectionCount(); rel++) {
            if (!RelocationTable.is(file, rel) || !place.isPlaced(symbols.firstSection(f) + file.info(rel)) || (file.flags(file.info(rel)) & Elf.SHF_EXECINSTR) == 0) {
                continue;
            }
            long count = RelocationTable.count(file, rel);
            for (long done = 0; done < count; done += BLOCK) {
                int n = (int) Math.min(BLOCK, count - done);
                RelocationTable.read(file, rel, done, n, block);
                for (int i = 0; i < 3 * n; i += 3) {
                    int sym = (int) (block[i + 1] >>> 32);
                    prefixes |= machine.isPrefixed((int) block[i + 1]);
                    if (machine.isConditional((int) block[i + 1]) && sym >= 0 && sym < file.symbolCount() && leaves(f, file.info(rel), sym)) {
                        shortBranches[symbols.firstSection(f) + file.info(rel)] = true;
                    }
                }
            }
        }
        if (prefixes) {
            prefixed.set(true);
        }
    }

    /// Whether an object has instructions of two words, so that a veneer may have one: Power10.
    boolean havePrefixes() {
        return prefixed.get();
    }

    private boolean leaves(int f, int ndx, int sym) {
        ObjectFile file = symbols.file(f);
        if (sym < file.firstGlobal()) {
            return file.symbolSection(sym) != ndx;
        }
        int g = symbols.global(f, sym);
        return symbols.kind(g) != Symbols.DEFINED || symbols.definingFile(g) != f || file.symbolSection(symbols.definingSymbol(g)) != ndx;
    }

    private void group(int[] all, Addresses at) {
        int n = 0;
        for (int section : all) {
            if (at.offset(section) >= 0) {
                all[n++] = section;
            }
        }
        int tail = n - 1;
        while (tail >= 0) {
            int section = all[tail];
            long limit = shortBranches[section] ? SIZE >> SHORTER : SIZE;
            long total = size(section);
            boolean big = total > limit;
            int first = tail;
            while (first > 0) {
                total += at.offset(all[first]) - at.offset(all[first - 1]);
                limit = shortBranches[all[first - 1]] ? SIZE >> SHORTER : limit;
                if (total >= limit) {
                    break;
                }
                first--;
            }
            for (int i = first; i <= tail; i++) {
                link[all[i]] = all[first] + 1;
            }
            int before = first - 1;
            total = 0;
            int last = first;
            while (!big && before >= 0) {
                total += at.offset(all[last]) - at.offset(all[before]);
                limit = shortBranches[all[before]] ? SIZE >> SHORTER : limit;
                if (total >= limit) {
                    break;
                }
                link[all[before]] = all[first] + 1;
                last = before--;
            }
            tail = before;
        }
    }

    private long size(int section) {
        int f = symbols.fileOfSection(section);
        return symbols.file(f).size(section - symbols.firstSection(f));
    }

    /// The section before which the veneers for branches of a section stand; -1 if it has none.
    int of(int section) {
        return link[section] - 1;
    }

    /// The number of a section in GNU ld's names.
    int number(int section) {
        numbers = numbers == null ? SectionNumbers.of(symbols, FIRST_NUMBER + (made > 0 ? 2 : 0), made) : numbers;
        return numbers[section];
    }
}
