package klink.inspect;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.mem.LE;
import klink.mem.SegmentLE;

/// Notes: the kernel walks `.notes` in steps of four bytes (lib/buildid.c and /sys/kernel/notes), so one
/// note with another alignment hides all that follow it, the build ID included.
final class NoteChecks {
    private static final int HEADER = 12;

    private final ElfImage image;
    private final CheckList checks;
    private String buildId;
    private int notes;

    NoteChecks(ElfImage image, CheckList checks) {
        this.image = image;
        this.checks = checks;
    }

    void run() {
        String wrong = null;
        for (Section s : image.sections()) {
            if (s.type() == Elf.SHT_NOTE && wrong == null) {
                wrong = walk(s);
            }
        }
        if (notes == 0 && wrong == null) {
            checks.none("notes", "none");
        } else {
            checks.result("notes", wrong, notes + " notes");
        }
        if (buildId == null) {
            checks.none("build-id", "none");
        } else {
            boolean zero = buildId.chars().allMatch(c -> c == '0');
            checks.result("build-id", zero ? "all zero: never filled in" : null, buildId);
        }
    }

    private String walk(Section s) {
        MemorySegment bytes = image.bytes(s);
        long at = 0;
        while (at < bytes.byteSize()) {
            if (bytes.byteSize() - at < HEADER) {
                return s.name() + " ends inside the note at +0x" + Long.toHexString(at);
            }
            long nameSize = image.endian().u32(bytes, at);
            long descSize = image.endian().u32(bytes, at + 4);
            long desc = at + HEADER + (nameSize + 3 & ~3L);
            long end = desc + (descSize + 3 & ~3L);
            if (desc + descSize > bytes.byteSize()) {
                return s.name() + "+0x" + Long.toHexString(at) + ": a note of " + nameSize + " + " + descSize + " bytes runs beyond the section";
            }
            if (nameSize > 0 && SegmentLE.u8(bytes, at + HEADER + nameSize - 1) != 0) {
                return s.name() + "+0x" + Long.toHexString(at) + ": the note's name does not end with NUL";
            }
            if (image.endian().i32(bytes, at + 8) == Elf.NT_GNU_BUILD_ID && nameSize == 4 && descSize <= 64
                    && new String(LE.copy(bytes, at + HEADER, 3), StandardCharsets.ISO_8859_1).equals("GNU")) {
                buildId = hex(bytes, desc, (int) descSize);
            }
            notes++;
            at = end;
        }
        return null;
    }

    private static String hex(MemorySegment bytes, long at, int length) {
        var sb = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int b = SegmentLE.u8(bytes, at + i);
            sb.append(Character.forDigit(b >> 4, 16)).append(Character.forDigit(b & 15, 16));
        }
        return sb.toString();
    }
}
