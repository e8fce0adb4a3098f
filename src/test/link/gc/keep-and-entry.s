//# options: --gc-sections
//# compare: ld ld.lld
//# expect-symbol: used
//# expect-symbol: kept_data
//# expect-symbol: unused absent
# What ENTRY reaches and what KEEP names stays.
        .section .text.start, "ax"
        .globl _start
_start: call used
        .section .text.used, "ax"
        .globl used
used:   mov datum(%rip), %eax
        ret
        .section .text.unused, "ax"
        .globl unused
unused: call only_from_unused
        .section .text.only, "ax"
        .globl only_from_unused
only_from_unused: ret
        .section .data.datum, "aw"
        .globl datum
datum:  .long 1
        .section .data.dead, "aw"
dead:   .quad unused
        .section .initcall, "aw"
        .globl kept_data
kept_data: .quad from_kept
        .section .text.fk, "ax"
        .globl from_kept
from_kept: ret
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text .text.*) }
  . = ALIGN(0x1000);
  .data : { *(.data .data.*) KEEP(*(.initcall)) }
  /DISCARD/ : { *(.note*) }
}
