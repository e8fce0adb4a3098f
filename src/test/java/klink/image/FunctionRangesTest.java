package klink.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import klink.mem.LE;
import org.junit.jupiter.api.Test;

/// ftrace call sites outside functions are dropped from the list, and nothing else. ./check holds a whole 6.12 kernel against the
/// kernel's own sorttable.
class FunctionRangesTest {
    private static final long TEXT = 0xffff_ffff_8100_0000L;

    private static FunctionRanges functions(long... startsAndSizes) {
        var start = new long[startsAndSizes.length / 2];
        var size = new long[start.length];
        for (int i = 0; i < start.length; i++) {
            start[i] = TEXT + startsAndSizes[2 * i];
            size[i] = startsAndSizes[2 * i + 1];
        }
        return FunctionRanges.of(start, size);
    }

    @Test
    void endsAreOutside() {
        FunctionRanges f = functions(0x40, 0x10, 0x10, 0x20);
        assertFalse(f.contain(TEXT + 0xf));
        assertTrue(f.contain(TEXT + 0x10));
        assertTrue(f.contain(TEXT + 0x2f));
        assertFalse(f.contain(TEXT + 0x30));
        assertTrue(f.contain(TEXT + 0x40));
        assertFalse(f.contain(TEXT + 0x50));
        assertFalse(f.contain(0));
    }

    @Test
    void aliasesAndPartsOfFunctionsHideNothing() {
        FunctionRanges f = functions(0x10, 0x40, 0x10, 8, 0x20, 4);
        assertTrue(f.contain(TEXT + 0x18));
        assertTrue(f.contain(TEXT + 0x4f));
        assertFalse(f.contain(TEXT + 0x50));
    }

    @Test
    void noFunctions() {
        assertFalse(functions().contain(TEXT));
    }

    @Test
    void droppedCallSitesSortFirst() {
        long[] sites = {TEXT + 0x40, TEXT + 0x35, TEXT + 0x10};
        var table = new byte[24];
        for (int i = 0; i < 3; i++) {
            LE.put64(table, 8 * i, sites[i]);
        }
        McountSort.sort(MemorySegment.ofArray(table), 8, functions(0x40, 0x10, 0x10, 0x20), "vmlinux");
        var sorted = new long[3];
        for (int i = 0; i < 3; i++) {
            sorted[i] = LE.i64(table, 8 * i);
        }
        assertArrayEquals(new long[] {0, TEXT + 0x10, TEXT + 0x40}, sorted);
    }

    @Test
    void sitesInOrderAreStillDropped() {
        var table = new byte[8];
        LE.put32(table, 0, 0x1000);
        LE.put32(table, 4, 0x2000);
        McountSort.sort(MemorySegment.ofArray(table), 4, FunctionRanges.of(new long[] {0x2000}, new long[] {4}), "vmlinux");
        assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0x20, 0, 0}, table);
    }
}
