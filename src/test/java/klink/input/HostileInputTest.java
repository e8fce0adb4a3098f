package klink.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import klink.cli.CommandLine;
import klink.link.Workshop;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Damaged input: objects, archives and scripts, cut short or with some bytes changed. Whatever it is, a link
/// ends with an image or with an error that names the file; never with an exception, never without end, and
/// never by asking for memory that a field of the file claims to need.
///
/// The seed is printed when something is found; `-Dklink.seed=N` replays it, `-Dklink.rounds=N` does more.
class HostileInputTest {
    private static final long SEED = Long.getLong("klink.seed", 20_26);
    private static final int ROUNDS = Integer.getInteger("klink.rounds", 200);
    /// Sections, groups, strings to merge, a compressed section, many kinds of relocations and symbols.
    private static final String OBJECT = """
                    .file "hostile.c"
                    .globl _start, here
            _start: call there
                    lea .LC0(%rip), %rax
                    mov there@GOTPCREL(%rip), %rcx
            here:   ret
                    .section .text.group, "axG", @progbits, once, comdat
                    .weak once
            once:   jmp here
                    .section .rodata.str1.1, "aMS", @progbits, 1
            .LC0:   .asciz "some string"
            .LC1:   .asciz "string"
                    .section .rodata.str4.4, "aMS", @progbits, 4
                    .long 65, 66, 0, 66, 0
                    .section .rodata.cst8, "aM", @progbits, 8
            .LC2:   .quad 1, 2, 1
                    .section my_table, "aw"
                    .quad .LC1, .LC2, here - 8, _start
                    .long there - .
                    .data
                    .balign 64
                    .globl there
            there:  .quad once, __start_my_table
                    .bss
                    .skip 100
                    .comm shared, 24, 16
                    .section .note.gnu.property, "a", @note
                    .long 4, 4, 5
                    .asciz "GNU"
                    .long 0
                    .section .debug_str, "MS", @progbits, 1
            .LS0:   .asciz "a name, a name, a name, a name, a name, a name, a name, a name, a name, a name, a name, a name"
                    .section .debug_info, "", @progbits
                    .long .LS0
                    .fill 300, 1, 7
                    .section .eh_frame, "a", @unwind
                    .long 0x14, 0
                    .byte 1
                    .asciz "zR"
                    .byte 1, 0x78, 0x10, 1, 0x1b, 0xc, 7, 8, 0x90, 1
                    .short 0
                    .long 0x14, 0x1c
                    .long here - .
                    .long 1
                    .long 0, 0
            """;
    /// Addends that stand in code of both modes, an unwind index, attributes, a group, a compressed section.
    private static final String ARM_OBJECT = """
                    .syntax unified
                    .arch armv7-a
                    .text
                    .globl _start
                    .type _start, %function
                    .fnstart
            _start: bl near
                    b once
                    movw r0, #:lower16:text
                    movt r0, #:upper16:text
                    .save {r4, lr}
                    .fnend
                    .word near, text
                    .section .text.near, "ax"
                    .type near, %function
                    .thumb_func
            near:   bl _start
                    beq.w near
                    bx lr
                    .arm
                    .section .text.group, "axG", %progbits, group, comdat
                    .weak once
                    .type once, %function
                    .fnstart
            once:   bx lr
                    .cantunwind
                    .fnend
                    .section .rodata.str1.1, "aMS", %progbits, 1
            text:   .asciz "some string"
                    .data
                    .word text, once, near - .
                    .comm shared, 24, 8
                    .section .note.ours, "a", %note
                    .word 4, 4, 1
                    .asciz "our"
                    .word 5
                    .section .debug_info, "", %progbits
                    .word text
                    .fill 300, 1, 7
            """;
    private static final String ARM_SCRIPT = """
            SECTIONS { .text 0x8000 : { *(.text*) } .ARM.exidx : { *(.ARM.exidx*) } .rodata : { *(.rodata*) } .notes : { *(.note.*) LONG(. + 1) } .data : { *(.data) } .bss : { *(.bss) *(COMMON) }
              __aeabi_unwind_cpp_pr0 = 0; /DISCARD/ : { *(.ARM.extab*) } }
            """;
    private static final String SCRIPT = """
            /* A little of everything. */
            OUTPUT_FORMAT("elf64-x86-64", "elf64-x86-64", "elf64-x86-64")
            OUTPUT_ARCH(i386:x86-64)
            ENTRY(_start)
            alias = _start;
            PHDRS { text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); note PT_NOTE FLAGS(0); }
            SECTIONS
            {
              . = ((0x400000 + (1 << 12) - 1) & ~(0x1000 - 1));
              .text : AT(ADDR(.text) - 0x100000) { _stext = .; *(.text.group) KEEP(*(.text .text.[a-f]*)) . = ALIGN(64); _etext = .; } :text = 0x9090
              .rodata : AT(ADDR(.rodata) - 0x100000) ALIGN(16) { *(SORT(.rodata.*)) *(EXCLUDE_FILE(*x.o) .rodata) BYTE(1) QUAD(SIZEOF(.text)) }
              .notes : { *(.note.*) } :text :note
              . = ALIGN(CONSTANT(MAXPAGESIZE));
              .data : SUBALIGN(8) { *(.data) my_table = .; *(my_table) } :data
              __end = . > 5 ? . : 0;
              PROVIDE_HIDDEN(hidden = MAX(1, 2) + ALIGNOF(.data));
              .bss : { *(.bss) *(COMMON) }
              .eh_frame : { *(.eh_frame) }
              .debug_info 0 : { *(.debug_info) } :NONE
              .debug_str 0 : { *(.debug_str) }
              ASSERT(. < 0x80000000, "too big")
              /DISCARD/ : { *(.comment) *(.note.GNU-stack) }
            }
            """;

