package klink.veneer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.place.Placement;
import klink.resolve.Symbols;

/// The patches for erratum 843419: each holds a load or store that would go wrong where it was.
///
/// They stand behind their section as GNU ld has them: a branch around them and a NOP, then eight bytes for each, filled up to a
/// multiple of the page. What lies behind keeps its place in its page, so a patch makes no new site for the erratum. Patches are never taken
/// back, and there is at most one for each ADRP, so the search for them ends.
final class LoadPatches extends Patches {
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
    LoadPatches(Symbols symbols, Map<Integer, List<Integer>> sites, int dynamic) {
        super(Erratum.CORTEX_A53_843419);
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

    @Override
    public int count() {
        return sections.length;
    }

    @Override
    public String name(int i) {
        return names.get(i);
    }

    @Override
    public int section(int i) {
        return sections[i];
    }

    @Override
    public long address(int i, Addresses at, Sizes sizes) {
        if (sizes.veneers(sections[i]) == 0) {
            return at.addressOfInput(sections[i]); // they have no room yet
        }
        return start(sections[i], sites.get(sections[i]).size(), at, sizes) + HEAD + (long) numbers[i] * SIZE;
    }

    /// By section.
    Map<Integer, List<Integer>> sites() {
        return sites;
    }

    @Override
    void label(Labels labels, Machine machine, Placement place, Addresses at, Sizes sizes) {
        for (int i = 0; i < count(); i++) {
            int out = place.outputOf(sections[i]);
            if (numbers[i] == 0) {
                labels.mapping(machine, out, start(sections[i], sites.get(sections[i]).size(), at, sizes));
            }
            long p = address(i, at, sizes);
            labels.add(out, Elf.STT_FUNC, p, SIZE, names.get(i));
            labels.mapping(machine, out, p);
        }
    }

    /// Bytes from the start of a section to the first of its patches.
    static int first(int section, int patches, Addresses at, Sizes sizes) {
        return (int) (start(section, patches, at, sizes) - at.addressOfInput(section)) + HEAD;
    }

    /// Where the branch around them stands, on a multiple of 8.
    private static long start(int section, int patches, Addresses at, Sizes sizes) {
        long address = at.addressOfInput(section);
        return address + sizes.extent(section, address) - bytes(patches) & -8L;
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
