//# compare: ld
# The last value that fits, on both sides of every type. The first site is at 0x401000, each has 16 bytes.
        .globl _start
_start: ret
        .data
        .macro site text:vararg
        .balign 16
        \text
        .endm
        site .long top32
        site .long zero
        site .quad wide
        .balign 16
        mov $top32s, %rax
        .balign 16
        mov $bottom32s, %rax
        site .short top16
        site .short bottom16
        site .byte top8
        site .byte bottom8
        .balign 16
1:      .long far_above - 1b
        .balign 16
1:      .long far_below - 1b
        .balign 16
1:      .byte near_above - 1b
        .balign 16
1:      .byte near_below - 1b
        .balign 16
1:      .short mid_above - 1b
        .balign 16
1:      .short mid_below - 1b
        .balign 16
1:      .quad wide - 1b
        .balign 16
        call call_above
        .balign 16
        .reloc ., R_X86_64_NONE, wide
        .quad 0
//# object: b.o
        .globl top32, zero, wide, top32s, bottom32s, top16, bottom16, top8, bottom8
        .globl far_above, far_below, near_above, near_below, mid_above, mid_below, call_above
        .set top32, 0xffffffff
        .set zero, 0
        .set wide, 0xfedcba9876543210
        .set top32s, 0x7fffffff
        .set bottom32s, -0x80000000
        .set top16, 0xffff
        .set bottom16, -0x8000
        .set top8, 0xff
        .set bottom8, -0x80
        .set far_above, 0x401090 + 0x7fffffff
        .set far_below, 0x4010a0 - 0x80000000
        .set near_above, 0x4010b0 + 0x7f
        .set near_below, 0x4010c0 - 0x80
        .set mid_above, 0x4010d0 + 0x7fff
        .set mid_below, 0x4010e0 - 0x8000
        .set call_above, 0x401105 + 0x7fffffff
