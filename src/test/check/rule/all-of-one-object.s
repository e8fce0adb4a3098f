// One object with every kind of mismatch at once: each is reported, in whatever order.
//# expect: f+0x0 (section: .text) -> setup (section: .init.text)
//# expect: f+0x8 (section: .text) -> bye (section: .exit.text)
//# expect: d+0x0 (section: .data) -> initdata (section: .init.data)
//# expect: setup+0x0 (section: .init.text) -> byedata (section: .exit.data)
//# expect: bye+0x0 (section: .exit.text) -> initdata (section: .init.data)
//# expect: q+0x0 (section: .pci_fixup_final) -> setup (section: .init.text)
        .text
f:      .quad setup, bye
        .data
d:      .quad initdata
        .section .init.text, "ax"
        .globl setup
setup:  .quad byedata
        .section .init.data, "aw"
        .globl initdata
initdata: .quad 0
        .section .exit.text, "ax"
        .globl bye
bye:    .quad initdata
        .section .exit.data, "aw"
        .globl byedata
byedata: .quad 0
        .section .pci_fixup_final, "a"
q:      .quad setup
