//# compare: ld
//# differs: ld.lld symbol.sum.section (GNU ld: a sum outside of sections is a number)
//# expect-symbol: inside section=.text value=0x400010
//# expect-symbol: absolute section=*ABS* value=0x400010
# An assignment inside braces is relative to the section; ABSOLUTE() makes it a number.
        .globl _start
_start: .skip 13, 0x90
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) . = ALIGN(16); inside = .; absolute = ABSOLUTE(.); LONG(1) }
  number = 42;
  sum = inside + 4;
  difference = sum - inside;
  /DISCARD/ : { *(.note*) }
}
