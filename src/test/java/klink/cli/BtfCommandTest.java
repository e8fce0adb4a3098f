package klink.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.btf.BtfReader;
import klink.input.ObjectFile;
import klink.mem.LE;
import klink.oracle.KernelSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `klink btf` as a user or a recipe of the kernel runs it: what goes where, and what becomes of the file.
class BtfCommandTest {
    private static final String KERNEL = "struct thing { int a; struct thing *next; }; struct thing g; int kernel_f(struct thing *t) { return t->a; }\n";
    private static final String MODULE = """
            struct thing { int a; struct thing *next; }; struct mine { struct thing t; long l; }; struct mine m;
            int module_f(struct mine *x) { return x->t.a; }
            asm(".pushsection .BTF_ids,\\"a\\"\\n"
                "__BTF_ID__func__module_f__1: .long 0\\n"
                "__BTF_ID__struct__thing__2: .long 0\\n"
                "__BTF_ID__struct__mine__3: .long 0\\n"
                "__BTF_ID__func__kernel_f__4: .long 0\\n"
                ".popsection");
            """;

    @TempDir
    Path dir;

    private String compile(String name, String source, String... options) throws IOException {
        Files.writeString(dir.resolve(name + ".c"), source);
        var line = new ArrayList<>(List.of("gcc", "-g", "-w", "-ffreestanding", "-fno-pic", "-c", name + ".c"));
        line.addAll(List.of(options));
        KernelSource.run(dir, line);
        return dir.resolve(name + ".o").toString();
    }

    private static CommandLine.Result btf(String... words) {
        var all = new ArrayList<>(List.of("btf"));
        all.addAll(List.of(words));
        return CommandLine.run(all);
    }

    private static void done(CommandLine.Result r) {
        assertEquals("", r.err());
        assertEquals(0, r.status());
    }

