package klink.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import klink.image.SorttableImage.Section;
import klink.oracle.KernelSource;
import klink.report.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Our sorts against the kernel's scripts/sorttable: the same unsorted image, linked by ld from generated
/// assembly, goes through both and must come out byte for byte the same, ties included.
class SorttableTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource({
        "62, RELATIVE_WITH_DATA, 64, 1", "62, RELATIVE_WITH_DATA, 64, 2", "62, RELATIVE_WITH_DATA, 64, 3",
        "183, RELATIVE_WITH_DATA, 64, 4", "21, RELATIVE, 64, 5", "21, RELATIVE, 64, 6", "40, ABSOLUTE_32, 32, 7", "40, ABSOLUTE_32, 32, 8"})
    void likeSorttable(int machine, ExtableSort.Shape shape, int bits, long seed) throws IOException {
        Path tree = KernelSource.tree().orElse(null);
        assumeTrue(tree != null, KernelSource.MISSING);
        boolean orc = machine == 62;
        var image = SorttableImage.link(dir, new Random(seed), machine, shape, bits, orc);
        byte[] ours = image.bytes().clone();
        KernelSource.run(dir, KernelSource.sorttable(tree, orc).toString(), image.file().toString());
        byte[] theirs = Files.readAllBytes(image.file());
        assertFalse(Arrays.equals(ours, theirs), "the image was sorted already: nothing is tested");

        ExtableSort.sort(segment(ours, image.section("__ex_table")), shape, "vmlinux");
        Section init = image.section(".init.data");
        int start = (int) (image.symbol("__start_mcount_loc") - init.address());
        int stop = (int) (image.symbol("__stop_mcount_loc") - init.address());
        McountSort.sort(segment(ours, init).asSlice(start, stop - start), bits / 8, "vmlinux");
        if (orc) {
            OrcSort.sort(segment(ours, image.section(".orc_unwind_ip")), segment(ours, image.section(".orc_unwind")),
                    OrcSort.Shape.X86_SP_REG_END, "vmlinux");
        }
        Section data = image.section(".data");
        ExtableSort.clearSortNeeded(segment(ours, data), image.symbol("main_extable_sort_needed") - data.address(), "vmlinux");
        assertArrayEquals(theirs, ours);
    }

    private static MemorySegment segment(byte[] file, Section s) {
        return MemorySegment.ofArray(file).asSlice(s.fileOffset(), s.size());
    }

    @Test
    void sizesThatDoNotFitAreErrors() {
        var odd = MemorySegment.ofArray(new byte[13]);
        var even = MemorySegment.ofArray(new byte[12]);
        assertThrows(BadInput.class, () -> ExtableSort.sort(odd, ExtableSort.Shape.RELATIVE_WITH_DATA, "vmlinux"));
        assertThrows(BadInput.class, () -> McountSort.sort(odd, 8, "vmlinux"));
        assertThrows(BadInput.class, () -> OrcSort.sort(even, even, OrcSort.Shape.X86_TYPE, "vmlinux"));
        assertThrows(BadInput.class, () -> ExtableSort.clearSortNeeded(even, 9, "vmlinux"));
    }

    @Test
    void emptyTablesAreFine() {
        var none = MemorySegment.ofArray(new byte[0]);
        ExtableSort.sort(none, ExtableSort.Shape.RELATIVE, "vmlinux");
        McountSort.sort(none, 4, "vmlinux");
        OrcSort.sort(none, none, OrcSort.Shape.X86_TYPE, "vmlinux");
    }
}
