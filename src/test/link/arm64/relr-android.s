//# machine: aarch64
//# script: packed.lds
//# options: -shared -Bsymbolic -z notext --no-apply-dynamic-relocs --pack-dyn-relocs=relr --use-android-relr-tags
//# compare: ld.lld
//# expect-section: .relr.dyn size=0x28
//# expect-section: .rela.dyn size=0x30
# The same with the type that the section had before the gABI gave it one: 6.1 asks ld.lld for it.
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
