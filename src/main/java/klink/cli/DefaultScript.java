package klink.cli;

/// The script for a link without `-T`: a static x86-64 program. Written for klink; it follows the order
/// that the x86-64 psABI and GNU ld's manual describe, not the text of anyone's default script.
final class DefaultScript {
    static final String TEXT = """
            ENTRY(_start)
            SECTIONS
            {
              PROVIDE(__executable_start = SEGMENT_START("text-segment", 0x400000));
              PROVIDE_HIDDEN(__ehdr_start = SEGMENT_START("text-segment", 0x400000));
              . = SEGMENT_START("text-segment", 0x400000) + 0x270; /* the ELF header and ten program headers */
              .note.gnu.build-id : { *(.note.gnu.build-id) }
              .note.gnu.property : { *(.note.gnu.property) }
              .rela.plt : { PROVIDE_HIDDEN(__rela_iplt_start = .); *(.rela.iplt) PROVIDE_HIDDEN(__rela_iplt_end = .); }
              . = ALIGN(CONSTANT(MAXPAGESIZE));
              .init : { KEEP(*(.init)) }
              .plt : { *(.plt) *(.iplt) }
              .text : { *(.text.unlikely .text.unlikely.*) *(.text.startup .text.startup.*) *(.text.hot .text.hot.*) *(.text .text.* .gnu.linkonce.t.*) }
              .fini : { KEEP(*(.fini)) }
              PROVIDE(__etext = .); PROVIDE(_etext = .); PROVIDE(etext = .);
              . = ALIGN(CONSTANT(MAXPAGESIZE));
              .rodata : { *(.rodata .rodata.* .gnu.linkonce.r.*) }
              .eh_frame : { KEEP(*(.eh_frame)) *(.eh_frame.*) }
              .gcc_except_table : { *(.gcc_except_table .gcc_except_table.*) }
              . = ALIGN(CONSTANT(MAXPAGESIZE)) + (. & (CONSTANT(MAXPAGESIZE) - 1));
              .tdata : { *(.tdata .tdata.* .gnu.linkonce.td.*) }
              .tbss : { *(.tbss .tbss.* .gnu.linkonce.tb.*) *(.tcommon) }
              .preinit_array : { PROVIDE_HIDDEN(__preinit_array_start = .); KEEP(*(.preinit_array)) PROVIDE_HIDDEN(__preinit_array_end = .); }
              .init_array : { PROVIDE_HIDDEN(__init_array_start = .); KEEP(*(SORT_BY_INIT_PRIORITY(.init_array.*))) KEEP(*(.init_array)) PROVIDE_HIDDEN(__init_array_end = .); }
              .fini_array : { PROVIDE_HIDDEN(__fini_array_start = .); KEEP(*(SORT_BY_INIT_PRIORITY(.fini_array.*))) KEEP(*(.fini_array)) PROVIDE_HIDDEN(__fini_array_end = .); }
              .data.rel.ro : { *(.data.rel.ro .data.rel.ro.*) }
              .got : { *(.got) *(.igot) }
              .got.plt : { *(.got.plt) *(.igot.plt) }
              .data : { *(.data .data.* .gnu.linkonce.d.*) }
              _edata = .; PROVIDE(edata = .);
              __bss_start = .;
              .bss : { *(.bss .bss.* .gnu.linkonce.b.*) *(COMMON) . = ALIGN(. != 0 ? 8 : 1); }
              _end = .; PROVIDE(end = .);
              .comment 0 : { *(.comment) }
              /DISCARD/ : { *(.note.GNU-stack) *(.gnu.lto_*) }
            }
            """;

    private DefaultScript() {}
}
