package klink.inspect;

import java.util.function.BiConsumer;
import klink.elf.Arm;
import klink.inspect.ElfImage.Section;

/// The unwind index of an image (EHABI32, "Index table entries"): pairs of a function's address and what unwinds it, in the order of addresses. A linker
/// sorts the inputs' entries, leaves out one that says what the one before it says, and ends runs of code with an entry that unwinds nothing.
/// A kernel has 30,000 entries.
final class ArmIndex {
    private static final int ENTRY = 8;

    private final String name;
    private final long[] functions;
    /// The address of a table, or what stands there instead (bit 31 set, or 1).
    private final long[] unwinds;
    private final boolean[] claimed;

    ArmIndex(ElfImage output) {
        Section table = null;
        for (Section s : output.sections()) {
            table = s.type() == Arm.SHT_ARM_EXIDX && table == null ? s : table;
        }
        int count = table == null || !table.hasBytes() ? 0 : (int) Math.min(table.size() / ENTRY, Integer.MAX_VALUE / ENTRY);
        name = table == null ? "" : table.name();
        functions = new long[count];
        unwinds = new long[count];
        claimed = new boolean[count];
        for (int i = 0; i < count; i++) {
            long at = table.fileOffset() + (long) ENTRY * i;
            long place = table.address() + (long) ENTRY * i;
            int first = output.endian().i32(output.data(), at);
            functions[i] = first < 0 ? -1 : near(first, place); // bit 31 is clear
            int word = output.endian().i32(output.data(), at + 4);
            unwinds[i] = word == Arm.EXIDX_CANTUNWIND || word < 0 ? word & 0xffff_ffffL : near(word, place + 4);
        }
    }

    private static long near(int word, long place) {
        return place + (word << 1 >> 1) & 0xffff_ffffL;
    }

    /// Whether a search for this function finds what shall unwind it.
    boolean finds(long function, long unwind) {
        int low = 0;
        int high = functions.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (functions[middle] <= function) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == 0 || unwinds[low - 1] != unwind) {
            return false;
        }
        if (functions[low - 1] == function) {
            claimed[low - 1] = true;
        }
        return functions[low - 1] == function || unwind == Arm.EXIDX_CANTUNWIND || unwind >>> 31 != 0;
    }

    /// After all inputs: the order, and entries that none of them asks for.
    void check(RelocationAudit audit, BiConsumer<String, String> mismatch) {
        for (int i = 0; i < functions.length; i++) {
            if (i > 0 && functions[i] <= functions[i - 1]) {
                mismatch.accept(name, "0x" + Long.toHexString(functions[i]) + " behind 0x" + Long.toHexString(functions[i - 1]));
            }
            if (!claimed[i] && (unwinds[i] != Arm.EXIDX_CANTUNWIND || !audit.isEnd(functions[i]))) {
                mismatch.accept(name, "entry from no input: 0x" + Long.toHexString(functions[i]));
            }
        }
    }
}
