//# archive: libx.a b.o c.o
//# args: -T SCRIPT a.o --whole-archive libx.a
//# compare: ld
# archive:member patterns.
        .globl _start
_start: ret
        .data
        .ascii "aaaa"
//# object: b.o
        .data
        .ascii "bbbb"
//# object: c.o
        .data
        .ascii "cccc"
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .one : { *libx.a:c.o(.data) }
  .two : { *libx.a:(.data) }
  .three : { *a.o(.data) }
  .rest : { *(.data) }
  /DISCARD/ : { *(.note*) }
}
