//# compare: ld
//# expect-error: first
//# expect-error: second
# One run says every assertion that failed.
        .globl _start
_start: .skip 100
//# script: inline
ENTRY(_start)
ASSERT(0, "first")
SECTIONS
{
  .text 0x400000 : { *(.text) ASSERT(. < 50, "second") }
  /DISCARD/ : { *(.note*) }
}
