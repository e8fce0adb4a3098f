//# compare: ld
//# expect-error: linker script assertion failed: text is too big
//# expect-error: case.lds:6
//# expect-error: ^
        .globl _start
_start: .skip 100
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  ok = ASSERT(1, "never said");
  ASSERT(SIZEOF(.text) < 100, "text is too big")
  /DISCARD/ : { *(.note*) }
}
