package klink.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import klink.inspect.CheckList.Check;
import klink.inspect.CheckList.Status;
import klink.mem.LE;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every check of an inspection must pass on a sound image and fail on one made unsound in just that.
class InspectionTest {
    @TempDir
    private Path dir;
    private Path vmlinux;
    private byte[] image;

    @BeforeEach
    void link() {
        var tools = new Toolchain(dir);
        vmlinux = MiniKernel.link(tools);
        image = tools.read("vmlinux");
        tools.run("sh", "-c", "nm -n vmlinux | grep -v -e ' [aNUw] ' -e ' \\$' -e ' \\.L' -e ' __crc_' -e ' __kstrtab_' -e ' __kstrtabns_' -e ' L0$' > System.map");
    }

    private List<Check> inspect(byte[] bytes) {
        return Inspection.of(ElfImage.of("vmlinux", java.lang.foreign.MemorySegment.ofArray(bytes)), dir.resolve("System.map")).checks();
    }

    @Test
    void aSoundImagePassesEveryCheck() {
        for (Check c : inspect(image)) {
            assertEquals(Status.OK, c.status(), c.name() + ": " + c.detail());
        }
    }

    /// The changes, each under the check that must fail and a part of what it must say.
    private static final Map<String, Consumer<Patched>> BREAKS = new LinkedHashMap<>();

    private static void breaks(String check, String reason, Consumer<Patched> change) {
        BREAKS.put(check + "|" + reason, change);
    }

