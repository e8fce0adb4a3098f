package klink.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.mem.LE;
import klink.report.BadInput;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfImageTest {
    private static final String SOURCE = """
            .globl start, shared
            .weak perhaps
            .hidden shared
            .text
            .type start, @function
            start: call other
            lea text(%rip), %rax
            ret
            .size start, .-start
            .data
            .type shared, @object
            .size shared, 8
            shared: .quad start+4
            .quad perhaps
            .section .rodata.str1.1,"aMS",@progbits,1
            text: .asciz "some text"
            .bss
            room: .skip 64
            .section .note.x,"a",@note
            .long 4,4,1
            .asciz "abc"
            .long 7
            """;

    @TempDir
    private Path dir;
    private byte[] object;

    @BeforeEach
    void assemble() {
        var tools = new Toolchain(dir);
        tools.assemble("a", SOURCE);
        object = tools.read("a.o");
    }

    private static ElfImage image(byte[] bytes) {
        return ElfImage.of("test.o", MemorySegment.ofArray(bytes));
    }

    /// Reads all that can be read.
    private static void readAll(byte[] bytes) {
        var image = image(bytes);
        for (Section s : image.sections()) {
            image.bytes(s);
            if (s.type() == Elf.SHT_RELA) {
                image.relocations(s);
            }
        }
        var symbols = image.symbols();
        for (int i = 0; i < symbols.count(); i++) {
            symbols.name(i);
            symbols.sectionName(i);
        }
        symbols.locator().name(5);
        Inspection.of(image, null);
        Comparison.of(image, image, true);
    }

    @Test
    void symbolsAreThoseThatNmLists() {
        var ours = new TreeSet<String>();
        var image = image(object);
        for (int i = 1; i < image.symbols().count(); i++) {
            char letter = NmLetters.of(image, i);
            if (letter != 0) {
                ours.add((letter == 'U' || letter == 'w' ? " ".repeat(16) : String.format("%016x", image.symbols().value(i))) + " " + letter + " "
                        + image.symbols().name(i));
            }
        }
        var nm = new TreeSet<>(Arrays.asList(new Toolchain(dir).run("nm", "a.o").split("\n")));
        assertEquals(nm, ours);
    }

    @Test
    void sectionsAreThoseThatReadelfLists() {
        var image = image(object);
        var ours = new ArrayList<String>();
        for (Section s : image.sections()) {
            if (s.ndx() != 0) {
                ours.add(String.format("%s %s %06x %06x %02x %d %d %d", s.name(), Names.sectionType(s.type()), s.fileOffset(), s.size(), s.entsize(), s.link(),
                        s.info(), s.align()));
            }
        }
        var theirs = new ArrayList<String>();
        for (String line : new Toolchain(dir).run("readelf", "-SW", "a.o").split("\n")) {
            int bracket = line.indexOf("] ");
            if (line.startsWith("  [") && bracket > 0 && !line.startsWith("  [Nr") && !line.startsWith("  [ 0]")) {
                var w = new ArrayList<>(List.of(line.substring(bracket + 2).trim().split(" +")));
                if (w.size() == 10) {
                    w.remove(6);
                }
                theirs.add(String.join(" ", w.get(0), w.get(1), w.get(3), w.get(4), w.get(5), w.get(6), w.get(7), w.get(8)));
            }
        }
        assertEquals(theirs, ours);
    }

    @Test
    void locatorNamesTheNearestSymbolBelow() {
        var tools = new Toolchain(dir);
        tools.assemble("b", ".globl a,z\n.text\n.skip 16\na: alias: .skip 16\nz: .skip 4\n");
        tools.link("ld.bfd", "b", "-Ttext=0x1000", "-e", "0", "b.o");
        var names = image(tools.read("b")).symbols().locator();
        assertEquals("a", names.name(0x1010));
        assertEquals("a+0xf", names.name(0x101f));
        assertEquals("z", names.name(0x1020));
        assertEquals("0xfff", names.name(0xfff));
    }

    @Test
    void everyTruncationIsBadInput() {
        // The section header table ends the file, so nothing shorter than the file is whole.
        assertEquals(object.length, LE.i64(object, 40) + 64L * LE.u16(object, 60));
        for (int length = 0; length < object.length; length++) {
            byte[] cut = Arrays.copyOf(object, length);
            assertThrows(BadInput.class, () -> readAll(cut), "cut at " + length);
        }
    }

    @Test
    void noByteCanMakeItThrowAnythingElse() {
        int refused = 0;
        for (int at = 0; at < object.length; at++) {
            for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
                byte[] changed = object.clone();
                changed[at] = (byte) value;
                try {
                    readAll(changed);
                } catch (BadInput e) {
                    refused++;
                    assertTrue(e.fileOffset() >= 0 && e.fileOffset() <= object.length, e.getMessage() + " at " + e.fileOffset());
                }
            }
        }
        assertTrue(refused > 500, "only " + refused + " changes refused");
    }

    private void refused(int at, int width, long value, String message, long offset) {
        byte[] changed = object.clone();
        for (int i = 0; i < width; i++) {
            changed[at + i] = (byte) (value >>> 8 * i);
        }
        var e = assertThrows(BadInput.class, () -> readAll(changed));
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertEquals(offset, e.fileOffset());
        assertEquals("test.o", e.file());
    }

    @Test
    void fieldsAreNamedByFileOffset() {
        var p = new Patched(object);
        refused(0, 1, 0, "not an ELF file", 0);
        refused(4, 1, 3, "EI_CLASS 3", 4);
        refused(4, 1, 1, "e_ehsize is", 40);            // of 32 bits: all fields stand elsewhere
        refused(5, 1, 2, "not a little-endian", 5);
        refused(58, 2, 63, "e_shentsize", 58);
        refused(40, 8, -64, "section header table", 40);
        refused(62, 2, 99, "e_shstrndx", 62);
        refused(p.header(".text") + 24, 8, Long.MAX_VALUE, "runs beyond the end of the file", p.header(".text") + 24);
        refused(p.header(".text") + 32, 8, -1, "runs beyond the end of the file", p.header(".text") + 24);
        refused(p.header(".text"), 4, 0xffffff, "outside the string table", p.header(".text"));
        refused(p.header(".text") + 48, 8, 3, "not a power of two", p.header(".text") + 48);
        refused(p.header(".symtab") + 40, 4, 99, "links to section 99", p.header(".symtab") + 40);
        refused(p.symbol("shared"), 4, 0xffffff, "name outside the string table", p.symbol("shared"));
        refused(p.symbol("shared") + 6, 2, 99, "in section 99", p.symbol("shared") + 6);
        int rela = p.at(".rela.text", 0);
        refused(rela + 12, 4, 9999, "against symbol 9999", rela + 8);
    }

    /// A count that the file cannot hold must be refused before it sizes an array.
    @Test
    void hugeCountsAllocateNothing() {
        byte[] changed = object.clone();
        LE.put16(changed, 60, 0);
        LE.put64(changed, (int) LE.i64(object, 40) + 32, 0x7fff_ffff);
        assertThrows(BadInput.class, () -> image(changed));
        byte[] segments = object.clone();
        LE.put64(segments, 32, 64);
        LE.put16(segments, 54, 56);
        LE.put16(segments, 56, 0xfffe);
        assertThrows(BadInput.class, () -> image(segments));
    }
}
