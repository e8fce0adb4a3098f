package klink.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SortedRunsTest {
    @Property
    void anyKeys(@ForAll @Size(max = 200) long[] keys) {
        long[] expected = keys.clone();
        Arrays.sort(expected);
        assertArrayEquals(expected, SortedRuns.sort(keys));
    }

    /// Long runs that interleave in blocks and share keys: the shape of a kernel's tables.
    @Property(tries = 300)
    void interleavingRuns(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int runs) {
        var random = new Random(seed);
        var blocks = new long[runs][];
        for (int r = 0; r < runs; r++) {
            blocks[r] = new long[1 + random.nextInt(200)];
            long at = random.nextInt(100_000) - 50_000;
            for (int i = 0; i < blocks[r].length; i++) {
                blocks[r][i] = at;
                at += random.nextInt(50) == 0 ? random.nextInt(50_000) : random.nextInt(3);
            }
        }
        long[] keys = Arrays.stream(blocks).flatMapToLong(Arrays::stream).toArray();
        long[] expected = keys.clone();
        Arrays.sort(expected);
        assertArrayEquals(expected, SortedRuns.sort(keys));
    }

    @Property
    void sortedKeysAreNotCopied(@ForAll @Size(max = 50) long[] keys) {
        Arrays.sort(keys);
        assertSame(keys, SortedRuns.sort(keys));
    }
}