    static {
        breaks("sections", "overlap", p -> p.put64(p.header(".rodata") + 16, -0x7f000000L));
        breaks("sections", "not aligned", p -> p.put64(p.header(".data") + 48, 1L << 40));
        breaks("segments.loads", "no PT_LOAD", p -> {
            for (int i = 0; i < 4; i++) {
                p.put32(p.segment(i), 0);
            }
        });
        breaks("segments.align", "not congruent", p -> p.flip(p.segment(0) + 8));
        breaks("segments.align", "not a power of two", p -> p.put64(p.segment(0) + 48, 0x300000));
        breaks("segments.align", "multiple of 2 MiB", p -> p.put64(p.segment(0) + 48, 0x1000));
        breaks("segments.sizes", "in memory", p -> p.put64(p.segment(0) + 40, 8));
        breaks("segments.overlap", "overlap in virtual memory", p -> p.put64(p.segment(1) + 16, -0x7f000000L));
        breaks("segments.overlap", "overlap in physical memory", p -> p.put64(p.segment(2) + 24, 0x1000000));
        breaks("segments.sections", ".data..percpu at 0x0 is in no", p -> p.put64(p.segment(2) + 32, 0));
        breaks("segments.entry", "entry 0x77", p -> p.put64(24, 0x77));
        breaks("init-memory", "not whole pages", p -> p.flip(p.symbol("__init_begin") + 8));
        breaks("init-memory", "not above", p -> p.put64(p.symbol("__init_begin") + 8, -1));
        breaks("notes", "runs beyond", p -> p.put32(p.at(".notes", 4), 400));
        breaks("notes", "does not end with NUL", p -> p.bytes[p.at(".notes", 17)] = 'x');
        breaks("notes", "ends inside", p -> p.put64(p.header(".notes") + 32, p.original.section(".notes").orElseThrow().size() + 4));
        breaks("build-id", "all zero", p -> {
            int at = new String(p.bytes, StandardCharsets.ISO_8859_1).indexOf("GNU\0") + 4;
            java.util.Arrays.fill(p.bytes, at, at + 20, (byte) 0);
        });
        breaks("kallsyms", "in no section", p -> p.put32(p.at("kallsyms_num_syms"), 0x7fffffff));
        breaks("kallsyms", "kallsyms_num_syms is 4294967295", p -> p.put32(p.at("kallsyms_num_syms"), -1));
        breaks("kallsyms", "kallsyms_token_index[255]", p -> p.flip(p.at("kallsyms_token_index") + 510));
        breaks("kallsyms", "runs beyond its section", p -> p.bytes[p.at("kallsyms_names")] = (byte) 0xff);
        breaks("kallsyms.order", "comes after percpu_a at 0x9", p -> p.put32(p.at("kallsyms_offsets"), 9));
        breaks("kallsyms.markers", "marker 0 is 1", p -> p.flip(p.at("kallsyms_markers")));
        breaks("kallsyms.seqs", "again", p -> p.bytes[p.at("kallsyms_seqs_of_names") + 2] = 3);
        breaks("kallsyms.seqs", "sorts before", p -> p.swap(p.at("kallsyms_seqs_of_names"), p.at("kallsyms_seqs_of_names") + 3, 3));
        breaks("kallsyms.seqs", "of 5 entries", p -> p.bytes[p.at("kallsyms_seqs_of_names")] = 1);
        breaks("kallsyms.symbols", "T ssart", p -> p.bytes[p.at("kallsyms_names") + 23] = 's');
        breaks("kallsyms.symbols", "T last at", p -> p.put32(p.at("kallsyms_offsets") + 16, -100));
        breaks("btf", "no BTF header", p -> p.flip(p.at("btf")));
        breaks("btf", "BTF version 2", p -> p.bytes[p.at("btf") + 2] = 2);
        breaks("btf", "run beyond it", p -> p.put32(p.at("btf") + 20, 0x10000));
        breaks("btf", "kind 31", p -> p.bytes[p.at("btf_types") + 7] = 31);
        breaks("btf", "ends inside", p -> p.put32(p.at("btf") + 12, LE.i32(p.bytes, p.at("btf") + 12) - 4));
        breaks("btf", "start and end with NUL", p -> p.bytes[p.at("btf_strings")] = 'x');
        breaks("btf.references", "type 8 (PTR) refers to type 99 of 10", p -> p.put32(p.at("btf_ptr") + 8, 99));
        breaks("btf.references", "type 6 (FUNC) is not of a FUNC_PROTO", p -> p.put32(p.at("btf_func") + 8, 1));
        breaks("btf.references", "type 1 (INT) has its name outside", p -> p.put32(p.at("btf_types"), 9999));
        breaks("btf.references", "type 4 (STRUCT) refers to type 99 of 10 in member 1", p -> p.put32(p.at("btf_struct") + 28, 99));
        breaks("btf.references", "type 5 (FUNC_PROTO) refers to type 99", p -> p.put32(p.at("btf_proto") + 16, 99));
        breaks("btf.references", "type 7 (ENUM) has member 0", p -> p.put32(p.at("btf_enum") + 12, 9999));
        breaks("btf.references", "type 9 (ARRAY) refers", p -> p.put32(p.at("btf_array") + 16, 99));
        breaks("btf.references", "is not a variable", p -> p.put32(p.at("btf_sec") + 12, 1));
        breaks("btf.references", "is below the one before it", p -> p.put32(p.at("btf_sec") + 16, 32));
        breaks("btf.percpu", "variable percpu_b at offset 9", p -> p.put32(p.at("btf_sec") + 28, 9));
        breaks("btf-ids", "struct pair has id 5, which is FUNC_PROTO", p -> p.put32(p.at("__BTF_ID__struct__pair__71"), 5));
        breaks("btf-ids", "pair has id 11 of 10", p -> p.put32(p.at("__BTF_ID__struct__pair__71"), 11));
        breaks("btf-ids", "says 1 ids, but has room for 2", p -> p.put32(p.at("__BTF_ID__set__some"), 1));
        breaks("btf-ids", "set some is not sorted", p -> p.put32(p.at("__BTF_ID__func__last__72") + 4, 3));
        breaks("btf-ids", "func last has id 4, which is STRUCT", p -> p.put32(p.at("__BTF_ID__func__last__72") + 4, 7));
        breaks("btf-ids", "set some has a size", p -> p.put64(p.symbol("__BTF_ID__set__some") + 16, 13));
        breaks("btf-ids", "none of 3 ids", p -> {
            p.put32(p.at("__BTF_ID__struct__pair__71"), 0);
            p.put32(p.at("__BTF_ID__struct__pair__73"), 0);
            p.put32(p.at("__BTF_ID__func__last__72"), 0);
        });
        breaks("btf-ids", "but there is no BTF", p -> p.put64(p.header(".BTF") + 32, 0));
        breaks("extable.sorted", "entry 1 is for", p -> p.put32(p.at("__ex_table", 12), -0x100000));
        breaks("extable.sorted", "not whole entries", p -> p.put64(p.header("__ex_table") + 32, 20));
        breaks("extable.flag", "main_extable_sort_needed is 1", p -> p.flip(p.at("main_extable_sort_needed")));
        breaks("orc.sizes", "do not go with", p -> p.put64(p.header(".orc_unwind") + 32, 12));
        breaks("orc.sorted", "entry 2 is for", p -> p.put32(p.at(".orc_unwind_ip", 8), -0x1000000));
        breaks("mcount", "entry 1 is for", p -> p.swap(p.at("__start_mcount_loc"), p.at("__start_mcount_loc") + 8, 8));
        breaks("mcount", "in no section", p -> p.flip(p.symbol("__stop_mcount_loc") + 8));
        breaks("system-map", "but the symbol table has", p -> p.flip(p.symbol("middle") + 8));
    }

