//# compare: ld ld.lld
# Two patterns in one statement keep file order; two statements do not.
        .globl _start
_start: ret
        .section .one, "aw"
        .ascii "1aaa"
        .section .two, "aw"
        .ascii "2aaa"
//# object: b.o
        .section .one, "aw"
        .ascii "1bbb"
        .section .two, "aw"
        .ascii "2bbb"
        .section .three, "aw"
        .ascii "3bbb"
//# object: c.o
        .section .three, "aw"
        .ascii "3ccc"
        .section .four, "aw"
        .ascii "4ccc"
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .together : { KEEP(*(.one .two)) }
  .apart : { KEEP(*(.three)) *(.four) }
  /DISCARD/ : { *(.note*) }
}
