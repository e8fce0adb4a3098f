//# compare: ld
        .globl _start
_start: ret
        .section .t1, "a"
        .quad 1
        .section .t2, "aw"
        .quad 2
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .ro : { INPUT_SECTION_FLAGS (!SHF_WRITE) *(.t1 .t2) }
  .rw : { INPUT_SECTION_FLAGS (SHF_WRITE & SHF_ALLOC) *(.t1 .t2) }
  /DISCARD/ : { *(.note*) }
}
