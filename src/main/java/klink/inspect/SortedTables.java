package klink.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.mem.Endian;
import klink.mem.LE;

/// The tables that the kernel build sorts after the link (`scripts/sorttable.c`): exception table, ORC,
/// and the addresses of mcount calls. Their entries do not stay where the input sections put them, so the
/// audit builds each table as it was before sorting and compares the two as multisets of decoded entries.
/// ORC is by far the largest: 437,000 entries in two sections that move in step.
final class SortedTables {
    private static final int EX_ENTRY = 12;
    /// powerpc: without the word that says what kind of entry it is.
    private static final int SHORT_EX_ENTRY = 8;
    private static final int ORC_ENTRY = 6;

    /// One entry with its self-relative fields made absolute.
    private record Entry(long first, long second, long rest) {}

    private static final Comparator<Entry> ORDER = Comparator.comparingLong(Entry::first)
            .thenComparingLong(Entry::second).thenComparingLong(Entry::rest);

    /// A range of the output and its bytes as the inputs say they were before sorting.
    static final class Table {
        final String name;
        final long start;
        final byte[] found;
        final byte[] expected;

        Table(String name, long start, byte[] found) {
            this.name = name;
            this.start = start;
            this.found = found;
            expected = new byte[found.length];
        }

        boolean covers(long address, long size) {
            return address >= start && size <= found.length && address - start <= found.length - size;
        }
    }

    private final List<Table> tables = new ArrayList<>();
    private final Table exceptions;
    private final int exceptionSize;
    private final Table orcIp;
    private final Table orc;
    private final Table mcount;
    private final String mcountSection;

    /// arm's are of addresses: pairs, and single ones.
    private final boolean arm;
    private final Endian endian;

    SortedTables(ElfImage output) {
        int machine = output.fileHeader().machine();
        arm = machine == Elf.EM_ARM;
        endian = output.endian();
        exceptionSize = machine == Elf.EM_PPC64 || arm ? SHORT_EX_ENTRY : EX_ENTRY;
        exceptions = whole(output, "__ex_table");
        orcIp = whole(output, ".orc_unwind_ip");
        orc = whole(output, ".orc_unwind");
        var symbols = output.symbols();
        int start = symbols.find("__start_mcount_loc");
        int stop = symbols.find("__stop_mcount_loc");
        long length = start < 0 || stop < 0 ? 0 : symbols.value(stop) - symbols.value(start);
        Section home = length <= 0 ? null : output.sectionAt(symbols.value(start), length).orElse(null);
        // What moves with the image is set by RELATIVE entries, which no tool sorts along.
        mcount = home == null || output.fileHeader().type() == Elf.ET_DYN || machine == Elf.EM_PPC64 ? null : table(output, "mcount", home, symbols.value(start), length);
        mcountSection = mcount == null ? "" : home.name();
    }

    private Table whole(ElfImage output, String name) {
        Section s = output.section(name).orElse(null);
        return s == null || !s.hasBytes() || s.size() == 0 ? null : table(output, name, s, s.address(), s.size());
    }

    private Table table(ElfImage output, String name, Section s, long start, long length) {
        var bytes = new byte[Math.toIntExact(length)];
        LE.bytes(output.data(), s.fileOffset() + (start - s.address()), bytes, 0, bytes.length);
        var table = new Table(name, start, bytes);
        tables.add(table);
        return table;
    }

    /// The table that an input section went into, or null.
    Table at(String outputSection, long address, long size) {
        for (Table t : tables) {
            String home = t == mcount ? mcountSection : t.name;
            if (size > 0 && home.equals(outputSection) && t.covers(address, size)) {
                return t;
            }
        }
        return null;
    }

    /// Compares every table; `mismatch` gets the table's name and what is wrong. Returns the entries seen.
    int check(BiConsumer<String, String> mismatch) {
        int entries = 0;
        if (exceptions != null) {
            entries += compare(exceptions.name, exceptions(exceptions.expected), exceptions(exceptions.found), mismatch);
        }
        if (orcIp != null && orc != null) {
            if (orcIp.found.length / 4 != orc.found.length / ORC_ENTRY) {
                mismatch.accept(orc.name, "has another number of entries than .orc_unwind_ip");
            } else {
                entries += compare(orc.name, orc(orcIp.expected, orc.expected), orc(orcIp.found, orc.found), mismatch);
            }
        }
        if (mcount != null) {
            entries += compare(mcount.name, mcount(mcount.expected), mcount(mcount.found), mismatch);
        }
        return entries;
    }

    private List<Entry> exceptions(byte[] bytes) {
        var list = new ArrayList<Entry>();
        for (int at = 0; arm && at + exceptionSize <= bytes.length; at += exceptionSize) {
            list.add(new Entry(endian.u32(bytes, at), endian.u32(bytes, at + 4), 0));
        }
        for (int at = 0; !arm && at + exceptionSize <= bytes.length; at += exceptionSize) {
            long place = exceptions.start + at;
            list.add(new Entry(place + LE.i32(bytes, at), place + 4 + LE.i32(bytes, at + 4), exceptionSize == SHORT_EX_ENTRY ? 0 : LE.u32(bytes, at + 8)));
        }
        return list;
    }

    private List<Entry> orc(byte[] ips, byte[] bytes) {
        var list = new ArrayList<Entry>();
        for (int i = 0; i < ips.length / 4; i++) {
            long data = LE.u32(bytes, i * ORC_ENTRY) | (long) LE.u16(bytes, i * ORC_ENTRY + 4) << 32;
            list.add(new Entry(orcIp.start + 4L * i + LE.i32(ips, 4 * i), data, 0));
        }
        return list;
    }

    private List<Entry> mcount(byte[] bytes) {
        var list = new ArrayList<Entry>();
        int word = arm ? 4 : 8;
        for (int at = 0; at + word <= bytes.length; at += word) {
            list.add(new Entry(arm ? endian.u32(bytes, at) : LE.i64(bytes, at), 0, 0));
        }
        return list;
    }

    /// From 6.12 on sorttable zeroes mcount entries outside any function; each such zero may stand for one
    /// expected entry.
    private int compare(String name, List<Entry> expected, List<Entry> found, BiConsumer<String, String> mismatch) {
        expected.sort(ORDER);
        found.sort(ORDER);
        int zeroed = 0;
        int i = 0;
        int j = 0;
        while (i < expected.size() || j < found.size()) {
            int order = i == expected.size() ? 1 : j == found.size() ? -1 : ORDER.compare(expected.get(i), found.get(j));
            if (order == 0) {
                i++;
                j++;
            } else if (order > 0) {
                Entry e = found.get(j++);
                if (mcount != null && name.equals(mcount.name) && e.first == 0) {
                    zeroed++;
                } else {
                    mismatch.accept(name, "entry from no input: " + text(e));
                }
            } else {
                Entry e = expected.get(i++);
                if (zeroed > 0) {
                    zeroed--;
                } else {
                    mismatch.accept(name, "entry is missing: " + text(e));
                }
            }
        }
        return found.size();
    }

    private static String text(Entry e) {
        return "0x" + Long.toHexString(e.first) + " 0x" + Long.toHexString(e.second) + " 0x" + Long.toHexString(e.rest);
    }
}
