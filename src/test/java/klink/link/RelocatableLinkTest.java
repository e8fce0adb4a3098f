package klink.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import klink.cli.CommandLine;
import klink.inspect.Comparison;
import klink.inspect.ElfImage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `klink ld -r`: what it makes is linked on by GNU ld, and must give the image that the objects give directly.
class RelocatableLinkTest {
    private static final String FIRST = """
            .section .text.start,"ax"
            .globl _start
            _start: call local
            call other
            call in_group
            lea str(%rip), %rax
            mov $common_one, %rax
            .section .text.local,"ax"
            local: ret
            .section .initcall1.init..b,"a"
            .quad local
            .section .initcall1.init..a,"a"
            .quad _start
            .section .text.grp,"axG",@progbits,thegroup,comdat
            .weak in_group
            in_group: ret
            .section .rodata.grp,"aG",@progbits,thegroup,comdat
            .quad in_group
            .section .follows,"ao",@progbits,.text.local
            .quad local
            .section .data.ret,"awR"
            .quad 1
            .comm common_one,16,8
            .section .rodata.str1.1,"aMS",@progbits,1
            str: .asciz "hello"
            .asciz "shared"
            .section .debug_info,"",@progbits
            .quad local
            .section .note.GNU-stack,"",@progbits
            """;
    private static final String SECOND = FIRST.replace("_start", "other").replace("..b", "..d").replace("..a", "..c").replace("call other", "nop")
            .replace("hello", "world");
    private static final String FINAL = """
            ENTRY(_start)
            SECTIONS
            {
              . = 0x400000;
              .text : { *(.text .text.*) }
              .init : { *(.initcall1.init..a) *(.initcall1.init..c) *(.initcall1.init) *(.initcall1.init..b .initcall1.init..d) }
              .rodata : { *(.rodata .rodata.*) *(.follows) }
              .data : { *(.data .data.*) }
              .bss : { *(.bss) *(COMMON) }
            }
            """;

    @TempDir
    Path dir;

    @BeforeEach
    void objects() {
        var shop = new Workshop(dir);
        shop.assemble("a.o", "", FIRST);
        shop.assemble("b.o", "", SECOND);
        shop.write("final.lds", FINAL);
    }

    private Path link(String... options) {
        Path out = dir.resolve("out.o");
        var r = CommandLine.run(java.util.stream.Stream.of(List.of("ld", "-r"), List.of(options),
                List.of("-o", out.toString(), dir.resolve("a.o").toString(), dir.resolve("b.o").toString())).flatMap(List::stream).toList());
        assertEquals(0, r.status(), r.err());
        return out;
    }

    @Test
    void aSeparatedLinkLosesNothing() throws IOException {
        link("--unique");
        var shop = new Workshop(dir);
        shop.run("ld", "-T", "final.lds", "-o", "direct", "a.o", "b.o");
        shop.run("ld", "-T", "final.lds", "-o", "through", "out.o");
        List<String> differences = Comparison.of(ElfImage.open(dir.resolve("direct")), ElfImage.open(dir.resolve("through")), false).stream()
                .map(Object::toString).filter(d -> !d.contains("file-symbol.") && !d.contains("symtab.size") && !d.contains("strtab.size")).toList();
        assertEquals(List.of(), differences);
    }

    /// objtool takes code that no symbol covers for that of a replaced weak function if a symbol stands before it in its section.
    @Test
    void codeThatBeginsWithAReplacedFunctionStaysBehindItsNeighbour() {
        var shop = new Workshop(dir);
        shop.assemble("strong.o", "", ".text\n.globl one\none: ret\n");
        shop.assemble("weak.o", "", ".text\n.weak one\none: nop\nret\n.globl two\ntwo: ret\n");
        shop.assemble("third.o", "", ".text\n.globl three\nthree: jmp two\n");
        String out = dir.resolve("out.o").toString();
        var r = CommandLine.run(List.of("ld", "-r", "--unique=.tex*", "-o", out, dir.resolve("strong.o").toString(), dir.resolve("weak.o").toString(),
                dir.resolve("third.o").toString()));
        assertEquals(0, r.status(), r.err());
        List<String> text = shop.run("readelf", "-SW", "out.o").lines().filter(l -> l.contains(" .text ")).toList();
        assertEquals(2, text.size(), text.toString());
        shop.run("ld", "--no-warn-rwx-segments", "-e", "three", "-o", "through", "out.o");
        shop.run("ld", "--no-warn-rwx-segments", "-e", "three", "-o", "direct", "strong.o", "weak.o", "third.o");
        assertEquals(shop.run("objdump", "-d", "--no-show-raw-insn", "direct").replace("direct", ""), shop.run("objdump", "-d", "--no-show-raw-insn", "through").replace("through", ""));
    }

