// An ordinary object in .data or .data.rel must not point at what is freed.
//# expect: pointer+0x8 (section: .data) -> setup (section: .init.text)
//# expect: relative+0x0 (section: .data.rel) -> table (section: .init.data)
        .data
        .globl pointer
pointer: .quad 0, setup
        .section .data.rel, "aw"
        .globl relative
relative: .quad table
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .init.data, "aw"
        .globl table
table:  .quad 1
