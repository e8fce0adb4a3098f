package klink.symvers;

import java.util.ArrayList;
import java.util.List;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.kernel.Config;

/// In which order the local symbols of many objects stand in the one that a linker merges of them (`-r`). modpost writes
/// exports in that order, so it is the order of `vmlinux.symvers`.
public enum MergeOrder {
    /// As the files are named: ld.lld.
    FILES,
    /// GNU ld copies a file's symbols when it first meets a section of the file, section by section of its output
    /// (bfd/elflink.c, bfd_elf_final_link). Loaded notes stand before `.text`, which every object has, so files with a note
    /// come first, by name of the note.
    NOTES_FIRST;

    /// What the linker of this kernel does.
    public static MergeOrder of(Config config) {
        return config.has("CONFIG_LD_IS_LLD") ? FILES : NOTES_FIRST;
    }

    private static final String PROPERTY = ".note.gnu.property";

    /// Indices of `files` in that order.
    public int[] order(List<ObjectFile> files) {
        int n = files.size();
        var order = new int[n];
        int at = 0;
        var taken = new boolean[n];
        if (this == NOTES_FIRST) {
            for (String name : notes(files)) {
                boolean merged = name.equals(PROPERTY);
                for (int f = 0; f < n && !(merged && !lasts(files)); f++) {
                    if (!taken[f] && note(files.get(f), name) != 0) {
                        taken[f] = true;
                        order[at++] = f;
                        if (merged) {
                            break; // all are merged into the first
                        }
                    }
                }
            }
        }
        for (int f = 0; f < n; f++) {
            if (!taken[f]) {
                order[at++] = f;
            }
        }
        return order;
    }

    /// Names of all loaded notes, as they appear. There are two or three in a kernel.
    private static List<String> notes(List<ObjectFile> files) {
        var names = new ArrayList<String>();
        for (ObjectFile file : files) {
            for (int s = 1; s < file.sectionCount(); s++) {
                if (isNote(file, s) && !names.contains(file.sectionName(s))) {
                    names.add(file.sectionName(s));
                }
            }
        }
        return names;
    }

    /// The section of that name; 0 if there is none.
    private static int note(ObjectFile file, String name) {
        for (int s = 1; s < file.sectionCount(); s++) {
            if (isNote(file, s) && file.sectionName(s).equals(name)) {
                return s;
            }
        }
        return 0;
    }

    private static boolean isNote(ObjectFile file, int s) {
        return file.type(s) == Elf.SHT_NOTE && (file.flags(s) & Elf.SHF_ALLOC) != 0;
    }

    /// Whether merging the property notes of all files leaves one: most properties hold of a program only if they do of all
    /// its objects, so one object without a note is enough to lose them; some add up (Linux Extensions to gABI, "Program
    /// Property"; x86-64 psABI: GNU_PROPERTY_UINT32_OR, GNU_PROPERTY_X86_UINT32_OR).
    private static boolean lasts(List<ObjectFile> files) {
        int having = 0;
        for (ObjectFile file : files) {
            int s = note(file, PROPERTY);
            if (s != 0) {
                having++;
                if (addsUp(file, s)) {
                    return true;
                }
            }
        }
        return having == files.size();
    }

    private static boolean addsUp(ObjectFile file, int s) {
        long end = file.fileOffset(s) + file.size(s);
        for (long at = file.fileOffset(s) + 16; at + 8 <= end; ) { // behind sizes, type and "GNU"
            int range = file.endian().i32(file.segment(), at) & 0xffff_8000;
            if (range == 0xc000_8000 || range == 0xb000_8000) {
                return true;
            }
            at += 8 + (file.endian().u32(file.segment(), at + 4) + 7 & -8L);
        }
        return false;
    }
}