    @TempDir
    static Path work;

    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MOST_MEMORY = 256 << 20;

    private static byte[] plain;
    private static byte[] compressed;
    private static byte[] archive;
    private static byte[] thin;
    private static byte[] arm;
    private static byte[] bigArm;

    @BeforeAll
    static void inputs() throws IOException {
        var shop = new Workshop(work);
        plain = Files.readAllBytes(shop.assemble("plain.o", "", OBJECT));
        compressed = Files.readAllBytes(shop.assemble("packed.o", "--compress-debug-sections=zlib-gabi", OBJECT));
        shop.assemble("member.o", "", ".globl wanted\nwanted: ret\n");
        shop.assemble("a-member-whose-name-is-too-long-for-a-header.o", "", ".globl other\nother: call wanted\n");
        shop.assemble("user.o", "", ".globl _start\n_start: call other\n");
        shop.archive(false, List.of("regular.a", "member.o", "a-member-whose-name-is-too-long-for-a-header.o"));
        shop.archive(true, List.of("thin.a", "member.o", "a-member-whose-name-is-too-long-for-a-header.o"));
        archive = Files.readAllBytes(work.resolve("regular.a"));
        thin = Files.readAllBytes(work.resolve("thin.a"));
        shop.write("good.lds", SCRIPT);
        shop.write("arm.lds", ARM_SCRIPT);
        if (Workshop.has(Workshop.tool("arm", "as"))) {
            arm = Files.readAllBytes(shop.assemble("arm", "arm.o", "--compress-debug-sections=zlib-gabi", ARM_OBJECT));
            bigArm = Files.readAllBytes(shop.assemble("armeb", "bigarm.o", "--compress-debug-sections=zlib-gabi", ARM_OBJECT));
        }
    }

