package klink.dwarf;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.input.RelocationTable;
import klink.input.SectionBytes;
import klink.mem.Endian;
import klink.mem.LE;
import klink.report.BadInput;

/// One debug section of a relocatable object as a link would leave it, were each section of the object at address 0:
/// decompressed, its relocations applied. Which section an address points into would be lost by that, so it is
/// kept beside the bytes.
///
/// `.debug_info` of one kernel object is about 400 KB with 15,000 relocations; that of a whole kernel does not pass
/// through here.
final class DebugSection {
    private static final int NO_FIELD = 0;
    private static final int UNKNOWN = -1;
    /// Relocation types below this are looked at; AArch64's absolute ones are 257 and 258.
    private static final int TYPES = 264;
    /// Relocations read at once.
    private static final int BLOCK = 4096;

    private final ObjectFile file;
    private final int ndx;
    private final byte[] bytes;
    /// Relocated fields as wide as an address, ascending: offset in the upper half, section pointed into in the lower.
    private final long[] fields;
    /// Where each of several sections begins in `bytes`, and which it is; empty for a single one. Negative for a part of one: its start.
    private final int[] starts;
    private final int[] parts;

    private DebugSection(ObjectFile file, int ndx, byte[] bytes, long[] fields, int[] starts, int[] parts) {
        this.file = file;
        this.ndx = ndx;
        this.bytes = bytes;
        this.fields = fields;
        this.starts = starts;
        this.parts = parts;
    }

    private static final int[] ONE = {};

    /// A part of a section without relocations, which begins at `start`.
    static DebugSection part(ObjectFile file, int ndx, byte[] bytes, int start) {
        return new DebugSection(file, ndx, bytes, new long[0], new int[] {-start}, new int[] {ndx});
    }

    /// Several sections of one object as one, so that their units can refer to each other.
    static DebugSection joined(DebugSection first, List<DebugSection> more) {
        long size = first.bytes.length;
        int count = first.fields.length;
        for (DebugSection s : more) {
            size += s.bytes.length;
            count += s.fields.length;
        }
        if (size > Integer.MAX_VALUE - 16) {
            throw first.bad(0, "with what belongs to it of " + size + " bytes is too large");
        }
        byte[] bytes = Arrays.copyOf(first.bytes, (int) size);
        long[] fields = Arrays.copyOf(first.fields, count);
        var starts = new int[more.size() + 1];
        var parts = new int[more.size() + 1];
        parts[0] = first.ndx;
        int at = first.bytes.length;
        int kept = first.fields.length;
        for (int i = 0; i < more.size(); i++) {
            DebugSection s = more.get(i);
            System.arraycopy(s.bytes, 0, bytes, at, s.bytes.length);
            for (long field : s.fields) {
                fields[kept++] = field + ((long) at << 32);
            }
            starts[i + 1] = at;
            parts[i + 1] = s.ndx;
            at += s.bytes.length;
        }
        return new DebugSection(first.file, first.ndx, bytes, fields, starts, parts);
    }

    private int part(int offset) {
        int i = starts.length - 1;
        while (i > 0 && starts[i] > offset) {
            i--;
        }
        return i;
    }

    /// Whether what is at an offset is from `.debug_types`.
    boolean isOfTypes(int offset) {
        return starts.length > 0 && file.sectionName(parts[part(offset)]).equals(".debug_types");
    }

    /// @throws BadInput for relocations that no debug section has, or that lie outside it
    static DebugSection of(ObjectFile file, int ndx) {
        MemorySegment contents = SectionBytes.of(file, ndx);
        if (contents.byteSize() > Integer.MAX_VALUE - 16) {
            throw file.bad(file.fileOffset(ndx), file.sectionName(ndx) + " of " + contents.byteSize() + " bytes is too large");
        }
        var bytes = new byte[(int) contents.byteSize()];
        LE.bytes(contents, 0, bytes, 0, bytes.length);
        long[] fields = {};
        for (int r = 1; r < file.sectionCount() && file.isRelocatable(); r++) { // an image has them applied, though it may list them
            int type = file.type(r);
            if ((type == Elf.SHT_RELA || type == Elf.SHT_REL) && file.info(r) == ndx && file.size(r) > 0) {
                fields = relocate(file, r, bytes, fields);
            }
        }
        return new DebugSection(file, ndx, bytes, sorted(fields), ONE, ONE);
    }

    /// Compilers and linkers list relocations in the order of their fields, so that there is rarely anything to do.
    private static long[] sorted(long[] fields) {
        for (int i = 1; i < fields.length; i++) {
            if (fields[i - 1] > fields[i]) {
                Arrays.sort(fields);
                break;
            }
        }
        return fields;
    }

