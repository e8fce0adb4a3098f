//# machine: aarch64
//# script: packed.lds
//# options: -shared -Bsymbolic -z notext --no-apply-dynamic-relocs --pack-dyn-relocs=relr
//# compare: ld.lld
//# expect-section: .relr.dyn size=0x28
//# expect-section: .rela.dyn size=0x30
# Words that move are listed in .relr.dyn by bitmaps of the 63 words behind an address, and hold what is moved. Those at odd
# addresses, and in sections that could come to stand at one, stay RELATIVE entries.
        .globl _start
_start: ret
        .data
        .p2align 3
a:      .quad a
        .quad b, 7
        .quad _start + 4
        .space 600
        .quad a
b:      .space 488
        .quad b
        .quad a + 8
        .byte 0
        .quad a
        .byte 0
        .quad a
        .section .data.odd,"aw"
        .byte 0
        .quad b
