//# compare: ld.lld
//# differs: ld link (GNU ld takes a field of n bits for -2^n to 2^n - 1; the psABI wants what was cut off to be zero or sign extension)
//# expect-error: relocation out of range: R_X86_64_PC16 against edge
//# expect-error: at a.o:(.data+0x
# One past what fits, and the last that fits is in edges.s. The site is at 0x401000.
        .globl _start
_start: ret
        .data
        .short edge - .
//# object: b.o
        .globl edge
        .set edge, 0x3f8fff
