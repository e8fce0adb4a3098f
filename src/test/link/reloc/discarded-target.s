//# compare: ld
//# expect-error: discarded
# A reference from kept code to what /DISCARD/ took.
        .globl _start
_start: call gone
        .section .exit.text, "ax"
gone:   ret
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  /DISCARD/ : { *(.exit.text) *(.note*) }
}
