package klink.kbuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import klink.kallsyms.KernelScripts;
import klink.kallsyms.MapText;
import klink.kallsyms.NmLetter;
import klink.kallsyms.SampleSymbols;
import klink.kernel.Kernel;
import klink.oracle.KernelSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// System.map and nm's letters against nm itself and the kernel's scripts/mksysmap.
class SystemMapTest {
    /// A symbol of every kind that nm tells apart: section, then what is in it.
    private static final String KINDS = """
        .text
        .globl global_text
        global_text: nop
        local_text: nop
        .weak weak_text
        .type weak_text, @function
        weak_text: nop
        .type indirect, @gnu_indirect_function
        .globl indirect
        indirect: nop
        .type local_indirect, @gnu_indirect_function
        local_indirect: nop
        .weak weak_object
        .type weak_object, @object
        .data
        weak_object: .long 1
        local_data: .long 1
        .globl global_data
        global_data: .long 1
        .type unique, @gnu_unique_object
        .globl unique
        unique: .long 1
        .weak weak_notype
        weak_notype: .long 1
        .section .rodata,"a"
        local_ro: .long 1
        .globl global_ro
        global_ro: .long 1
        .bss
        local_bss: .skip 4
        .globl global_bss
        global_bss: .skip 4
        .section .tdata,"awT"
        tls_data: .long 1
        .section .tbss,"awT",@nobits
        tls_bss: .skip 4
        .section .plain
        local_plain: .long 1
        .globl global_plain
        global_plain: .long 1
        .section .plain_w,"w"
        plain_write: .long 1
        .section .plain_nobits,"",@nobits
        plain_nobits: .skip 4
        .section .exec_write,"awx"
        exec_write: .long 1
        .section .exec_nobits,"awx",@nobits
        exec_nobits: .skip 4
        .section .exec_plain,"x"
        exec_plain: .long 1
        .section .ro_nobits,"a",@nobits
        ro_nobits: .skip 4
        .section .note.own,"a",@note
        in_note: .long 1
        .section .debug_own
        in_debug: .long 1
        .globl global_debug
        global_debug: .long 1
        .section .debug_alloc,"a"
        in_alloc_debug: .long 1
        .section .line
        in_line: .long 1
        .section .gdb_index
        in_index: .long 1
        .section .gdb_index2
        in_index2: .long 1
        .section .gnu.linkonce.wi.x
        in_linkonce: .long 1
        .section .comment2
        in_comment: .long 1
        .section .pdata,"a"
        in_pdata: .long 1
        .section .idata$4,"aw"
        in_idata: .long 1
        .section .edata.x,"a"
        in_edata: .long 1
        .globl global_edata
        global_edata: .long 1
        .section .drectve9,"a"
        in_drectve: .long 1
        .section .edatax,"a"
        in_edatax: .long 1
        .section .init_array,"aw"
        in_array: .quad 0
        .set local_abs, 5
        .set global_abs, 6
        .globl global_abs
        .set weak_abs, 7
        .weak weak_abs
        .text
        .quad undefined, weak_undefined, weak_undefined_object
        .weak weak_undefined, weak_undefined_object
        .type weak_undefined_object, @object
        """;

    @TempDir
    Path dir;

    private Path assemble(String name, String source) throws Exception {
        Path s = Files.writeString(dir.resolve(name + ".s"), source);
        Path o = dir.resolve(name + ".o");
        KernelSource.run(dir, "as", "--64", "-o", o.toString(), s.toString());
        return o;
    }

    private static Map<String, Character> nmLetters(Path file) {
        var map = new LinkedHashMap<String, Character>();
        for (String line : KernelSource.run(file.getParent(), "nm", file.toString()).split("\n")) {
            map.put(line.substring(19), line.charAt(17));
        }
        return map;
    }

    @Test
    void lettersLikeNm() throws Exception {
        Path object = assemble("kinds", KINDS);
        Path linked = dir.resolve("kinds");
        KernelSource.run(dir, "ld", "-m", "elf_x86_64", "-static", "--unresolved-symbols=ignore-all", "-o", linked.toString(), object.toString());
        for (Path file : new Path[] {object, linked}) {
            var theirs = new TreeMap<>(nmLetters(file));
            assertTrue(theirs.values().containsAll(java.util.List.of('t', 'T', 'W', 'V', 'i', 'u', 'N', 'n', '?', 'p', 'e', 'a', 'A')), theirs.toString());
            assertEquals(theirs.toString(), new TreeMap<>(new LinkedSymbols(Files.readAllBytes(file)).letters()).toString());
        }
        assertTrue(nmLetters(object).values().containsAll(java.util.List.of('U', 'w', 'v')));
    }

