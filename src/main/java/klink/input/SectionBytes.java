package klink.input;

import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import klink.elf.Elf;
import klink.mem.LE;

/// The contents of input sections as the linker wants them: a part of the mapped file, or, for
/// SHF_COMPRESSED sections (gABI, "Section Compression"; CONFIG_DEBUG_INFO_COMPRESSED_*), the
/// decompressed bytes in memory.
public final class SectionBytes {
    /// Refuses decompressed sizes that no compressor could have packed into so few bytes: deflate
    /// reaches 1032:1, zstd about 100,000:1 on zeros.
    private static final long MOST = 200_000;

    private SectionBytes() {}

    public static boolean isCompressed(ObjectFile file, int ndx) {
        return (file.flags(ndx) & Elf.SHF_COMPRESSED) != 0;
    }

    /// Bytes of the section in memory, decompressed.
    public static long size(ObjectFile file, int ndx) {
        return isCompressed(file, ndx) ? checkedSize(file, ndx) : file.size(ndx);
    }

    /// Alignment of the decompressed section; 0 and 1 both mean none.
    public static long alignment(ObjectFile file, int ndx) {
        if (!isCompressed(file, ndx)) {
            return file.alignment(ndx);
        }
        long align = file.is64() ? LE.i64(file.segment(), file.fileOffset(ndx) + 16) : LE.u32(file.segment(), file.fileOffset(ndx) + 8);
        if ((align & align - 1) != 0 || align < 0) {
            throw file.bad(file.fileOffset(ndx) + (file.is64() ? 16 : 8), "ch_addralign 0x" + Long.toHexString(align) + " of section "
                    + file.sectionName(ndx) + " is not a power of two");
        }
        return align;
    }

    /// Bytes of what says how a section is compressed.
    private static int header(ObjectFile file) {
        return file.is64() ? Elf.CHDR_SIZE : Class32.CHDR_SIZE;
    }

    private static long checkedSize(ObjectFile file, int ndx) {
        long size = file.is64() ? LE.i64(file.segment(), file.fileOffset(ndx) + 8) : LE.u32(file.segment(), file.fileOffset(ndx) + 4);
        long packed = file.size(ndx) - header(file);
        if (size < 0 || size > packed * MOST || size > Integer.MAX_VALUE - 16) {
            throw file.bad(file.fileOffset(ndx) + (file.is64() ? 8 : 4), "ch_size 0x" + Long.toHexString(size) + " of section " + file.sectionName(ndx)
                    + " cannot come from " + packed + " compressed bytes");
        }
        return size;
    }

    /// The section's bytes. NOBITS has none.
    public static MemorySegment of(ObjectFile file, int ndx) {
        if (file.type(ndx) == Elf.SHT_NOBITS || file.isSynthetic()) {
            return MemorySegment.NULL.asSlice(0, 0);
        }
        return isCompressed(file, ndx) ? decompress(file, ndx) : file.segment().asSlice(file.fileOffset(ndx), file.size(ndx));
    }

    private static MemorySegment decompress(ObjectFile file, int ndx) {
        long at = file.fileOffset(ndx);
        int type = LE.i32(file.segment(), at);
        int size = (int) checkedSize(file, ndx);
        MemorySegment packed = file.segment().asSlice(at + header(file), file.size(ndx) - header(file));
        MemorySegment out = Arena.ofAuto().allocate(Math.max(1, size)).asSlice(0, size);
        switch (type) {
            case Elf.ELFCOMPRESS_ZLIB -> inflate(file, ndx, packed, out);
            case Elf.ELFCOMPRESS_ZSTD -> {
                int got;
                try {
                    got = new ZstdJavaDecompressor().decompress(packed, out);
                } catch (RuntimeException e) {
                    throw file.bad(at, "zstd data of section " + file.sectionName(ndx) + " is damaged: " + e.getMessage());
                }
                if (got != size) {
                    throw file.bad(at, "zstd data of section " + file.sectionName(ndx) + " gives " + got + " bytes, its header says " + size);
                }
            }
            default -> throw file.bad(at, "section " + file.sectionName(ndx) + " has unknown compression type " + Integer.toUnsignedString(type));
        }
        return out;
    }

    private static void inflate(ObjectFile file, int ndx, MemorySegment packed, MemorySegment out) {
        try (var inflater = new Inflater()) {
            inflater.setInput(packed.asByteBuffer());
            int got = inflater.inflate(out.asByteBuffer());
            if (got != out.byteSize()) {
                throw file.bad(file.fileOffset(ndx), "zlib data of section " + file.sectionName(ndx) + " gives " + got + " bytes, its header says " + out.byteSize());
            }
        } catch (DataFormatException e) {
            throw file.bad(file.fileOffset(ndx), "zlib data of section " + file.sectionName(ndx) + " is damaged: " + e.getMessage());
        }
    }
}
