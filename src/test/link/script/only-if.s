//# compare: ld
//# ignore: section..pure.addr (klink does not weigh ONLY_IF: both statements make the section where the first stands)
//# ignore: section..frames.addr (the same)
# .eh_frame twice, as GNU ld's own script has it.
        .globl _start
_start: ret
        .section .frames, "a"
        .quad 1
//# object: b.o
        .section .frames, "aw"
        .quad 2
        .section .pure, "a"
        .quad 3
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .frames : ONLY_IF_RO { *(.frames) }
  .pure : ONLY_IF_RO { *(.pure) }
  .data : { *(.data) }
  .frames : ONLY_IF_RW { *(.frames) }
  .pure : ONLY_IF_RW { *(.pure) }
  /DISCARD/ : { *(.note*) }
}
