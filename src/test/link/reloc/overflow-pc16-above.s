//# compare: ld.lld
//# differs: ld link (GNU ld takes a signed field of 16 bits for 0 to 0xffff as well)
//# expect-error: relocation out of range: R_X86_64_PC16 against edge
//# expect-error: at a.o:(.data+0x
# One past what fits, and the last that fits is in edges.s. The site is at 0x401000.
        .globl _start
_start: ret
        .data
        .short edge - .
//# object: b.o
        .globl edge
        .set edge, 0x409000
