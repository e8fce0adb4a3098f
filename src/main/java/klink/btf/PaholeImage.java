package klink.btf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import klink.elf.Elf;
import klink.mem.Endian;
import klink.mem.LE;

/// The least image from which pahole makes the same BTF as from the whole vmlinux.
///
/// kbuild links a complete kernel for pahole. Of it pahole reads the debug information, the names of
/// functions and the per-CPU variables; what it makes of them holds no address except each per-CPU variable's
/// offset in its section. So this file can be written before anything but `.data..percpu` is laid out:
///
/// - `.debug_info .debug_abbrev .debug_str` (`.debug_line_str .debug_str_offsets .debug_addr .debug_types`
///   where objects have them; `.debug_loc .debug_loclists` for pahole 1.25 and later, which look at how
///   parameters are passed), merged and with offsets into each other relocated; addresses of anything but
///   per-CPU variables may be any that lies outside `.data..percpu`;
/// - an entry for `.data..percpu` with its address and size, no bytes;
/// - symbols: every STT_FUNC, and every STT_OBJECT of `.data..percpu`. What value a function has does not matter
///   to 1.24; later versions leave out names that stand for several functions, which they tell by value.
///
/// No line tables, location lists, frames, ranges, relocations or code: 49 MB instead of 79 for a small
/// kernel. Newer kernels let pahole mark kfuncs (`decl_tag_kfuncs`): then also `.BTF_ids`, with bytes and
/// symbols.
public final class PaholeImage {
    private record Section(String name, int type, long flags, long address, long size, MemorySegment content) {}

    private final boolean wide;
    private final int machine;
    private final Endian order;
    private final List<Section> sections = new ArrayList<>();
    private byte[] symbols = new byte[1 << 16];
    private int symbolsSize;
    private byte[] names = new byte[1 << 16];
    private int namesSize = 1;

    /// @param elfClass ELFCLASS64 or ELFCLASS32
    /// @param machine  e_machine of the kernel
    /// @param order    of the bytes in its words
    public PaholeImage(int elfClass, int machine, Endian order) {
        wide = elfClass == Elf.ELFCLASS64;
        this.machine = machine;
        this.order = order;
        symbolsSize = symbolSize();
        sections.add(new Section("", Elf.SHT_NULL, 0, 0, 0, null));
    }

    /// A section of which pahole needs to know the place only.
    ///
    /// @return its index, for [#symbol]
    public int place(String name, long flags, long address, long size) {
        sections.add(new Section(name, Elf.SHT_NOBITS, flags, address, size, null));
        return sections.size() - 1;
    }

    /// A section with its bytes, which are not copied until [#write].
    ///
    /// @return its index, for [#symbol]
    public int section(String name, long flags, long address, MemorySegment content) {
        sections.add(new Section(name, Elf.SHT_PROGBITS, flags, address, content.byteSize(), content));
        return sections.size() - 1;
    }

    /// A section whose bytes are written later, through [Open]: they may be more than one wants to hold in
    /// memory, and several threads may make them.
    ///
    /// @return its index, for [#symbol] and [Open#write]
    public int reserve(String name, long flags, long address, long size) {
        sections.add(new Section(name, Elf.SHT_PROGBITS, flags, address, size, null));
        return sections.size() - 1;
    }

    /// A symbol; the name is `length` bytes at `offset` of `text`, without NUL.
    ///
    /// @param type    STT_FUNC or STT_OBJECT
    /// @param section index of its section here
    public void symbol(MemorySegment text, long offset, int length, int type, int section, long value, long size) {
        room(length);
        LE.bytes(text, offset, names, namesSize, length);
        symbol(length, type, section, value, size);
    }

    /// The same, from a string table on the heap.
    public void symbol(byte[] text, int offset, int length, int type, int section, long value, long size) {
        room(length);
        System.arraycopy(text, offset, names, namesSize, length);
        symbol(length, type, section, value, size);
    }

    private void room(int length) {
        if (names.length - namesSize <= length) {
            names = Arrays.copyOf(names, Math.addExact(names.length, Math.max(names.length, length + 1)));
        }
    }

    private void symbol(int length, int type, int section, long value, long size) {
        if (symbols.length - symbolsSize < symbolSize()) {
            symbols = Arrays.copyOf(symbols, Math.multiplyExact(symbols.length, 2));
        }
        int at = symbolsSize;
        order.put32(symbols, at, namesSize);
        symbols[at + (wide ? 4 : 12)] = (byte) (Elf.STB_GLOBAL << 4 | type);
        if (wide) {
            order.put16(symbols, at + 6, section);
            order.put64(symbols, at + 8, value);
            order.put64(symbols, at + 16, size);
        } else {
            order.put32(symbols, at + 4, (int) value);
            order.put32(symbols, at + 8, (int) size);
            order.put16(symbols, at + 14, section);
        }
        symbolsSize += symbolSize();
        namesSize += length + 1;
    }

    /// Writes the file, replacing what is there; for an image without reserved sections.
    public void write(Path file) throws IOException {
        open(file).close();
    }