    @Test
    void sectionsOfOneNameBecomeOneAsInGnuLd() {
        link();
        var shop = new Workshop(dir);
        shop.run("ld", "-r", "-o", "gnu.o", "a.o", "b.o");
        assertEquals(sections(shop, "gnu.o"), sections(shop, "out.o"));
        assertEquals(symbols(shop, "gnu.o"), symbols(shop, "out.o"));
    }

    @Test
    void aScriptGathersInitcalls() {
        var shop = new Workshop(dir);
        shop.write("init.lds", "SECTIONS { .initcall1.init : { *(.initcall1.init..c) *(.initcall1.init..a) *(.initcall1.init..d) *(.initcall1.init..b) } }");
        link("-T", dir.resolve("init.lds").toString());
        shop.run("ld", "-r", "-T", "init.lds", "-o", "gnu.o", "a.o", "b.o");
        assertEquals(shop.run("sh", "-c", "readelf -rW gnu.o | grep -A6 \"rela.initcall1\" | awk '$3 ~ /R_X86/ { print $5 $6 $7 }'"),
                shop.run("sh", "-c", "readelf -rW out.o | grep -A6 \"rela.initcall1\" | awk '$3 ~ /R_X86/ { print $5 $6 $7 }'"));
        assertEquals(sections(shop, "gnu.o"), sections(shop, "out.o"));
    }

    @Test
    void groupsStayGroups() {
        link("--unique");
        String groups = new Workshop(dir).run("readelf", "-gW", "out.o");
        assertTrue(groups.contains("COMDAT group section [    1] `.group' [thegroup] contains 3 sections"), groups);
    }

    @Test
    void moreSectionsThanAnIndexHolds() throws IOException {
        var text = new StringBuilder(".globl _start\n_start: nop\n");
        for (int i = 0; i < 33_000; i++) {
            text.append(".section .data.x").append(i).append(",\"aw\"\nl").append(i).append(": .quad l").append(i).append('\n');
        }
        text.append(".globl last\nlast: .quad 1\n");
        var shop = new Workshop(dir);
        shop.assemble("a.o", "", text.toString());
        shop.assemble("b.o", "", text.toString().replace("_start", "other").replace("last", "latter").replace(".data.x", ".data.y"));
        link();
        shop.run("ld", "-T", "final.lds", "-o", "direct", "a.o", "b.o");
        shop.run("ld", "-T", "final.lds", "-o", "through", "out.o");
        ElfImage direct = ElfImage.open(dir.resolve("direct"));
        List<String> differences = Comparison.of(direct, ElfImage.open(dir.resolve("through")), false).stream()
                .map(Object::toString).filter(d -> !d.contains("file-symbol.") && !d.contains("symtab.size") && !d.contains("strtab.size")).toList();
        assertEquals(List.of(), differences);
        assertTrue(shop.run("readelf", "-hW", "out.o").contains("Number of section headers:         0 (132"), "e_shnum is too small for this");
    }

    /// Name, type, size, flags and alignment of each section; SHF_LINK_ORDER sections stay apart in klink.
    private static TreeSet<String> sections(Workshop shop, String file) {
        var all = new TreeSet<String>();
        for (String line : shop.run("readelf", "-SW", file).split("\n")) {
            int close = line.indexOf(']');
            if (!line.startsWith("  [") || close < 0 || line.contains(".follows") || line.contains("strtab") || line.contains(".symtab") || line.contains("Name")) {
                continue;
            }
            String[] f = line.substring(close + 1).trim().split(" +");
            if (f.length < 9) {
                continue;
            }
            all.add(f[0] + " " + f[1] + " " + f[4] + " " + (f.length > 9 ? f[6] : "") + " " + f[f.length - 1]);
        }
        return all;
    }

    private static TreeSet<String> symbols(Workshop shop, String file) {
        return new TreeSet<>(List.of(shop.run("nm", file).split("\n")));
    }
}
