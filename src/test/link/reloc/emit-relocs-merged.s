//# options: --emit-relocs
//# compare: ld
//# ignore: symbol..LC1.present (GNU ld lists a dropped label after all if a kept relocation names it)
//# ignore: rela..rela.text.symbol (klink names the section, with the same address)
        .globl _start
_start: mov $.LC0, %edi
        lea .LC1(%rip), %rsi
        ret
        .section .rodata.str1.1, "aMS", @progbits, 1
.LC0:   .asciz "is unused"
.LC1:   .asciz "unused"
        .data
        .quad .LC0, .LC1
//# object: b.o
        .section .rodata.str1.1, "aMS", @progbits, 1
.LC0:   .asciz "other"
.LC1:   .asciz "unused"
named:  .asciz "named"
        .data
        .quad .LC0, .LC1, named
