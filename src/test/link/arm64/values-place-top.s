//# machine: aarch64
//# compare: ld
//# differs: ld.lld content..text (leaves the instruction MOVZ)
//# expect-bytes: .text+0x0 0000e092
# The top 16 bits of a distance below zero: MOVN, as for the other groups that have a sign.
        .globl _start
_start: movz x0, #:prel_g3:below
//# object: b.o
        .globl below
        .set below, 0x1234
