package klink.inspect;

import java.nio.charset.StandardCharsets;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.mem.LE;
import klink.mem.SegmentLE;

/// The kernel's compressed symbol table, decoded from a finished image the way kernel/kallsyms.c does:
/// 100,920 entries in 2.07 MB for a defconfig with KALLSYMS_ALL.
///
/// The tables are found by their symbols, so their order (which changed between 6.1 and 6.12) does not
/// matter. They have no sizes; each read is checked against the section they are in.
final class KallsymsTable {
    /// Two-byte lengths are marked by the top bit of the first (6.1 and later).
    private static final int LONG_LENGTH = 0x80;
    private static final int MARKER_STEP = 256;
    private static final int TOKENS = 256;
    /// Far above KSYM_NAME_LEN (512); a name longer than this is corrupt, and could expand without end.
    private static final int MAX_NAME = 1 << 16;

    private final ElfImage image;
    final int count;
    /// Decoded entries: the nm letter, then the name.
    final String[] names;
    final long[] addresses;
    /// Where each entry starts in the names table.
    private final int[] nameOffsets;
    final boolean absolutePercpu;
    final long base;
    final long namesSize;

    private KallsymsTable(ElfImage image) {
        this.image = image;
        long at = table("kallsyms_num_syms", 4);
        count = image.endian().i32(image.data(), at);
        if (count < 0) {
            throw image.bad(at, "kallsyms_num_syms is " + (count & 0xffff_ffffL));
        }
        long offsets = table("kallsyms_offsets", 4L * count);
        long baseAt = table("kallsyms_relative_base", image.word());
        base = image.isWide() ? RelativeEntries.of(image).word(image.symbols().value(image.symbols().find("kallsyms_relative_base"))) : image.endian().u32(image.data(), baseAt);
        names = new String[count];
        nameOffsets = new int[count];
        addresses = new long[count];
        String[] tokens = tokens();
        namesSize = decodeNames(tokens);
        boolean negative = false;
        for (int i = 0; i < count; i++) {
            negative |= image.isWide() && image.endian().i32(image.data(), offsets + 4L * i) < 0; // no 32-bit kernel of ours has percpu symbols apart
        }
        absolutePercpu = negative;
        for (int i = 0; i < count; i++) {
            int offset = image.endian().i32(image.data(), offsets + 4L * i);
            addresses[i] = !absolutePercpu ? base + (offset & 0xffff_ffffL) : offset >= 0 ? offset : base - 1 - offset;
        }
    }

    /// The table, or null if the image has none.
    static KallsymsTable read(ElfImage image) {
        return image.symbols().find("kallsyms_num_syms") < 0 || image.symbols().find("kallsyms_offsets") < 0 ? null : new KallsymsTable(image);
    }

    /// The file offset of a table of at least `length` bytes.
    private long table(String name, long length) {
        int symbol = image.symbols().find(name);
        if (symbol < 0) {
            throw image.bad(0, "no symbol " + name);
        }
        long address = image.symbols().value(symbol);
        Section s = image.sectionAt(address, length).orElse(null);
        if (s == null) {
            throw image.bad(0, name + " at 0x" + Long.toHexString(address) + " and its " + length + " bytes are in no section");
        }
        return s.fileOffset() + address - s.address();
    }

    /// The end of the section that a table is in, as a file offset: nothing of it may lie beyond.
    private long limit(String name) {
        Section s = image.sectionAt(image.symbols().value(image.symbols().find(name)), 1).orElseThrow();
        return s.fileOffset() + s.size();
    }

    private String[] tokens() {
        long table = table("kallsyms_token_table", TOKENS);
        long limit = limit("kallsyms_token_table");
        long index = table("kallsyms_token_index", 2 * TOKENS);
        var tokens = new String[TOKENS];
        long expected = table;
        for (int i = 0; i < TOKENS; i++) {
            long at = table + image.endian().u16(image.data(), index + 2L * i);
            if (at != expected) {
                throw image.bad(index + 2L * i, "kallsyms_token_index[" + i + "] is " + (at - table) + ", but token " + i + " is at " + (expected - table));
            }
            long end = at;
            while (end < limit && SegmentLE.u8(image.data(), end) != 0) {
                end++;
            }
            if (end == limit) {
                throw image.bad(at, "kallsyms token " + i + " runs beyond its section");
            }
            tokens[i] = latin1(at, end);
            expected = end + 1;
        }
        return tokens;
    }

