//# compare: ld
# Notes of one kind form one section; the kernel gathers them in .notes.
        .globl _start
_start: ret
        .section .note.Linux, "a", @note
        .long 6, 4, 0x101
        .asciz "Linux"
        .short 0
        .long 7
        .section .note.Xen, "a", @note
        .long 4, 4, 6
        .asciz "Xen"
        .long 8
//# object: b.o
        .section .note.Xen, "a", @note
        .long 4, 4, 7
        .asciz "Xen"
        .long 9
//# script: inline
ENTRY(_start)
PHDRS { text PT_LOAD FLAGS(5); note PT_NOTE FLAGS(0); }
SECTIONS
{
  /DISCARD/ : { *(.note.GNU-stack) }
  .text 0x400000 : { *(.text) } :text
  .notes : { __start_notes = .; KEEP(*(.note.*)) __stop_notes = .; } :text :note
}