    @Test
    void eachCheckFailsForItsOwnReason() {
        for (Map.Entry<String, Consumer<Patched>> e : BREAKS.entrySet()) {
            String name = e.getKey().substring(0, e.getKey().indexOf('|'));
            String reason = e.getKey().substring(name.length() + 1);
            var p = new Patched(image);
            e.getValue().accept(p);
            var failed = new ArrayList<String>();
            boolean found = false;
            for (Check c : inspect(p.bytes)) {
                if (c.status() == Status.FAIL) {
                    failed.add(c.name() + ": " + c.detail());
                    found |= c.name().equals(name) && c.detail().contains(reason);
                }
            }
            assertTrue(found, "wanted " + e.getKey() + ", failed: " + failed);
        }
    }

    /// No check may exist that nothing above provokes.
    @Test
    void everyCheckIsProvoked() {
        var provoked = new TreeSet<String>();
        BREAKS.keySet().forEach(k -> provoked.add(k.substring(0, k.indexOf('|'))));
        var all = new TreeSet<String>();
        inspect(image).forEach(c -> all.add(c.name()));
        assertEquals(all, provoked);
    }

    private String run(Path file, boolean json, int status) {
        var out = new ByteArrayOutputStream();
        assertEquals(status, Inspection.run(file, json, new PrintStream(out, true, StandardCharsets.UTF_8)));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void textAndJsonSayTheSame() throws Exception {
        String text = run(vmlinux, false, 0);
        assertTrue(text.contains("all checks passed") && text.contains("ELF64 x86_64 executable, entry 0x1000000, 5 segments"), text);
        String json = run(vmlinux, true, 0);
        assertTrue(json.contains("\"passed\": true") && json.contains("{\"name\": \"kallsyms.order\", \"status\": \"ok\""), json);
        var p = new Patched(image);
        p.flip(p.at("main_extable_sort_needed"));
        Files.write(vmlinux, p.bytes);
        assertTrue(run(vmlinux, false, 1).contains("FAIL  extable.flag"));
        assertTrue(run(vmlinux, true, 1).contains("{\"name\": \"extable.flag\", \"status\": \"fail\""));
    }

    @Test
    void aTruncatedImageIsAnErrorWithItsOffset() throws Exception {
        Files.write(vmlinux, java.util.Arrays.copyOf(image, image.length - 1));
        String text = run(vmlinux, false, 1);
        assertTrue(text.contains("klink: error: section header table") && text.contains("vmlinux: file offset 0x"), text);
        assertTrue(run(vmlinux, true, 1).contains("\"passed\": false"));
    }

    @Test
    void aSystemMapMayEndEarlyOrLate() throws Exception {
        Path map = dir.resolve("System.map");
        String whole = Files.readString(map);
        Files.writeString(map, whole.substring(0, whole.lastIndexOf('\n', whole.length() - 2) + 1));
        assertTrue(run(vmlinux, false, 1).contains("System.map ends before"));
        Files.writeString(map, whole + "ffffffffffffffff T more\n");
        assertTrue(run(vmlinux, false, 1).contains("but the symbol table has no more"));
    }

    @Test
    void mksysmapRulesOf612AreTriedToo() throws Exception {
        var tools = new Toolchain(dir);
        tools.assemble("code", ".globl start\n.text\nstart: ret\n__efistub_x: nop\nfoo_veneer: nop\n__AArch64ADRPThunk_x: nop\n__pi_.Lx: nop\na.plt_branch.b: nop\n"
                + "__Thunk_kept: nop\n");
        tools.link("ld.bfd", "small", "-Ttext=0x1000", "-e", "start", "code.o");
        tools.run("sh", "-c", "mkdir d && cp small d/vmlinux && nm -n small | grep -v -e ' __efistub_' -e '_veneer$' -e ' __[[:alnum:]]*Thunk_' -e ' __pi_\\.L' -e 'plt_branch'"
                + " > d/System.map");
        String text = run(dir.resolve("d/vmlinux"), false, 1);
        assertTrue(text.contains("by mksysmap's rules of 6.12"), text);
    }
}
