//# machine: powerpc64le
//# expect-error: relocation out of range: R_PPC64_PCREL34 against value
//# expect-error: at a.o:(.text+0x0)
//# script: inline
ENTRY(_start)
SECTIONS { . = 0x10000000; .text : { *(.text) } .data 0x210000000 : { *(.data) } }
//# object: a.o
        .globl _start, value
        .machine power10
_start: pla 3, value@pcrel
        .data
value:  .quad 1