    private static long[] relocate(ObjectFile file, int rel, byte[] bytes, long[] before) {
        if (file.type(rel) == Elf.SHT_RELA && !file.is64()) {
            throw file.bad(file.fileOffset(rel), "relocations with addends in a 32-bit object");
        }
        boolean addends = file.type(rel) == Elf.SHT_RELA;
        if (!addends && file.is64()) {
            throw file.bad(file.fileOffset(rel), "relocations without addends in a 64-bit object");
        }
        long count = RelocationTable.count(file, rel);
        int n = (int) Math.min(count, Integer.MAX_VALUE / 2 - before.length);
        long[] fields = Arrays.copyOf(before, before.length + Math.min(n, 64));
        byte[] widths = widths(file.machine());
        Endian endian = file.endian();
        var block = new long[3 * Math.min(n, BLOCK)];
        int kept = before.length;
        int addressWidth = file.is64() ? 8 : 4;
        int known = -1;
        int section = 0;
        long value = 0;
        for (int done = 0; done < n; done += BLOCK) {
            int some = Math.min(BLOCK, n - done);
            RelocationTable.read(file, rel, done, some, block);
            for (int i = 0, w = 0; i < some; i++, w += 3) {
                long offset = block[w];
                int symbol = (int) (block[w + 1] >>> 32);
                int type = (int) block[w + 1];
                int width = type >= 0 && type < widths.length ? widths[type] : UNKNOWN;
                if (width == UNKNOWN || Integer.compareUnsigned(symbol, file.symbolCount()) >= 0 || offset < 0 || offset > bytes.length - width) {
                    throw file.bad(file.fileOffset(rel) + (long) (done + i) * RelocationTable.entrySize(file),
                            "relocation " + (done + i) + " of " + file.sectionName(file.info(rel)) + " is none that debug information has");
                }
                if (symbol != known) {
                    known = symbol;
                    section = symbol == 0 ? 0 : Math.max(0, file.symbolSection(symbol));
                    value = symbol == 0 ? 0 : file.symbolValue(symbol);
                }
                int at = (int) offset;
                if (width == addressWidth) {
                    if (kept == fields.length) {
                        fields = Arrays.copyOf(fields, Math.min(before.length + n, kept + kept / 2 + 64));
                    }
                    fields[kept++] = offset << 32 | section;
                }
                if (width == 4) {
                    endian.put32(bytes, at, (int) (value + (addends ? block[w + 2] : endian.i32(bytes, at))));
                } else if (width == 8) {
                    endian.put64(bytes, at, value + (addends ? block[w + 2] : endian.i64(bytes, at)));
                }
            }
        }
        return Arrays.copyOf(fields, kept);
    }

    /// [#width] as a table, for the relocation types of debug information.
    private static byte[] widths(int machine) {
        var widths = new byte[TYPES];
        for (int i = 0; i < TYPES; i++) {
            widths[i] = (byte) width(machine, i);
        }
        return widths;
    }

    /// Bytes of the field that an absolute relocation fills; the psABI of each machine. Offsets in thread-local storage
    /// fill nothing that is looked at here. RISC-V has differences of symbols in its line tables, which are not done.
    private static int width(int machine, int type) {
        return switch (machine) {
            case Elf.EM_X86_64 -> switch (type) {
                case 1 -> 8;
                case 10, 11 -> 4;
                case 0, 17, 21 -> NO_FIELD;
                default -> UNKNOWN;
            };
            case Elf.EM_386 -> type == 1 ? 4 : type == 0 || type == 32 ? NO_FIELD : UNKNOWN;
            case Elf.EM_ARM -> type == 2 ? 4 : type == 0 || type == 106 ? NO_FIELD : UNKNOWN;
            case Elf.EM_AARCH64 -> type == 257 ? 8 : type == 258 ? 4 : type == 0 ? NO_FIELD : UNKNOWN;
            case Elf.EM_PPC64 -> type == 38 ? 8 : type == 1 ? 4 : type == 0 || type == 78 ? NO_FIELD : UNKNOWN;
            default -> UNKNOWN;
        };
    }

    byte[] bytes() {
        return bytes;
    }

    Endian endian() {
        return file.endian();
    }

    /// The section of the object that the address at `offset` points into; 0 if none is known.
    int sectionAt(int offset) {
        int i = Arrays.binarySearch(fields, (long) offset << 32);
        i = i < 0 ? -i - 1 : i;
        return i < fields.length && fields[i] >>> 32 == offset ? (int) fields[i] : 0;
    }

    /// Damage at an offset of this section, ready to throw.
    BadInput bad(int offset, String what) {
        if (starts.length > 0) {
            int i = part(offset);
            return bad(file, parts[i], offset - starts[i], what);
        }
        return bad(file, ndx, offset, what);
    }

    private static BadInput bad(ObjectFile file, int ndx, int offset, String what) {
        return file.bad(file.fileOffset(ndx) + (SectionBytes.isCompressed(file, ndx) ? 0 : offset), file.sectionName(ndx) + "+0x" + Integer.toHexString(offset) + ": " + what);
    }
}