    /// Writes all of the file but the reserved sections, replacing what is there.
    public Open open(Path file) throws IOException {
        var all = new ArrayList<>(sections);
        int symtab = all.size();
        all.add(heap(".symtab", Elf.SHT_SYMTAB, symbols, symbolsSize));
        all.add(heap(".strtab", Elf.SHT_STRTAB, names, namesSize));
        var text = new StringBuilder();
        var nameAt = new int[all.size() + 1];
        for (int i = 0; i < all.size(); i++) {
            nameAt[i] = text.length();
            text.append(all.get(i).name).append('\0');
        }
        nameAt[all.size()] = text.length();
        byte[] shstrtab = text.append(".shstrtab\0").toString().getBytes(StandardCharsets.UTF_8);
        all.add(heap(".shstrtab", Elf.SHT_STRTAB, shstrtab, shstrtab.length));
        var offsets = new long[sections.size()];
        var out = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        try {
            long at = wide ? 64 : 52;
            int entry = wide ? 64 : 40;
            var headers = new byte[entry * all.size()];
            for (int i = 1; i < all.size(); i++) {
                Section s = all.get(i);
                at = at + 7 & -8L;
                header(headers, i * entry, s, nameAt[i], at, i == symtab ? symtab + 1 : 0);
                if (i < offsets.length) {
                    offsets[i] = at;
                }
                if (s.content != null) {
                    write(out, s.content, at);
                }
                at += s.type == Elf.SHT_NOBITS ? 0 : s.size;
            }
            at = at + 7 & -8L;
            write(out, MemorySegment.ofArray(headers), at);
            write(out, MemorySegment.ofArray(fileHeader(at, all.size())), 0);
        } catch (IOException | RuntimeException e) {
            out.close();
            throw e;
        }
        return new Open(file, out, offsets);
    }

    /// An image that waits for the bytes of its reserved sections.
    public static final class Open implements AutoCloseable {
        private final Path file;
        private final FileChannel out;
        private final long[] offsets;

        private Open(Path file, FileChannel out, long[] offsets) {
            this.file = file;
            this.out = out;
            this.offsets = offsets;
        }

        /// Writes a part of a reserved section; from any thread, disjoint parts.
        public void write(int section, MemorySegment bytes, long offset) {
            try {
                PaholeImage.write(out, bytes, offsets[section] + offset);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    private int symbolSize() {
        return wide ? 24 : 16;
    }

    private static Section heap(String name, int type, byte[] bytes, int size) {
        return new Section(name, type, 0, 0, size, MemorySegment.ofArray(bytes).asSlice(0, size));
    }

    private void header(byte[] b, int at, Section s, int name, long fileOffset, int link) {
        boolean symtab = link != 0;
        order.put32(b, at, name);
        order.put32(b, at + 4, s.type);
        if (wide) {
            order.put64(b, at + 8, s.flags);
            order.put64(b, at + 16, s.address);
            order.put64(b, at + 24, fileOffset);
            order.put64(b, at + 32, s.size);
            order.put32(b, at + 40, link);
            order.put32(b, at + 44, symtab ? 1 : 0); // sh_info: symbols from 1 are global
            order.put64(b, at + 48, symtab ? 8 : 1);
            order.put64(b, at + 56, symtab ? symbolSize() : 0);
        } else {
            order.put32(b, at + 8, (int) s.flags);
            order.put32(b, at + 12, (int) s.address);
            order.put32(b, at + 16, (int) fileOffset);
            order.put32(b, at + 20, (int) s.size);
            order.put32(b, at + 24, link);
            order.put32(b, at + 28, symtab ? 1 : 0);
            order.put32(b, at + 32, symtab ? 4 : 1);
            order.put32(b, at + 36, symtab ? symbolSize() : 0);
        }
    }

    private byte[] fileHeader(long shoff, int shnum) {
        var b = new byte[wide ? 64 : 52];
        LE.put32(b, 0, Elf.ELFMAG);
        b[4] = (byte) (wide ? Elf.ELFCLASS64 : Elf.ELFCLASS32);
        b[5] = (byte) (order.isBig() ? Elf.ELFDATA2MSB : Elf.ELFDATA2LSB);
        b[6] = 1;
        order.put16(b, 16, Elf.ET_EXEC);
        order.put16(b, 18, machine);
        order.put32(b, 20, 1);
        if (wide) {
            order.put64(b, 40, shoff);
        } else {
            order.put32(b, 32, (int) shoff);
        }
        int sizes = wide ? 52 : 40;
        order.put16(b, sizes, b.length);
        order.put16(b, sizes + 2, wide ? Elf.PHDR_SIZE : 32);
        order.put16(b, sizes + 6, wide ? Elf.SHDR_SIZE : 40);
        order.put16(b, sizes + 8, shnum);
        order.put16(b, sizes + 10, shnum - 1);
        return b;
    }

    private static void write(FileChannel out, MemorySegment content, long fileOffset) throws IOException {
        final long step = 1 << 30; // a ByteBuffer holds less than 2 GiB
        for (long done = 0; done < content.byteSize(); done += step) {
            ByteBuffer buffer = content.asSlice(done, Math.min(step, content.byteSize() - done)).asByteBuffer();
            while (buffer.hasRemaining()) {
                out.write(buffer, fileOffset + done + buffer.position());
            }
        }
    }
}
