//# compare: ld
//# expect-error: relocation out of range: R_X86_64_PLT32 against edge
//# expect-error: at a.o:(.data+0x
# One past what fits, and the last that fits is in edges.s. The site is at 0x401000.
        .globl _start
_start: ret
        .data
        call edge
//# object: b.o
        .globl edge
        .set edge, 0x80401005
