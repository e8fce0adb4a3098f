//# machine: powerpc64le
//# compare: ld
//# audit:
//# ignore: section..got.present (a table of addresses that has no slot left)
//# ignore: segment.0.* (with it)
//# ignore: symbol..TOC..present (its name, without it)
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x10000000;
  .text : { *(.text) }
  .got : ALIGN(256) { *(.got .toc) }
  .data 0x20ffffff0 : { *(.data) }
}
//# object: a.o
# Code without a table of contents: addresses and loads relative to the instruction, to the edge of 8 GiB; what it loads from the table of
# addresses is near enough to be added up.
        .globl _start, value, local
        .machine power10
        .type _start, @function
_start: .localentry _start, 1
        pla 3, value@pcrel
        pla 4, value+5@pcrel
        pld 5, value@pcrel
        pstd 5, value@pcrel
        pld 6, _start@got@pcrel
        pld 7, other@got@pcrel
        plwz 8, _start@pcrel
        bl other@notoc
        b other@notoc
        bl inner@notoc
inner:  blr
        .data
value:  .quad 1
local:  .quad 2
//# object: b.o
        .globl other
        .type other, @function
        .machine power10
other:  .localentry other, 1
        pla 3, other@pcrel
        blr
