package klink.inspect;

import java.lang.foreign.MemorySegment;
import klink.inspect.ElfImage.Section;
import klink.mem.LE;

/// A copy of an image in memory in which a test changes single fields, found through the unchanged image.
final class Patched {
    final byte[] bytes;
    final ElfImage original;

    Patched(byte[] image) {
        bytes = image.clone();
        original = ElfImage.of("original", MemorySegment.ofArray(image));
    }

    ElfImage image() {
        return ElfImage.of("patched", MemorySegment.ofArray(bytes));
    }

    /// Where a section header is in the file.
    int header(String section) {
        return (int) LE.i64(bytes, 40) + 64 * original.section(section).orElseThrow().ndx();
    }

    int segment(int i) {
        return (int) LE.i64(bytes, 32) + 56 * i;
    }

    int symbol(String name) {
        Section table = original.section(".symtab").orElseThrow();
        return (int) table.fileOffset() + 24 * original.symbols().find(name);
    }

    /// The file offset of a symbol's bytes.
    int at(String symbol) {
        var symbols = original.symbols();
        int i = symbols.find(symbol);
        Section s = original.sections().get(symbols.shndx(i));
        return (int) (s.fileOffset() + symbols.value(i) - s.address());
    }

    int at(Section s) {
        return (int) s.fileOffset();
    }

    int at(String section, int offset) {
        return (int) original.section(section).orElseThrow().fileOffset() + offset;
    }

    void flip(int at) {
        bytes[at] ^= 1;
    }

    void put32(int at, int value) {
        LE.put32(bytes, at, value);
    }

    void put64(int at, long value) {
        LE.put64(bytes, at, value);
    }

    void swap(int a, int b, int length) {
        for (int i = 0; i < length; i++) {
            byte t = bytes[a + i];
            bytes[a + i] = bytes[b + i];
            bytes[b + i] = t;
        }
    }
}
