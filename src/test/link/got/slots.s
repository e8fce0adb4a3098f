//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) }
  .data : { *(.data) }
  .got : { *(.got) }
  .got.plt : { *(.got.plt) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
//# compare: ld
//# expect-section: .got size=0x10
//# expect-section: .got.plt size=0x18
//# ignore: section..got.plt.entsize (klink says 0: nothing reads it)
//# ignore: symbol._GLOBAL_OFFSET_TABLE_.type (klink says NOTYPE)
# What cannot be rewritten goes through the table; one slot per symbol.
        .globl _start
_start: push far@GOTPCREL(%rip)
        movq far@GOTPCREL(%rip), %xmm0
        push near@GOTPCREL(%rip)
        lea _GLOBAL_OFFSET_TABLE_(%rip), %rbx
        movabs $far@GOTOFF, %rax
        movabs $far@GOT, %rax
        movabs $_GLOBAL_OFFSET_TABLE_, %r11
        mov $far@SIZE, %eax
        movabs $far@SIZE, %rax
        .data
near:   .quad 1
        .globl far
        .size far, 16
far:    .quad 2, 3
