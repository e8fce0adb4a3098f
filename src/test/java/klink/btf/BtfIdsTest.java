package klink.btf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import klink.mem.Endian;
import klink.oracle.KernelSource;
import klink.report.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `.BTF_ids` against the kernel's tools/bpf/resolve_btfids, bytes and warnings.
class BtfIdsTest {
    @TempDir
    Path dir;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Report report = new Report(new PrintStream(printed, true, StandardCharsets.UTF_8), 0);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void likeResolveBtfids(long seed) throws IOException {
        Path tree = KernelSource.tree().orElse(null);
        assumeTrue(tree != null, KernelSource.MISSING);
        assumeTrue(PaholeTest.available(), "needs pahole");
        var program = BtfProgram.link(dir, new Random(seed), 64);
        Path image = program.image();
        KernelSource.run(dir, "pahole", "-J", image.toString());
        MemorySegment section = program.segment(image, ".BTF_ids");
        var types = BtfReader.of(program.segment(image, ".BTF"), "image");
        String theirWords = KernelSource.run(dir, KernelSource.resolveBtfids(tree).toString(), image.toString());
        byte[] theirs = program.section(image, ".BTF_ids");

        var ids = new BtfIds(report);
        assertTrue(ids.isEmpty());
        for (var symbol : program.symbols()) {
            if (symbol.section().equals(".BTF_ids")) {
                ids.add(BtfProgram.bytes(symbol.name()), symbol.value() - 0x500000, symbol.size());
            }
        }
        assertFalse(ids.isEmpty());
        ids.resolve(types);
        ids.patch(section, Endian.LITTLE);
        report.flush();
        assertArrayEquals(theirs, section.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
        assertEquals(0, report.errors());
        assertTrue(theirWords.contains("multiple IDs") && theirWords.contains("unresolved"), theirWords);
        assertEquals(theirWords.replace("WARN: resolve_btfids:", "WARN:"),
                printed.toString(StandardCharsets.UTF_8).replace("klink: warning: resolve_btfids:", "WARN:"));
    }

    @Test
    void malformedSymbolsAreErrors() {
        var ids = new BtfIds(report);
        for (String name : new String[] {"__BTF_ID__enum__e__1", "__BTF_ID__func__f", "__BTF_ID__func_", "__BTF_ID__func", "__BTF_ID__set__",
                "__BTF_ID__set8", "__BTF_ID__"}) {
            int before = report.errors();
            ids.add(BtfProgram.bytes(name), 0, 4);
            assertEquals(before + 1, report.errors(), name);
        }
        ids.add(BtfProgram.bytes("something_else"), 0, 4);
        assertTrue(ids.isEmpty());
        assertEquals(7, report.errors());
    }

    @Test
    void placesOutsideTheSectionAreErrors() {
        var ids = new BtfIds(report);
        ids.add(BtfProgram.bytes("__BTF_ID__func__f__1"), 14, 4);
        ids.add(BtfProgram.bytes("__BTF_ID__func__f__2"), -4, 4);
        ids.add(BtfProgram.bytes("__BTF_ID__func__f__3"), 1, 4);
        ids.add(BtfProgram.bytes("__BTF_ID__set__sized"), 8, 1L << 33);
        ids.add(BtfProgram.bytes("__BTF_ID__set8__unsized"), 0, 0);
        ids.add(BtfProgram.bytes("__BTF_ID__set__unsized"), 0, 0);
        var section = new byte[16];
        Arrays.fill(section, (byte) 7);
        byte[] before = section.clone();
        ids.patch(MemorySegment.ofArray(section), Endian.LITTLE);
        assertEquals(6, report.errors());
        assertArrayEquals(before, section);
    }
}
