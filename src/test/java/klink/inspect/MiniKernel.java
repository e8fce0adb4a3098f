package klink.inspect;

import java.nio.file.Path;

/// A file of some hundred bytes of contents that has what a kernel image has: percpu at 0, kallsyms, BTF and ids,
/// exception table, ORC, mcount, notes, init memory. Small enough that a test can say what each byte is.
///
/// The kallsyms tables are written as the kernel build's assembler source would be, with the simplest
/// legal compression: every token stands for its own character.
final class MiniKernel {
    static final String SCRIPT = """
            PHDRS { text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); percpu PT_LOAD FLAGS(6); init PT_LOAD FLAGS(7); note PT_NOTE FLAGS(4); }
            SECTIONS {
              . = 0xffffffff81000000;
              .text : AT(ADDR(.text) - 0xffffffff80000000) { _text = .; *(.text) _etext = .; } :text
              .rodata : AT(ADDR(.rodata) - 0xffffffff80000000) { *(.rodata) }
              __ex_table : AT(ADDR(__ex_table) - 0xffffffff80000000) { *(__ex_table) }
              .notes : AT(ADDR(.notes) - 0xffffffff80000000) { *(.note.*) } :text :note
              .BTF : AT(ADDR(.BTF) - 0xffffffff80000000) { *(.BTF) } :text
              .BTF_ids : AT(ADDR(.BTF_ids) - 0xffffffff80000000) { *(.BTF_ids) }
              . = ALIGN(0x200000);
              .data : AT(ADDR(.data) - 0xffffffff80000000) { *(.data) } :data
              .orc_unwind_ip : AT(ADDR(.orc_unwind_ip) - 0xffffffff80000000) { *(.orc_unwind_ip) }
              .orc_unwind : AT(ADDR(.orc_unwind) - 0xffffffff80000000) { *(.orc_unwind) }
              . = ALIGN(4096);
              __per_cpu_load = .;
              .data..percpu 0 : AT(__per_cpu_load - 0xffffffff80000000) { __per_cpu_start = .; *(.data..percpu) __per_cpu_end = .; } :percpu
              . = __per_cpu_load + SIZEOF(.data..percpu);
              . = ALIGN(4096);
              __init_begin = .;
              .init.text : AT(ADDR(.init.text) - 0xffffffff80000000) { *(.init.text) } :init
              .init.data : AT(ADDR(.init.data) - 0xffffffff80000000) { __start_mcount_loc = .; *(__mcount_loc) __stop_mcount_loc = .; . = ALIGN(4096); }
              __init_end = .;
              .bss : AT(ADDR(.bss) - 0xffffffff80000000) { *(.bss) }
              /DISCARD/ : { *(.comment) }
            }
            ENTRY(phys_start)
            phys_start = start - 0xffffffff80000000;
            """;

    private static final String CODE = """
            .globl start, middle, last, main_extable_sort_needed
            .text
            start: nop
            nop
            middle: nop
            .type last, @function
            last: ret
            .section .init.text,"ax"
            boot: ret
            .section __ex_table,"a"
            .long start - ., middle - ., 1
            .long middle - ., middle - ., 1
            .section .orc_unwind_ip,"a"
            .long start - ., middle - ., last - .
            .section .orc_unwind,"a"
            .skip 18, 1
            .section __mcount_loc,"aw"
            .quad start, middle
            .section .data..percpu,"aw"
            percpu_a: .quad 1
            percpu_b: .quad 2
            .data
            .type main_extable_sort_needed, @object
            main_extable_sort_needed: .long 0
            .bss
            room: .skip 16
            .section .note.Linux,"a",@note
            .balign 4
            .long 6, 4, 0x100
            .asciz "Linux"
            .balign 4
            .long 7
            """;

