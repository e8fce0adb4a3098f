// A reference through a local name of the weak default stays with the default, whoever replaces the weak name.
//# expect: caller+0x1 (section: .text) -> local_setup (section: .init.text)
        .text
        .globl caller
caller: call local_setup
        .section .init.text, "ax"
        .weak setup
        .zero 4
setup:
local_setup: ret
//# object: b.o
        .text
        .globl setup
setup:  ret