    @TestFactory
    Stream<DynamicTest> damaged() {
        var ofArm = arm == null ? Stream.<DynamicTest>of() : Stream.of(
                kind("arm object", "bad.o", () -> arm, List.of("-T", "arm.lds", "bad.o")),
                kind("arm object, relocatable output", "bad.o", () -> arm, List.of("-r", "arm.o", "bad.o", "-z", "muldefs")),
                kind("big-endian object", "bad.o", () -> bigArm, List.of("--be8", "--build-id", "-T", "arm.lds", "bad.o")),
                kind("big-endian object, relocatable output", "bad.o", () -> bigArm, List.of("-r", "--be8", "bigarm.o", "bad.o", "-z", "muldefs")));
        return Stream.concat(ofArm, Stream.of(
                kind("object", "bad.o", () -> plain, List.of("-T", "good.lds", "bad.o")),
                kind("object, relocations kept", "bad.o", () -> plain, List.of("--emit-relocs", "-T", "good.lds", "plain.o", "bad.o", "-z", "muldefs")),
                kind("object, unused sections dropped", "bad.o", () -> plain, List.of("--gc-sections", "--build-id", "-T", "good.lds", "bad.o")),
                kind("object, relocatable output", "bad.o", () -> plain, List.of("-r", "bad.o")),
                kind("compressed", "bad.o", () -> compressed, List.of("-T", "good.lds", "bad.o")),
                kind("archive", "bad.a", () -> archive, List.of("-T", "good.lds", "user.o", "bad.a")),
                kind("whole archive", "bad.a", () -> archive, List.of("-T", "good.lds", "user.o", "--whole-archive", "bad.a")),
                kind("thin archive", "bad.a", () -> thin, List.of("-T", "good.lds", "user.o", "bad.a")),
                kind("whole thin archive", "bad.a", () -> thin, List.of("-T", "good.lds", "user.o", "--whole-archive", "bad.a")),
                kind("script", "bad.lds", () -> SCRIPT.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), List.of("-T", "bad.lds", "plain.o"))));
    }

    private interface Original {
        byte[] bytes();
    }

    private DynamicTest kind(String name, String file, Original original, List<String> args) {
        return DynamicTest.dynamicTest(name, () -> {
            FOUND.clear();
            var whole = link(original.bytes(), file, args);
            assertEquals(0, whole.status(), whole.err());
            cuts(original.bytes(), file, args);
            flips(name, original.bytes(), file, args);
            if (!FOUND.isEmpty()) {
                fail(FOUND.size() + " kinds of failure:\n" + String.join("\n", FOUND.values()));
            }
        });
    }

    /// Cut at the first 130 bytes, at every 64th, and near the end.
    private static void cuts(byte[] whole, String file, List<String> args) throws IOException {
        for (int length = 0; length < whole.length; length++) {
            if (length < 130 || length % 61 == 0 || length % 64 == 0 || length > whole.length - 80) {
                judge("cut to " + length + " of " + whole.length + " bytes", java.util.Arrays.copyOf(whole, length), file, args);
            }
        }
    }

    /// One to four changes: a bit, a byte, or a whole field that becomes a number worth trying.
    private static void flips(String name, byte[] whole, String file, List<String> args) throws IOException {
        long[] numbers = {0, 1, 2, 7, 0x7f, 0x80, 0xff, 0xfff1, 0xfff2, 0xffff, 0x10000, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL, 1L << 32, 1L << 40,
            1L << 46, 1L << 47, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE, -1, -8, -64, whole.length, whole.length - 1};
        for (int round = 0; round < ROUNDS; round++) {
            long seed = SEED + name.hashCode() * 1_000_003L + round;
            var random = new Random(seed);
            byte[] bad = whole.clone();
            var what = new StringBuilder("seed " + seed + ":");
            for (int n = 1 + random.nextInt(4) * random.nextInt(2); n > 0; n--) {
                int at = place(random, bad);
                switch (random.nextInt(4)) {
                    case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
                    case 1 -> bad[at] = (byte) random.nextInt(256);
                    default -> {
                        long number = numbers[random.nextInt(numbers.length)];
                        int width = 1 << random.nextInt(4);
                        at = at / width * width;
                        for (int i = 0; i < width && at + i < bad.length; i++) {
                            bad[at + i] = (byte) (number >>> 8 * i);
                        }
                    }
                }
                what.append(" 0x").append(Integer.toHexString(at));
            }
            judge(what.toString(), bad, file, args);
        }
    }

    /// Half of the changes go where they hurt: to the ELF header, the section headers, the symbols.
    private static int place(Random random, byte[] bytes) {
        if (bytes.length > 64 && bytes[0] == 0x7f && random.nextInt(2) == 0) {
            long table = klink.mem.LE.i64(bytes, 40);
            if (table > 0 && table < bytes.length && random.nextInt(8) != 0) {
                return (int) (table + random.nextInt((int) (bytes.length - table)));
            }
            return random.nextInt(64);
        }
        return random.nextInt(bytes.length);
    }

    private static CommandLine.Result link(byte[] input, String file, List<String> args) throws IOException {
        Files.write(work.resolve(file), input);
        var words = new ArrayList<>(List.of("ld", "--threads=1", "-z", "noexecstack", "-o", work.resolve("out").toString()));
        for (String a : args) {
            words.add(Files.isRegularFile(work.resolve(a)) ? work.resolve(a).toString() : a);
        }
        return CommandLine.run(words);
    }

    /// What went wrong, one entry for each place in klink where it did.
    private static final Map<String, String> FOUND = new LinkedHashMap<>();

    private static void judge(String what, byte[] input, String file, List<String> args) throws IOException {
        long start = System.nanoTime();
        long allocated = THREADS.getTotalThreadAllocatedBytes();
        CommandLine.Result result = null;
        try {
            result = link(input, file, args);
        } catch (Throwable e) {
            found(place(e), what, input, file);
            return;
        }
        long seconds = (System.nanoTime() - start) / 1_000_000_000;
        allocated = THREADS.getTotalThreadAllocatedBytes() - allocated;
        if (allocated > MOST_MEMORY) {
            found("too much", what + ": allocated " + allocated + " bytes", input, file);
        } else if (seconds > 5) {
            found("takes long", what + ": took " + seconds + " s", input, file);
        } else if (result.status() != 0 && !result.err().contains("klink: error: ")) {
            found("no error", what + ": failed without an error: " + result.err(), input, file);
        }
    }

    /// The exception and the frames of klink that it came through.
    private static String place(Throwable e) {
        var sb = new StringBuilder(e.toString());
        int shown = 0;
        for (StackTraceElement f : e.getStackTrace()) {
            if (f.getClassName().startsWith("klink.") && shown++ < 5) {
                sb.append("\n    ").append(f.getFileName()).append(':').append(f.getLineNumber()).append(' ').append(f.getMethodName());
            }
        }
        return sb.toString();
    }

    private static void found(String where, String what, byte[] input, String file) throws IOException {
        int line = where.indexOf('\n');
        if (FOUND.putIfAbsent(line < 0 ? where : where.substring(line), what + ": " + where) == null) {
            keep(input, file);
        }
    }

    private static void keep(byte[] input, String file) throws IOException {
        Path kept = Path.of("target", "hostile-" + FOUND.size() + "-" + file);
        Files.createDirectories(kept.getParent());
        Files.write(kept, input);
    }
}
