//# compare: ld
//# differs: ld.lld section..but_b.size (lld excludes from every pattern that follows, GNU ld from one)
        .globl _start
_start: ret
        .data
        .ascii "aaaa"
        .section .data.x, "aw"
        .ascii "axax"
//# object: b.o
        .data
        .ascii "bbbb"
        .section .data.x, "aw"
        .ascii "bxbx"
//# object: c.o
        .data
        .ascii "cccc"
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .but_b : { *(EXCLUDE_FILE(*b.o) .data .data.x) }
  .only_c : { *c.o(.data) }
  .rest : { *(.data .data.*) }
  /DISCARD/ : { *(.note*) }
}
