package klink.veneer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.resolve.Symbols;

/// The pieces of code that stand in for a load or store which erratum 843419 would spoil; none or one in most arm64 kernels.
///
/// They stand behind their section as GNU ld has them: a branch around them and a NOP, then eight bytes for each, filled up to a
/// multiple of the page. What lies behind keeps its place in its page, so a patch makes no new site for the erratum.
///
/// kallsyms lists them by name (scripts/kallsyms knows no reason not to), so they are looked for in an early layout, before names are
/// settled. Should the final one show more, names are settled again: patches are never taken back, and there is at most one for each
/// ADRP, so that ends.
public final class Patches {
    static final int SIZE = 8;
    private static final int HEAD = 8;
    private static final int PAGE = 0x1000;
    private static final int FIRST_SECTION = 16;

    private final Map<Integer, List<Integer>> sites;
    private final List<String> names = new ArrayList<>();
    private final int[] sections;
    private final int[] numbers;

    /// @param sites   offsets of what is moved, in the order of their patches, by section
    /// @param dynamic sections that GNU ld makes for an image of this kind behind those of the first object
    Patches(Symbols symbols, Map<Integer, List<Integer>> sites, int dynamic) {
        this.sites = new TreeMap<>();
        int n = 0;
        for (Map.Entry<Integer, List<Integer>> e : sites.entrySet()) {
            this.sites.put(e.getKey(), List.copyOf(e.getValue()));
            n += e.getValue().size();
        }
        sections = new int[n];
        numbers = new int[n];
        name(symbols, dynamic);
    }

    /// Those that an early layout shows.
    public static Patches foresee(Symbols symbols, klink.place.Placement place, klink.merge.MergedSections merged, Addresses early, int dynamic, int threads) {
        var scan = new Erratum843419(symbols, place, merged, none(symbols));
        scan.find(early, threads);
        return scan.patches(dynamic);
    }

    public static Patches none(Symbols symbols) {
        return new Patches(symbols, Map.of(), 0);
    }

    /// GNU ld's names: `e843419@FILE_SECTION_OFFSET`, where files and sections are numbered as bfd opens and makes them: the output and
    /// the stubs' own file first, an archive before its members, sections from 16 on, tables of relocations and symbols not among them.
    private void name(Symbols symbols, int dynamic) {
        if (sites.isEmpty()) {
            return;
        }
        var archives = new HashSet<String>();
        int fileNumber = 2;
        int sectionNumber = FIRST_SECTION;
        int k = 0;
        boolean first = true;
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            if (file.isSynthetic()) {
                continue;
            }
            if (file.archiveName() != null && archives.add(file.archiveName())) {
                fileNumber++;
            }
            for (int s = 1; s < file.sectionCount(); s++) {
                if (isTable(file.type(s))) {
                    continue;
                }
                int id = symbols.firstSection(f) + s;
                List<Integer> here = sites.getOrDefault(id, List.of());
                for (int i = 0; i < here.size(); i++) {
                    sections[k] = id;
                    numbers[k++] = i;
                    names.add("e843419@" + hex(fileNumber, 4) + "_" + hex(sectionNumber, 8) + "_" + Integer.toHexString(here.get(i)));
                }
                sectionNumber++;
            }
            fileNumber++;
            sectionNumber += first ? dynamic : 0;
            first = false;
        }
    }

    static boolean isTable(int type) {
        return type == Elf.SHT_NULL || type == Elf.SHT_SYMTAB || type == Elf.SHT_STRTAB || type == Elf.SHT_RELA || type == Elf.SHT_REL
                || type == Elf.SHT_SYMTAB_SHNDX;
    }

    private static String hex(int n, int digits) {
        String s = Integer.toHexString(n);
        return "0".repeat(Math.max(0, digits - s.length())) + s;
    }

    public int count() {
        return sections.length;
    }

    public String name(int i) {
        return names.get(i);
    }

    /// The section that patch number `i` stands behind.
    public int section(int i) {
        return sections[i];
    }

    public long address(int i, Addresses at, Sizes sizes) {
        return start(sections[i], at, sizes) + HEAD + (long) numbers[i] * SIZE;
    }

    /// By section.
    Map<Integer, List<Integer>> sites() {
        return sites;
    }

    /// Whether it is the first one behind its section.
    boolean isFirst(int i) {
        return numbers[i] == 0;
    }

    /// Bytes from the start of a section to the first of its patches.
    int first(int section, Addresses at, Sizes sizes) {
        return (int) (start(section, at, sizes) - at.addressOfInput(section)) + HEAD;
    }

    /// Where the branch around them stands, on a multiple of 8.
    long start(int section, Addresses at, Sizes sizes) {
        return at.addressOfInput(section) + sizes.extent(section) - bytes(sites.get(section).size()) & -8L;
    }

    /// Adds the bytes of patches to those that stand behind each section already.
    static void reserve(Map<Integer, List<Integer>> sites, Sizes sizes, int[] bytes) {
        sites.forEach((section, list) -> {
            int end = (int) ((sizes.size(section) + 3 & -4L) + bytes[section]);
            int gap = sizes.alignment(section) < 8 ? 4 : -end & 7;
            bytes[section] += gap + bytes(list.size());
        });
    }

    private static int bytes(int patches) {
        return HEAD + patches * SIZE + PAGE - 1 & -PAGE;
    }
}
