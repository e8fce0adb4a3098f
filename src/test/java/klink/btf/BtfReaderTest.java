package klink.btf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import klink.mem.LE;
import klink.report.BadInput;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BtfReaderTest {
    private static final byte[] NAMES = BtfProgram.bytes("\0int\0point\0move\0x\0y\0");

    /// An int, a struct of two members, a prototype of one parameter, a function: written out by hand.
    private static byte[] blob() {
        int[] types = {
            1, BtfReader.KIND_INT << 24, 4, 0x01000020,
            5, BtfReader.KIND_STRUCT << 24 | 2, 8, 16, 1, 0, 18, 1, 32,
            0, BtfReader.KIND_FUNC_PROTO << 24 | 1, 1, 16, 2,
            11, BtfReader.KIND_FUNC << 24 | 1, 3};
        var b = new byte[24 + types.length * 4 + NAMES.length];
        LE.put16(b, 0, BtfReader.MAGIC);
        b[2] = 1;
        LE.put32(b, 4, 24);
        LE.put32(b, 12, types.length * 4);
        LE.put32(b, 16, types.length * 4);
        LE.put32(b, 20, NAMES.length);
        for (int i = 0; i < types.length; i++) {
            LE.put32(b, 24 + i * 4, types[i]);
        }
        System.arraycopy(NAMES, 0, b, 24 + types.length * 4, NAMES.length);
        return b;
    }

    private static BtfReader read(byte[] b) {
        return BtfReader.of(MemorySegment.ofArray(b), "vmlinux");
    }

    @Test
    void walksAllTypes() {
        var types = read(blob());
        assertEquals(4, types.lastId());
        assertEquals("int", types.name(1));
        assertEquals(BtfReader.KIND_STRUCT, types.kind(2));
        assertEquals("point", types.name(2));
        assertEquals(2, types.count(2));
        assertEquals(8, types.word(2, 2));
        assertEquals("", types.name(3));
        assertEquals(BtfReader.KIND_FUNC, types.kind(4));
        assertEquals("move", types.name(4));
        assertEquals(3, types.word(4, 2));
    }

    @Test
    void cutAnywhereIsAnErrorWithAnOffset() {
        byte[] whole = blob();
        for (int size = 0; size < whole.length; size++) {
            byte[] cut = Arrays.copyOf(whole, size);
            var e = assertThrows(BadInput.class, () -> read(cut));
            assertEquals("vmlinux", e.file());
            assertTrue(e.fileOffset() <= size);
        }
    }

    /// Any one byte changed: read, or refused, but never anything else.
    @Property
    void anyByteMayBeWrong(@ForAll @IntRange(max = 135) int at, @ForAll byte value) {
        byte[] b = blob();
        b[at % b.length] = value;
        try {
            var types = read(b);
            for (int id = 1; id <= types.lastId(); id++) {
                types.name(id);
                types.kind(id);
            }
        } catch (BadInput e) {
            assertEquals("vmlinux", e.file());
        }
    }

    @Test
    void unknownKindIsAnError() {
        byte[] b = blob();
        LE.put32(b, 28, 31 << 24);
        var e = assertThrows(BadInput.class, () -> read(b));
        assertTrue(e.getMessage().contains("unknown kind 31"), e.getMessage());
        assertEquals(24, e.fileOffset());
    }
}
