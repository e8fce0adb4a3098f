package klink.script;

/// A small script in the manner of a kernel's, with nearly everything the language has.
final class SampleScript {
    static final String TEXT = """
        OUTPUT_FORMAT("elf64-x86-64") OUTPUT_ARCH(i386:x86-64)
        ENTRY(start)
        ticks = ticks_64;
        PHDRS { code PT_LOAD FLAGS(5); vars PT_LOAD FLAGS(6) AT(0x100000); notes PT_NOTE FLAGS(0); }
        MEMORY { ram (rwx) : ORIGIN = 0x1000, LENGTH = 16M }
        SECTIONS
        {
         . = (0xffffffff80000000 + ALIGN(0x1000000, 0x200000));
         start_pa = ABSOLUTE(start - 0xffffffff80000000);
         .text : AT(ADDR(.text) - 0xffffffff80000000) {
          _first = .;
          KEEP(*(.first.text))
          *(.text .text.[0-9a-zA-Z_]*) . = ALIGN(8);
          *(EXCLUDE_FILE(*a.o lib.a:b.o) .late)
          . = first_func | (1 << 2) | (1 << 8);
         } :code =0xcccc
         _etext = .;
         . = ALIGN((1 << 12));
         .table : { __start_table = .; KEEP(*(SORT(___table+*))) __stop_table = .; } :code :notes
         .cpu 0 : AT(_etext) { *(.cpu..first) *(.cpu) } :vars . = _etext + SIZEOF(.cpu);
         ASSERT(SIZEOF(.cpu) < 0x1000, "too large")
         OVERLAY 0xffff0000 : NOCROSSREFS AT(lma) { .vec { *(.vec) } .vec2 { *(.vec2) } }
         .lookup : { . += (((_etext - _first + (1 << 8) - 1) / (1 << 8)) + 1) * 4; }
         .d : ALIGN(8) SUBALIGN(4) { BYTE(1) LONG(~0) QUAD(a ? b : -c) FILL(0x90) CONSTRUCTORS *(COMMON); }
         .got.plt (INFO) : { *(.got.plt) }
         PROVIDE_HIDDEN(x = DEFINED(y) ? y : MAX(1, LOADADDR(.d)));
         /DISCARD/ : { *(.exit) *(.discard.*) }
        }
        . = ASSERT((_etext & 0x3f) == 0, "not aligned");
        """;

    private SampleScript() {}
}
