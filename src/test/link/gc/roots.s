//# script: inline
ENTRY(_start)
aliased = target;
SECTIONS
{
  . = 0x400000;
  .text : { *(.text .text.*) KEEP(*(.text.kept_later)) }
  .kept : { KEEP(*(.kept)) }
  .rodata : { *(.rodata .rodata.*) }
  table : { *(table) }
  .follows : { *(.follows .follows.*) }
  .data : { *(.data .data.*) }
  .init_array : { *(.init_array) }
  .bss : { *(.bss .bss.*) *(COMMON) }
  /DISCARD/ : { KEEP(*(.thrown_away)) *(.note.GNU-stack) }
}
//# object: a.o
//# compare: ld
//# options: --gc-sections
//# expect-silence:
//# expect-symbol: dead absent
//# expect-symbol: only_script absent
//# expect-symbol: from_debug absent
//# expect-symbol: live section=.text
//# expect-symbol: target section=.data
//# expect-symbol: from_discarded section=.data
//# expect-symbol: followed section=.data
//# expect-symbol: retained section=.data
//# expect-symbol: kept_later section=.text
//# expect-symbol: of_group section=.rodata
//# ignore: section..follows.flags (klink does not mark SHF_LINK_ORDER in an image)
# What --gc-sections keeps: all roots, and every way to follow a reference.
        .section .text.start, "ax"
        .globl _start
_start: call live
        mov $__start_table, %rax
        mov $aliased, %rax
        mov $big, %rax
        call in_group
        .section .text.live, "ax"
        .globl live
live:   ret
        .section .text.dead, "ax"
        .globl dead
dead:   call nobody
        .section .text.only_script, "ax"
        .globl only_script
only_script: ret
        .section .text.kept_later, "ax"
        .globl kept_later
kept_later: ret
        .section .data.target, "aw"
        .globl target
target: .quad 1
        .section table, "a"
        .quad in_table
        .section .data.in_table, "aw"
        .globl in_table
in_table: .quad 2
        .section .kept, "a"
        .quad 3
        .section .thrown_away, "a"
        .quad from_discarded
        .section .data.from_discarded, "aw"
        .globl from_discarded
from_discarded: .quad 4
        .section .data.retained, "awR"
        .globl retained
retained: .quad 5
        .section .note.some, "a", @note
        .long 0, 0, 0
        .section .init_array, "aw", @init_array
        .quad 0
        .section .follows.live, "ao", @progbits, .text.live
        .quad followed
        .section .follows.dead, "ao", @progbits, .text.dead
        .quad dead
        .section .data.followed, "aw"
        .globl followed
followed: .quad 6
        .section .text.group, "axG", @progbits, thegroup, comdat
        .globl in_group
in_group: ret
        .section .rodata.group, "aG", @progbits, thegroup, comdat
        .globl of_group
of_group: .quad 7
        .section .debug_info, "", @progbits
        .quad from_debug
        .section .data.from_debug, "aw"
        .globl from_debug
from_debug: .quad 8
        .comm big, 32, 16
//# object: b.o
# An object of which nothing but a table is kept: its debug information stays.
        .section table, "a"
        .quad 9
        .section .text.unused, "ax"
unused: ret
        .section .debug_info, "", @progbits
        .quad unused
//# object: c.o
# An object of which nothing is kept.
        .section .text.unused, "ax"
        ret
        .section .debug_info, "", @progbits
        .quad 0x1111
        .section .comment, "MS", @progbits, 1
        .asciz "gone"
        .comm dead_common, 8, 8
