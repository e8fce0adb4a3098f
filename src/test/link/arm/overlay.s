//# machine: arm
//# compare: ld
//# ignore: symbol.$d.present (GNU ld adds one to each section of data that has no mapping symbol)
//# ignore: symbol.stubs_lma.section (between two sections; GNU ld takes the one before)
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0xc0008000;
  .text : { *(.text) }
  vectors_lma = .;
  OVERLAY 0xffff0000 : AT(vectors_lma) { .vectors { *(.vectors) } .vectors.two { *(.vectors.two) } }
  start = LOADADDR(.vectors); end = LOADADDR(.vectors.two) + SIZEOF(.vectors.two);
  . = vectors_lma + SIZEOF(.vectors) + SIZEOF(.vectors.two);
  stubs_lma = .;
  .stubs ADDR(.vectors) + 0x1000 : AT(stubs_lma) { *(.stubs) }
  . = stubs_lma + SIZEOF(.stubs);
  offset = vector - ADDR(.vectors);
  .data : { *(.data) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# Exception vectors run at the top of memory and are loaded behind the rest, one set of them over the other.
        .syntax unified
        .arch armv7-a
        .globl _start, vector
        .arm
_start: ldr r0, =vector
        bx lr
        .section .vectors, "ax"
        b vector
        ldr pc, [pc, #(handler - . - 8)]
handler: .word _start
        .section .vectors.two, "ax"
        b vector
        .section .stubs, "ax"
        nop
vector: .word start, end, offset, _start
        .data
        .word vector - 0xffff0000
