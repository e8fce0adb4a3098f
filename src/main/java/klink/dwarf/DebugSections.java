package klink.dwarf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import klink.input.ObjectFile;

/// The debug sections of one object by name, read when first asked for, by any thread.
final class DebugSections {
    private final ObjectFile file;
    private final Map<String, DebugSection> read = new HashMap<>();

    DebugSections(ObjectFile file) {
        this.file = file;
    }

    /// The section of that name; null if there is none. Of several (type units in groups of their own) it is the one
    /// that is in no group.
    synchronized DebugSection section(String name) {
        if (!read.containsKey(name)) {
            int ndx = find(file, name);
            read.put(name, ndx == 0 ? null : DebugSection.of(file, ndx));
        }
        return read.get(name);
    }

    /// All units: `.debug_info`, and what an object has of it in groups, and `.debug_types`, behind one another; null if there is no
    /// `.debug_info`.
    DebugSection units() {
        DebugSection first = section(".debug_info");
        if (first == null) {
            return null;
        }
        byte[] names = file.sectionNames();
        int info = find(file, ".debug_info");
        var more = new ArrayList<DebugSection>();
        for (int i = 1; i < file.sectionCount(); i++) {
            boolean another = i != info && matches(names, file.nameOffset(i), ".debug_info");
            if ((another || matches(names, file.nameOffset(i), ".debug_types")) && file.size(i) > 0) {
                more.add(DebugSection.of(file, i));
            }
        }
        return more.isEmpty() ? first : DebugSection.joined(first, more);
    }

    /// 0 if there is none.
    static int find(ObjectFile file, String name) {
        byte[] names = file.sectionNames();
        int found = 0;
        for (int i = 1; i < file.sectionCount(); i++) {
            if (matches(names, file.nameOffset(i), name)) {
                if ((file.flags(i) & klink.elf.Elf.SHF_GROUP) == 0) {
                    return i;
                }
                found = found == 0 ? i : found;
            }
        }
        return found;
    }

    private static boolean matches(byte[] names, int at, String name) {
        if (names.length - at <= name.length() || names[at + name.length()] != 0) {
            return false;
        }
        for (int i = name.length() - 1; i >= 0; i--) {
            if (names[at + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// A string of a string section.
    String string(String name, long offset) {
        DebugSection strings = section(name);
        if (strings == null || offset < 0 || offset > Integer.MAX_VALUE) {
            throw file.bad(0, "a string at 0x" + Long.toHexString(offset) + " of " + name + ", which the object does not have");
        }
        return new Cursor(strings, (int) Math.min(offset, strings.bytes().length)).string();
    }
}
