// Which name it is decides whether there is an excuse.
//# expect-6.1: none
//# expect-6.12: plain+0x0 (section: .data) -> setup (section: .init.text)
        .data
plain:
my_ops: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
