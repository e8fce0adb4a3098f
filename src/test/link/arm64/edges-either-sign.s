//# machine: aarch64
//# compare: ld.lld
//# differs: ld link (takes ABS32 and ABS16 for unsigned, PREL32 and PREL16 for signed)
//# expect-bytes: .text+0x0 0000008000800000ffffffff1f2003d5ffff
# Data words may be read with or without a sign: AAELF64 has -2^(n-1) <= X < 2^n for all four.
        .globl _start
_start: .word below32
        .hword below16
        .balign 8
        .word above32 - .
        .balign 8
        .hword above16 - .
//# object: b.o
        .globl below32, below16, above32, above16
        .set below32, -0x80000000
        .set below16, -0x8000
        .set above32, 0x400008 + 0xffffffff
        .set above16, 0x400010 + 0xffff
