// The bounds of init memory excuse also where their names are found by the address.
//# expect: caller+0x8 (section: .text) -> other (section: .init.text)
        .text
caller: .quad .init.text + 32
        .quad .init.text + 80
        .section .init.text, "ax"
        .zero 32
_sinittext: .zero 48
other:  .zero 8
