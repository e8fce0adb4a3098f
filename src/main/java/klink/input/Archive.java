package klink.input;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import klink.mem.LE;
import klink.report.BadInput;

/// A System V `ar` archive, regular or thin.
///
/// kbuild names nearly all of a kernel through one thin archive, `vmlinux.a`, that holds only the
/// paths of its 2,400 members (relative to the archive's own directory) and no symbol index; the
/// `lib.a` archives are thin with an index and are searched on demand. Format: ar(5), the GNU variant
/// (`/` index, `/SYM64/` index, `//` long names, `!<thin>` magic).
///
/// @param path    of the archive
/// @param thin    members are separate files
/// @param members in archive order
/// @param index   symbol index in its order, null when the archive has none or is linked whole
public record Archive(String path, boolean thin, List<Member> members, List<IndexEntry> index) {
    private static final int HEADER = 60;
    private static final int LONGEST_NAME = 4096;
    private static final String MAGIC = "!<arch>\n";
    private static final String THIN = "!<thin>\n";

    /// @param headerOffset of the member's header in the archive
    /// @param data         the member's bytes in the archive; null in a thin archive
    public record Member(String name, long headerOffset, MemorySegment data) {}

    /// @param member index into [#members]
    public record IndexEntry(String symbol, int member) {}

    static boolean isArchive(MemorySegment seg) {
        if (seg.byteSize() < 8) {
            return false;
        }
        String magic = ascii(seg, 0, 8);
        return magic.equals(MAGIC) || magic.equals(THIN);
    }

    static Archive read(String path, MemorySegment seg, boolean wantsIndex) {
        boolean thin = ascii(seg, 0, 8).equals(THIN);
        var members = new ArrayList<Member>();
        long size = seg.byteSize();
        long longNames = -1;
        long longNamesSize = 0;
        long indexAt = -1;
        long indexSize = 0;
        boolean index64 = false;
        for (long at = 8; at < size; ) {
            if (size - at < HEADER) {
                throw new BadInput(path, at, "archive ends inside a member header");
            }
            if (LE.u16(seg, at + 58) != 0x0a60) {
                throw new BadInput(path, at + 58, "archive member header does not end with \"`\\n\"");
            }
            String name = ascii(seg, at, 16).stripTrailing();
            long length = decimal(path, seg, at + 48, 10);
            long body = at + HEADER;
            boolean special = name.equals("/") || name.equals("//") || name.equals("/SYM64/");
            if ((special || !thin) && length > size - body) {
                throw new BadInput(path, at + 48, "archive member of " + length + " bytes runs past the end of the archive (" + size + " bytes)");
            }
            if (name.equals("//")) {
                longNames = body;
                longNamesSize = length;
            } else if (special) {
                indexAt = body;
                indexSize = length;
                index64 = name.length() > 1;
            } else {
                String full = memberName(path, seg, at, name, longNames, longNamesSize);
                members.add(new Member(full, at, thin ? null : seg.asSlice(body, length)));
            }
            long stored = special || !thin ? length : 0;
            at = body + stored + (stored & 1);
        }
        return new Archive(path, thin, List.copyOf(members), indexAt < 0 || !wantsIndex ? null : index(path, seg, indexAt, indexSize, index64, members));
    }

    private static String memberName(String path, MemorySegment seg, long at, String name, long table, long tableSize) {
        if (name.length() < 2 || name.charAt(0) != '/') {
            return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        }
        int blank = name.indexOf(' '); // binutils leaves a slash in the last column of some long-name headers
        name = blank < 0 ? name : name.substring(0, blank);
        int colon = name.indexOf(':');
        long offset = number(path, at, name.substring(1, colon < 0 ? name.length() : colon));
        if (colon >= 0) {
            throw new BadInput(path, at, "member of a nested thin archive (" + name + "): make the archive with 'ar rcSTP' on objects");
        }
        if (table < 0 || offset >= tableSize) {
            throw new BadInput(path, at, "long member name at offset " + offset + " is past the name table (" + (table < 0 ? 0 : tableSize) + " bytes)");
        }
        byte[] text = LE.copy(seg, table + offset, (int) Math.min(tableSize - offset, LONGEST_NAME + 2));
        int end = 0;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        if (end > 0 && text[end - 1] == '/') {
            end--;
        }
        if (end > LONGEST_NAME) {
            throw new BadInput(path, table + offset, "member name longer than " + LONGEST_NAME + " bytes");
        }
        return new String(text, 0, end, StandardCharsets.ISO_8859_1);
    }

    private static List<IndexEntry> index(String path, MemorySegment seg, long at, long size, boolean wide, List<Member> members) {
        int width = wide ? 8 : 4;
        if (size < width || size > Integer.MAX_VALUE - 16) {
            throw new BadInput(path, at, "archive index of " + size + " bytes has no count, or is too large");
        }
        byte[] table = LE.copy(seg, at, (int) size);
        long count = big(table, 0, width);
        if (count < 0 || count > (size - width) / width) {
            throw new BadInput(path, at, "archive index of " + Long.toUnsignedString(count) + " symbols does not fit its " + size + " bytes");
        }
        var byOffset = new java.util.HashMap<Long, Integer>();
        for (int i = 0; i < members.size(); i++) {
            byOffset.put(members.get(i).headerOffset(), i);
        }
        var entries = new ArrayList<IndexEntry>((int) count);
        int name = (int) (width + count * width);
        for (int i = 0; i < count; i++) {
            int end = name;
            while (end < table.length && table[end] != 0) {
                end++;
            }
            if (end >= table.length) {
                throw new BadInput(path, at + name, "archive index names end before symbol " + i + " of " + count);
            }
            long header = big(table, width + i * width, width);
            Integer member = byOffset.get(header);
            if (member == null) {
                throw new BadInput(path, at + width + (long) i * width, "archive index points to 0x" + Long.toHexString(header) + ", where no member starts");
            }
            entries.add(new IndexEntry(new String(table, name, end - name, StandardCharsets.ISO_8859_1), member));
            name = end + 1;
        }
        return entries;
    }

    private static long big(byte[] table, int at, int width) {
        return width == 8 ? Long.reverseBytes(LE.i64(table, at)) : Integer.reverseBytes(LE.i32(table, at)) & 0xffff_ffffL;
    }

    private static long decimal(String path, MemorySegment seg, long at, int width) {
        return number(path, at, ascii(seg, at, width).stripTrailing());
    }

    private static long number(String path, long at, String digits) {
        long v = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9' || v > 1L << 56) {
                throw new BadInput(path, at, "archive header field \"" + digits + "\" is not a number");
            }
            v = v * 10 + c - '0';
        }
        if (digits.isEmpty()) {
            throw new BadInput(path, at, "archive header field is empty");
        }
        return v;
    }

    private static String ascii(MemorySegment seg, long at, int length) {
        return new String(LE.copy(seg, at, length), StandardCharsets.ISO_8859_1);
    }
}