    private static byte[] section(String file, String name) throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of(file));
        ObjectFile object = ObjectFile.finished(file, MemorySegment.ofArray(bytes));
        for (int s = 1; s < object.sectionCount(); s++) {
            if (object.sectionName(s).equals(name)) {
                return java.util.Arrays.copyOfRange(bytes, (int) object.fileOffset(s), (int) (object.fileOffset(s) + object.size(s)));
            }
        }
        return null;
    }

    @Test
    void toAFileOfItsOwn() throws IOException {
        String object = compile("one", KERNEL);
        done(btf(object));
        done(btf("-o", dir.resolve("out").toString(), object));
        done(btf("--btf_gen_floats", "-j4", "--lang_exclude=rust", "--btf_encode_detached=" + dir.resolve("out2"), object));
        byte[] types = Files.readAllBytes(dir.resolve("one.o.btf"));
        assertTrue(types.length > 100);
        assertArrayEquals(types, Files.readAllBytes(dir.resolve("out")));
        assertArrayEquals(types, Files.readAllBytes(dir.resolve("out2")));
    }

    /// The file keeps all it has, at its place; binutils read it, and it can be linked on.
    @ParameterizedTest
    @ValueSource(strings = {"-m64", "-m32"})
    void intoTheFile(String machine) throws IOException {
        String object = compile("one", KERNEL, machine);
        byte[] before = Files.readAllBytes(Path.of(object));
        done(btf("-o", dir.resolve("out").toString(), object));
        done(btf("-J", object));
        assertArrayEquals(Files.readAllBytes(dir.resolve("out")), section(object, ".BTF"));
        ObjectFile old = ObjectFile.finished("before", MemorySegment.ofArray(before));
        ObjectFile now = ObjectFile.finished("now", MemorySegment.ofArray(Files.readAllBytes(Path.of(object))));
        assertEquals(old.sectionCount() + 1, now.sectionCount());
        for (int s = 1; s < old.sectionCount(); s++) {
            assertEquals(old.sectionName(s), now.sectionName(s));
            assertEquals(old.sectionName(s).equals(".shstrtab") || old.fileOffset(s) == now.fileOffset(s), true, old.sectionName(s));
        }
        KernelSource.run(dir, "objcopy", "--dump-section", ".BTF=dumped", "one.o", "copy.o");
        assertArrayEquals(Files.readAllBytes(dir.resolve("out")), Files.readAllBytes(dir.resolve("dumped")));
        KernelSource.run(dir, "ld", machine.equals("-m32") ? "-melf_i386" : "-melf_x86_64", "-r", "-o", "linked.o", "one.o");
        // Once more: the section is replaced.
        byte[] once = Files.readAllBytes(Path.of(object));
        done(btf("-J", object));
        assertArrayEquals(once, Files.readAllBytes(Path.of(object)));
    }

    /// Ids of the kernel's types and of the module's own, in one section.
    @Test
    void modulesContinueTheKernel() throws IOException {
        String kernel = compile("kernel", KERNEL);
        String module = compile("module", MODULE);
        String other = compile("other", KERNEL.replace("kernel_f", "other_f"));
        done(btf("-J", kernel));
        done(btf("--btf_base", kernel, module, other));
        BtfReader base = BtfReader.of(MemorySegment.ofArray(section(kernel, ".BTF")), kernel);
        BtfReader types = BtfReader.of(MemorySegment.ofArray(section(module, ".BTF")), module, base);
        byte[] ids = section(module, ".BTF_ids");
        for (int i = 0; i < 4; i++) {
            int id = LE.i32(ids, 4 * i);
            assertEquals(List.of("module_f", "thing", "mine", "kernel_f").get(i), types.name(id));
            assertEquals(i % 2 == 1, id <= base.lastId(), types.name(id));
        }
        assertTrue(section(other, ".BTF").length < 150, "a function is new, nothing else");
    }

    @Test
    void distilled() throws IOException {
        String kernel = compile("kernel", KERNEL);
        String module = compile("module", MODULE.replace("\"__BTF_ID__func__kernel_f__4: .long 0\\n\"", ""));
        done(btf("-J", kernel));
        done(btf("--btf_features=var,float", "--btf_features=distilled_base", "--base", kernel, module));
        BtfReader names = BtfReader.of(MemorySegment.ofArray(section(module, ".BTF.base")), module);
        BtfReader types = BtfReader.of(MemorySegment.ofArray(section(module, ".BTF")), module, names);
        byte[] ids = section(module, ".BTF_ids");
        assertEquals("module_f thing mine", types.name(LE.i32(ids, 0)) + " " + types.name(LE.i32(ids, 4)) + " " + types.name(LE.i32(ids, 8)));
    }

    /// As with pahole, a file without debug information is left as it is.
    @Test
    void withoutDebugInformation() throws IOException {
        String kernel = compile("kernel", KERNEL);
        String module = compile("module", MODULE, "-g0");
        done(btf("-J", kernel));
        byte[] before = Files.readAllBytes(Path.of(module));
        done(btf("--base=" + kernel, module));
        assertArrayEquals(before, Files.readAllBytes(Path.of(module)));
    }

    @Test
    void unreadableUnits() throws IOException {
        String one = compile("one", KERNEL);
        String two = compile("two", MODULE);
        KernelSource.run(dir, "ld", "-e", "0", "-o", "image", "one.o", "two.o");
        String image = dir.resolve("image").toString();
        byte[] bytes = Files.readAllBytes(Path.of(image));
        ObjectFile file = ObjectFile.finished(image, MemorySegment.ofArray(bytes));
        for (int s = 1; s < file.sectionCount(); s++) {
            if (file.sectionName(s).equals(".debug_info")) {
                LE.put32(bytes, (int) file.fileOffset(s) + 40, -1);
                LE.put32(bytes, (int) file.fileOffset(s) + 44, -1);
                LE.put32(bytes, (int) file.fileOffset(s) + 48, -1);
            }
        }
        Files.write(Path.of(image), bytes);
        CommandLine.Result r = btf(image);
        assertEquals(1, r.status());
        assertTrue(r.err().startsWith("klink: error: .debug_info+0x"), r.err());
        r = btf("--skip-unreadable", image);
        assertEquals(0, r.status());
        assertTrue(r.err().startsWith("klink: warning: a unit is left out, as it cannot be read: .debug_info+0x"), r.err());
        BtfReader types = BtfReader.of(MemorySegment.ofArray(Files.readAllBytes(Path.of(image + ".btf"))), image);
        boolean found = false;
        for (int id = 1; id <= types.lastId(); id++) {
            found |= types.name(id).equals("module_f");
            assertFalse(types.name(id).equals("kernel_f"));
        }
        assertTrue(found);
    }

    @Test
    void whatCannotBeDone() throws IOException {
        String one = compile("one", KERNEL);
        CommandLine.Result r = btf("--hashbits=3", one);
        assertEquals(2, r.status());
        assertTrue(r.err().startsWith("klink: error: unknown option of pahole: --hashbits=3\n"), r.err());
        assertEquals(2, btf().status());
        assertEquals(2, btf("-J", "-o", "x", one).status());
        assertEquals(2, btf("--btf_features=attributes", one).status());
        assertEquals(2, btf("--btf_features=distilled_base", "-o", "x", one).status());
        r = btf("--base", one, one);
        assertEquals(1, r.status());
        assertEquals("klink: error: has no .BTF, so no types can continue it\n>>> " + one + ": file offset 0x0\n", r.err());
        assertEquals(1, btf(dir.resolve("absent").toString()).status());
    }

    /// What `klink make` and a user ask is answered in the same way by bpftool, where there is one.
    @Test
    void bpftoolReadsIt() throws IOException {
        assumeTrue(Files.exists(Path.of("/usr/sbin/bpftool")), "needs bpftool");
        String kernel = compile("kernel", KERNEL);
        String module = compile("module", MODULE);
        done(btf("-J", kernel));
        done(btf("--base", kernel, module));
        String printed = KernelSource.run(dir, "/usr/sbin/bpftool", "btf", "dump", "file", "module.o", "--base-btf", "kernel.o");
        assertTrue(printed.contains("STRUCT 'mine' size=24 vlen=2"), printed);
        assertTrue(printed.contains("FUNC 'module_f'"), printed);
        assertFalse(printed.contains("STRUCT 'thing'"), printed);
    }
}