    /// Types: 1 INT int, 2 VAR percpu_a, 3 DATASEC, 4 STRUCT pair with two members, 5 FUNC_PROTO with one
    /// parameter, 6 FUNC last, 7 ENUM, 8 PTR to 1, 9 ARRAY, 10 VAR percpu_b.
    /// The set is sorted, so neither symbol in it stands at its own id.
    private static final String BTF = """
            .section .BTF,"a"
            btf: .short 0xeb9f
            .byte 1, 0
            .long 24, 0, btf_types_end - btf_types, btf_types_end - btf_types, btf_end - btf_strings
            btf_types:
            .long s_int - btf_strings, 1 << 24, 4, 32
            btf_var: .long s_a - btf_strings, 14 << 24, 1, 0
            btf_sec: .long s_percpu - btf_strings, 15 << 24 | 2, 16, 2, 0, 8, 10, 8, 8
            btf_struct: .long s_pair - btf_strings, 4 << 24 | 2, 8, s_a - btf_strings, 1, 0, s_b - btf_strings, 1, 32
            btf_proto: .long 0, 13 << 24 | 1, 1, s_a - btf_strings, 1
            btf_func: .long s_last - btf_strings, 12 << 24, 5
            btf_enum: .long 0, 6 << 24 | 1, 4, s_int - btf_strings, 0
            btf_ptr: .long 0, 2 << 24, 1
            btf_array: .long 0, 3 << 24, 0, 1, 1, 3
            .long s_b - btf_strings, 14 << 24, 1, 0
            btf_types_end:
            btf_strings: .byte 0
            s_int: .asciz "int"
            s_a: .asciz "percpu_a"
            s_b: .asciz "percpu_b"
            s_percpu: .asciz ".data..percpu"
            s_pair: .asciz "pair"
            s_last: .asciz "last"
            btf_end:
            .section .BTF_ids,"a"
            __BTF_ID__struct__pair__71: .long 4
            __BTF_ID__set__some: .long 2
            .size __BTF_ID__set__some, 12
            __BTF_ID__func__last__72: .long 4
            __BTF_ID__struct__pair__73: .long 6
            """;

    private MiniKernel() {}

    static Path link(Toolchain tools) {
        tools.assemble("code", CODE);
        tools.assemble("btf", BTF);
        tools.assemble("kallsyms", kallsyms());
        tools.write("s.lds", SCRIPT);
        return tools.link("ld.bfd", "vmlinux", "-T", "s.lds", "-z", "max-page-size=0x200000", "-z", "noexecstack", "--build-id=sha1", "code.o", "btf.o", "kallsyms.o");
    }

    /// Entries in order: two percpu ones (absolute), then three of .text relative to _text.
    private static String kallsyms() {
        String[] entries = {"Apercpu_a", "Apercpu_b", "Tstart", "Tmiddle", "Tlast"};
        // The percpu ones hold their address; the others -1 - (address - _text).
        int[] offsets = {0, 8, -1, -3, -4};
        int[] seqs = {4, 3, 0, 1, 2};
        var s = new StringBuilder(".section .rodata,\"a\"\n.globl kallsyms_num_syms\n.balign 8\nkallsyms_offsets:\n");
        for (int o : offsets) {
            s.append(".long ").append(o).append('\n');
        }
        s.append(".balign 8\nkallsyms_relative_base: .quad _text\nkallsyms_num_syms: .long ").append(entries.length).append("\n.balign 8\nkallsyms_names:\n");
        for (String e : entries) {
            s.append(".byte ").append(e.length()).append("\n.ascii \"").append(e).append("\"\n");
        }
        s.append(".balign 8\nkallsyms_markers: .long 0\n.balign 8\nkallsyms_seqs_of_names:\n");
        for (int seq : seqs) {
            s.append(".byte 0, 0, ").append(seq).append('\n');
        }
        s.append(".balign 8\nkallsyms_token_table:\n");
        var index = new StringBuilder(".balign 8\nkallsyms_token_index:\n");
        int offset = 0;
        for (int c = 0; c < 256; c++) {
            boolean used = Character.isLetterOrDigit(c) && c < 128 || c == '_';
            s.append(".asciz \"").append(used ? String.valueOf((char) c) : "").append("\"\n");
            index.append(".short ").append(offset).append('\n');
            offset += used ? 2 : 1;
        }
        return s.append(index).toString();
    }
}
