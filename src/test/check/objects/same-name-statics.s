// Two objects have each a local function of one name.
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
        .text
caller: .quad setup
        .section .init.text, "ax"
setup:  .zero 32
//# object: b.o
        .text
caller: .quad setup
        .section .init.text, "ax"
setup:  .zero 32