    private String latin1(long from, long to) {
        var bytes = new byte[Math.toIntExact(to - from)];
        LE.bytes(image.data(), from, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private long decodeNames(String[] tokens) {
        long start = table("kallsyms_names", count);
        long limit = limit("kallsyms_names");
        var sb = new StringBuilder();
        long at = start;
        for (int i = 0; i < count; i++) {
            if (limit - at < 2) {
                throw image.bad(at, "kallsyms_names ends before entry " + i + " of " + count);
            }
            nameOffsets[i] = (int) (at - start);
            int length = SegmentLE.u8(image.data(), at++);
            if ((length & LONG_LENGTH) != 0) {
                length = length & 0x7f | SegmentLE.u8(image.data(), at++) << 7;
            }
            if (length > limit - at) {
                throw image.bad(at, "kallsyms entry " + i + " runs beyond its section");
            }
            sb.setLength(0);
            for (int k = 0; k < length; k++) {
                sb.append(tokens[SegmentLE.u8(image.data(), at + k)]);
                if (sb.length() > MAX_NAME) {
                    throw image.bad(at, "kallsyms entry " + i + " expands to more than " + MAX_NAME + " bytes");
                }
            }
            names[i] = sb.toString();
            at += length;
        }
        return at - start;
    }

    char letter(int i) {
        return names[i].isEmpty() ? 0 : names[i].charAt(0);
    }

    String name(int i) {
        return names[i].isEmpty() ? "" : names[i].substring(1);
    }

    /// Null if every 256th entry is where its marker says.
    String wrongMarker() {
        int markers = (count + MARKER_STEP - 1) / MARKER_STEP;
        long at = table("kallsyms_markers", 4L * markers);
        for (int i = 0; i < markers; i++) {
            long marker = image.endian().u32(image.data(), at + 4L * i);
            if (marker != nameOffsets[i * MARKER_STEP]) {
                return "marker " + i + " is " + marker + ", but entry " + i * MARKER_STEP + " is at " + nameOffsets[i * MARKER_STEP];
            }
        }
        return null;
    }

    /// Whether the table by name exists; it came with 6.2 and was taken into Debian's 6.1.
    boolean hasSeqs() {
        return image.symbols().find("kallsyms_seqs_of_names") >= 0;
    }

    /// Null if the numbers sorted by name are a permutation in the order that the kernel searches: by name
    /// without its letter, unsigned bytes, and for one name by entry, which is by address.
    String wrongSeq() {
        long at = table("kallsyms_seqs_of_names", 3L * count);
        var seen = new boolean[count];
        int last = -1;
        for (int i = 0; i < count; i++) {
            long p = at + 3L * i;
            int seq = SegmentLE.u8(image.data(), p) << 16 | SegmentLE.u8(image.data(), p + 1) << 8 | SegmentLE.u8(image.data(), p + 2);
            if (seq >= count) {
                return "place " + i + " holds " + seq + ", of " + count + " entries";
            }
            if (seen[seq]) {
                return "place " + i + " holds " + seq + " again";
            }
            seen[seq] = true;
            int order = last < 0 ? -1 : name(last).compareTo(name(seq));
            if (order > 0 || order == 0 && last > seq) {
                return "place " + i + ", " + name(seq) + ", sorts before " + name(last);
            }
            last = seq;
        }
        return null;
    }

    /// Null if addresses never go down.
    String wrongOrder() {
        for (int i = 1; i < count; i++) {
            if (Long.compareUnsigned(addresses[i], addresses[i - 1]) < 0) {
                return "entry " + i + ", " + name(i) + " at 0x" + Long.toHexString(addresses[i]) + ", comes after " + name(i - 1) + " at 0x"
                        + Long.toHexString(addresses[i - 1]);
            }
        }
        return null;
    }

    /// Objects have no such table yet.
    static boolean understands(ElfImage image) {
        return image.fileHeader().type() != Elf.ET_REL;
    }
}
