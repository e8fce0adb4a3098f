//# options: --gc-sections
//# differs: ld link (GNU ld quietly makes it 0)
//# expect-error: undefined symbol named in expression
# An alias that nobody uses does not keep what it is an alias of.
        .section .text.start, "ax"
        .globl _start
_start: ret
        .section .data.named, "aw"
        .globl named
named:  .quad 1
        .section .data.other, "aw"
        .globl other
other:  .quad 2
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text .text.*) }
  . = ALIGN(0x1000);
  .data : { *(.data .data.*) }
  alias = named;
  /DISCARD/ : { *(.note*) }
}
