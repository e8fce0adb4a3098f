// More sections than fit into 16 bits: their indices stand in a table of their own.
//# expect: caller+0x0 (section: .text) -> freed (section: .init.data.65399)
        .altmacro
        .macro s n
        .section .text.t\n, "ax"
        .endm
        .set i, 0
        .rept 65300
        s %i
        .set i, i + 1
        .endr
        .macro d n
        .section .init.data.\n, "aw"
        .endm
        .rept 99
        d %i + 0
        .set i, i + 1
        .endr
        d 65399
        .globl freed
freed:  .quad 0
        .text
caller: .quad freed
