//# compare: ld ld.lld
//# expect-section: .text size=0x11
# The first group of a signature stays; of the second everything goes, also what its own file refers to.
        .globl _start
_start: call inline_one
        .section .text.inline_one, "axG", @progbits, inline_one, comdat
        .weak inline_one
inline_one: mov $1, %eax
        ret
        .section .rodata.inline_one, "aG", @progbits, inline_one, comdat
        .quad 1
//# object: b.o
        .section .text.inline_one, "axG", @progbits, inline_one, comdat
        .weak inline_one
inline_one: mov $1, %eax
        ret
        .section .rodata.inline_one, "aG", @progbits, inline_one, comdat
        .quad 1
        .text
        .globl second
second: call inline_one
        ret
