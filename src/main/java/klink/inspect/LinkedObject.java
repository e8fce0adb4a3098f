package klink.inspect;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.mem.LE;
import klink.mem.SegmentLE;
import klink.report.BadInput;

/// An object that went into a link, under the name by which a link map calls it: the path as written, the
/// path inside a thin archive, or `archive(member)`. A kernel has 1,000 to 3,000 of them, nearly all from
/// the thin `vmlinux.a`.
///
/// @param inArchive how ld.lld calls a member of a thin archive too: `archive(member)`; for others the name again
record LinkedObject(String name, String inArchive, ElfImage image) {
    private static final String THIN = "!<thin>\n";
    private static final String REGULAR = "!<arch>\n";
    private static final int HEADER = 60;

    /// Opens objects and archives, in order; relative names are relative to `base`.
    static List<LinkedObject> open(Path base, List<String> files) {
        var objects = new ArrayList<LinkedObject>();
        for (String file : files) {
            Path path = base.resolve(file);
            MemorySegment data = ElfImage.map(path);
            String magic = data.byteSize() < 8 ? "" : ascii(data, 0, 8);
            switch (magic) {
                case THIN -> members(base, file, data, true, objects);
                case REGULAR -> members(base, file, data, false, objects);
                default -> objects.add(new LinkedObject(file, file, ElfImage.of(file, data)));
            }
        }
        return objects;
    }

    private static void members(Path base, String archive, MemorySegment data, boolean thin, List<LinkedObject> out) {
        int slash = archive.lastIndexOf('/');
        String directory = archive.substring(0, slash + 1);
        String names = "";
        long at = 8;
        while (at < data.byteSize()) {
            if (data.byteSize() - at < HEADER || SegmentLE.u8(data, at + 58) != '`' || SegmentLE.u8(data, at + 59) != '\n') {
                throw new BadInput(archive, at, "no archive member header here");
            }
            String name = ascii(data, at, 16).stripTrailing();
            long size = decimal(archive, at + 48, ascii(data, at + 48, 10).strip());
            boolean special = name.equals("/") || name.equals("//") || name.equals("/SYM64/");
            boolean stored = special || !thin;
            if (stored && (size < 0 || size > Math.min(data.byteSize() - at - HEADER, Integer.MAX_VALUE))) {
                throw new BadInput(archive, at + 48, "archive member runs beyond the end of the file");
            }
            if (name.equals("//")) {
                names = ascii(data, at + HEADER, size);
            } else if (!special) {
                String member = memberName(archive, at, name, names);
                if (thin) {
                    String file = member.startsWith("/") ? member : directory + member;
                    out.add(new LinkedObject(file, archive + "(" + member + ")", ElfImage.open(base.resolve(file))));
                } else {
                    String file = archive + "(" + member + ")";
                    out.add(new LinkedObject(file, file, ElfImage.of(file, data.asSlice(at + HEADER, size))));
                }
            }
            at += HEADER + (stored ? size + (size & 1) : 0);
        }
    }

    /// `foo.o/` itself, or `/123`: an offset into the table of long names, where it ends at `/` newline.
    private static String memberName(String archive, long at, String name, String names) {
        if (!name.startsWith("/")) {
            return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        }
        // GNU ar leaves the slash of an earlier, shorter name in the padding: "/6784          /".
        int blank = name.indexOf(' ');
        long offset = decimal(archive, at, name.substring(1, blank < 0 ? name.length() : blank));
        int end = offset >= 0 && offset < names.length() ? names.indexOf("/\n", (int) offset) : -1;
        if (end < 0) {
            throw new BadInput(archive, at, "archive member name " + name + " is outside the name table");
        }
        return names.substring((int) offset, end);
    }

    private static long decimal(String archive, long at, String digits) {
        try {
            return Long.parseUnsignedLong(digits);
        } catch (NumberFormatException e) {
            throw new BadInput(archive, at, "not a decimal number in an archive header: " + digits);
        }
    }

    private static String ascii(MemorySegment data, long at, long length) {
        var bytes = new byte[Math.toIntExact(length)];
        LE.bytes(data, at, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