    /// Many symbols at few addresses, some alike in name and address, linked by ld.
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void likeMksysmapOfALinkedFile(long seed) throws Exception {
        Path tree = KernelSource.tree().orElse(null);
        assumeTrue(tree != null, KernelSource.MISSING);
        var random = new Random(seed);
        var ld = new java.util.ArrayList<>(java.util.List.of("ld", "-m", "elf_x86_64", "-static", "--unresolved-symbols=ignore-all", "-o", "image"));
        ld.add(assemble("kinds", KINDS).toString());
        for (int file = 0; file < 3; file++) {
            ld.add(assemble("part" + file, part(random, file)).toString());
        }
        KernelSource.run(dir, ld);
        Path image = dir.resolve("image");
        String theirs = new String(KernelScripts.mksysmap(tree, dir, "nm", image), StandardCharsets.ISO_8859_1);
        var symbols = new LinkedSymbols(Files.readAllBytes(image));
        byte[] ours = SystemMap.bytes(symbols.nm, symbols.nm.keptBy(Kernel.V6_1.systemMap()), symbols.address, 8);
        assertTrue(theirs.lines().count() > 400);
        assertEquals(theirs, new String(ours, StandardCharsets.ISO_8859_1));
    }

    private static String part(Random random, int file) {
        String[] names = {"x", "__x", "___crc", "__crc_x", "X", "a.b", "a_b", "$z", ".Lz", "__kstrtab_q", "L0", "x1", "zebra", "Zebra", "_end"};
        var s = new StringBuilder();
        for (int i = 0; i < 250; i++) {
            String name = names[random.nextInt(names.length)] + (random.nextInt(4) == 0 ? "" : random.nextInt(90)) + "_" + file;
            if (random.nextInt(20) == 0) {
                name = "dup" + random.nextInt(2);
            }
            if (s.indexOf("\n" + name + ":") >= 0) {
                continue;
            }
            s.append(random.nextInt(3) == 0 ? ".data\n" : ".text\n");
            s.append(random.nextInt(4) == 0 && !name.startsWith("dup") ? ".globl " + name + "\n" : "\n");
            s.append('\n').append(name).append(":\n").append(random.nextInt(6) == 0 ? ".skip 8\n" : "");
        }
        return s.toString();
    }

    /// What no object can hold all of at once, through mksysmap alone.
    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void likeMksysmapOfASample(long seed) throws Exception {
        Path tree = KernelSource.tree().orElse(null);
        assumeTrue(tree != null, KernelSource.MISSING);
        var sample = new SampleSymbols(seed, 4000, 8);
        byte[] theirs = KernelScripts.mksysmap(tree, dir, KernelScripts.printer(dir), Files.write(dir.resolve("nm"), sample.nmOrder()));
        var map = new MapText(SampleSymbols.lines(sample.symbols()));
        byte[] ours = SystemMap.bytes(map.nm, map.nm.keptBy(Kernel.V6_1.systemMap()), map.address, 8);
        assertEquals(new String(theirs, StandardCharsets.ISO_8859_1), new String(ours, StandardCharsets.ISO_8859_1));
    }

    @Test
    void shortAddresses() {
        var map = new MapText("00000000c0008000 T _text\n".getBytes(StandardCharsets.UTF_8));
        assertEquals("c0008000 T _text\n", new String(SystemMap.bytes(map.nm, new int[] {0}, map.address, 4), StandardCharsets.UTF_8));
    }

    @Test
    void treeTellsItsKernel() throws Exception {
        Files.createDirectories(dir.resolve("include/config"));
        Path conf = dir.resolve("include/config/auto.conf");
        Files.writeString(conf, "#\n# Linux/x86 6.12.5 Kernel Configuration\n#\nCONFIG_KALLSYMS=y\n");
        assertEquals("6.12", TreeConfig.read(dir).kernel().version());
        Files.writeString(dir.resolve("include/config/kernel.release"), "6.1.192-local\n");
        var tree = TreeConfig.read(dir);
        assertEquals("6.1", tree.kernel().version());
        assertTrue(tree.config().has("CONFIG_KALLSYMS"));
        assertFalse(tree.config().has("CONFIG_KALLSYMS_ALL"));
        Files.writeString(dir.resolve("include/config/kernel.release"), "5.10.1\n");
        var e = org.junit.jupiter.api.Assertions.assertThrows(klink.report.BadInput.class, () -> TreeConfig.read(dir));
        assertTrue(e.getMessage().contains("5.10.1"));
    }

    @Test
    void undefinedIsTold() {
        assertEquals('v', NmLetter.of(klink.elf.Elf.STB_WEAK, klink.elf.Elf.STT_OBJECT, NmLetter.UNDEFINED));
    }
}
