package klink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.btf.BtfEncoder;
import klink.btf.BtfFeature;
import klink.btf.BtfOptions;
import klink.elf.Elf;
import klink.input.ObjectFile;

/// Where finished files have variables: by section of an object, or by the addresses of an image.
final class FilePlaces implements BtfEncoder.Places {
    private final List<ObjectFile> files;
    private final Map<ObjectFile, Integer> index = new HashMap<>();
    /// By file and section: which of [#names] it has, counted from 1; 0 if its variables are not wanted.
    private final int[][] named;
    private final List<String> names = new ArrayList<>();

    FilePlaces(List<ObjectFile> files, BtfOptions options) {
        this.files = files;
        boolean all = options.features().contains(BtfFeature.GLOBAL_VAR);
        named = new int[files.size()][];
        for (int f = 0; f < named.length; f++) {
            ObjectFile file = files.get(f);
            index.put(file, f);
            named[f] = new int[file.sectionCount()];
            for (int s = 1; s < file.sectionCount(); s++) {
                String name = file.sectionName(s);
                if (holdsData(file, s) && (all || name.equals(Types.PERCPU))) {
                    if (!names.contains(name)) {
                        names.add(name);
                    }
                    named[f][s] = names.indexOf(name) + 1;
                }
            }
        }
    }

    private static boolean holdsData(ObjectFile file, int section) {
        return file.type(section) == Elf.SHT_PROGBITS || file.type(section) == Elf.SHT_NOBITS;
    }

    /// Start of a section: 0 in an object.
    static long address(ObjectFile file, int section) {
        return file.isRelocatable() ? 0 : file.address(section);
    }

    /// @see BtfEncoder.Sections
    boolean has(ObjectFile file, int section, long offset) {
        return named[index.get(file)][file.isRelocatable() ? section : sectionAt(file, offset)] != 0;
    }

    boolean isWanted(int file, int section) {
        return section > 0 && section < named[file].length && named[file][section] != 0;
    }

    /// The first section that an address is in, as pahole finds it, though one that is not loaded has addresses from 0 on; 0 for none.
    private static int sectionAt(ObjectFile file, long address) {
        for (int s = 1; s < file.sectionCount(); s++) {
            if (holdsData(file, s) && Long.compareUnsigned(address - file.address(s), file.size(s)) < 0) {
                return s;
            }
        }
        return 0;
    }

    private int sectionOf(int file, long place) {
        return files.get(file).isRelocatable() ? (int) (place >>> 32) : sectionAt(files.get(file), place);
    }

    @Override
    public int section(int file, long place) {
        return named[file][sectionOf(file, place)];
    }

    @Override
    public String name(int section) {
        return names.get(section - 1);
    }

    @Override
    public long offset(int file, long place) {
        ObjectFile f = files.get(file);
        return f.isRelocatable() ? place & 0xffff_ffffL : place - f.address(sectionOf(file, place));
    }
}
