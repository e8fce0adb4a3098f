package klink.btf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import klink.input.ObjectFile;
import klink.input.SectionBytes;
import klink.mem.IntList;
import klink.mem.LE;
import klink.mem.LongList;

/// Kfuncs: functions that BPF programs may call. `.BTF_ids` has sets of them (BTF_KFUNCS_START in include/linux/btf_ids.h): under the symbol of
/// a set its count and flags, which say that it is one of kfuncs, then a pair of id and flags for each, under a symbol that names the function.
final class Kfuncs {
    private static final String SECTION = ".BTF_ids";
    private static final byte[] SET = "__BTF_ID__set8__".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FUNCTION = "__BTF_ID__func__".getBytes(StandardCharsets.US_ASCII);
    /// Flags of a set (include/linux/btf_ids.h) and of a kfunc (include/linux/btf.h).
    private static final int BTF_SET8_KFUNCS = 1;
    static final int KF_FASTCALL = 1 << 12;

    private Kfuncs() {}

    /// Gets the name of a kfunc, with a NUL behind.
    @FunctionalInterface
    interface Visitor {
        void kfunc(byte[] name, int flags);
    }

    /// Shows `visitor` all kfuncs that an object, or an image whose ids are not numbered yet, lists.
    static void find(ObjectFile file, Visitor visitor) {
        int section = section(file);
        if (section == 0) {
            return;
        }
        byte[] bytes = LE.all(SectionBytes.of(file, section));
        long start = file.isRelocatable() ? 0 : file.address(section);
        var sets = new LongList();
        var functions = new IntList();
        for (int i = 1; i < file.symbolCount(); i++) {
            long at = file.symbolValue(i) - start;
            if (file.symbolSection(i) != section || at < 0 || at > bytes.length - Long.BYTES) {
                continue;
            }
            if (begins(file, i, SET) && (file.endian().i32(bytes, (int) at + 4) & BTF_SET8_KFUNCS) != 0) {
                sets.add(at);
                sets.add(at + file.symbolSize(i));
            } else if (begins(file, i, FUNCTION)) {
                functions.add(i);
            }
        }
        for (int f = 0; f < functions.size(); f++) {
            long at = file.symbolValue(functions.get(f)) - start;
            byte[] name = name(file, functions.get(f));
            for (int s = 0; s < sets.size() && name != null; s += 2) {
                if (at >= sets.get(s) && at < sets.get(s + 1)) {
                    visitor.kfunc(name, file.endian().i32(bytes, (int) at + 4));
                }
            }
        }
    }

    private static int section(ObjectFile file) {
        for (int s = 1; s < file.sectionCount(); s++) {
            int at = file.nameOffset(s);
            byte[] names = file.sectionNames();
            if (names.length - at > SECTION.length() && names[at + 4] == '_' && file.sectionName(s).equals(SECTION)) {
                return s;
            }
        }
        return 0;
    }

    private static boolean begins(ObjectFile file, int symbol, byte[] with) {
        byte[] names = file.symbolNames();
        int at = file.symbolNameOffset(symbol);
        return names.length - at > with.length && Arrays.equals(names, at, at + with.length, with, 0, with.length);
    }

    /// What stands between the prefix and the number behind the last two underscores.
    private static byte[] name(ObjectFile file, int symbol) {
        byte[] names = file.symbolNames();
        int from = file.symbolNameOffset(symbol) + FUNCTION.length;
        int end = from;
        while (names[end] != 0) {
            end++;
        }
        while (end > from && names[end - 1] != '_') {
            end--;
        }
        return end - from < 3 || names[end - 2] != '_' ? null : Arrays.copyOf(Arrays.copyOfRange(names, from, end - 2), end - 2 - from + 1);
    }
}
