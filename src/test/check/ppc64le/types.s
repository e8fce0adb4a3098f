// Calls, halves of addresses by way of the table of contents, and pointers.
//# machine: ppc64le
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x8 (section: .text) -> table (section: .init.data)
//# expect: caller+0xc (section: .text) -> table (section: .init.data)
//# expect: pointer+0x0 (section: .data) -> setup (section: .init.text)
        .text
caller: bl setup
        nop
        addis 3, 2, table@toc@ha
        addi 3, 3, table@toc@l
        .data
pointer: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  blr
        .section .init.data, "aw"
        .zero 64
table:  .quad 0
