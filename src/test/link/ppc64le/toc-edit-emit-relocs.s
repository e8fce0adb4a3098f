//# machine: powerpc64le
//# options: -q
//# compare: ld
//# ignore: symbol..TOC..present (its name, where nobody names it)
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x100000000000;
  .text : { *(.text) }
  .data : { *(.data) }
  .got : ALIGN(256) { *(.got .toc) }
  .bss : { *(.bss) }
  /DISCARD/ : { *(.note.GNU-stack .glink .rela.plt .plt .iplt .branch_lt) }
}
//# object: a.o
# Relocations that are kept name what words of the table of contents held that went, and where the others went.
        .globl _start, global
_start: addis 3, 2, .Lgone@toc@ha
        ld 3, .Lgone@toc@l(3)
        addis 4, 2, .Lkept@toc@ha
        std 4, .Lkept@toc@l(4)
        addis 5, 2, .Llocal@toc@ha
        ld 5, .Llocal@toc@l(5)
        addis 6, 2, .Llast@toc@ha
        std 6, .Llast@toc@l(6)
        blr
        .section .toc,"aw"
.Lgone: .quad global
.Lkept: .quad global + 8
.Llocal: .quad .Ldata
.Llast: .quad .Llast
        .data
global: .quad 1
.Ldata: .quad .Lkept
//# object: b.o
        .globl other
other:  addis 3, 2, .Lone@toc@ha
        ld 3, .Lone@toc@l(3)
        .section .toc,"aw"
.Lone:  .quad global
