// A function whose name ends so must still not call init code.
//# expect: my_ops+0x0 (section: .text) -> setup (section: .init.text)
//# expect: my_probe+0x0 (section: .text) -> setup (section: .init.text)
//# expect: exit_ops+0x0 (section: .exit.data) -> setup (section: .init.text)
        .text
my_ops: .quad setup
my_probe: .quad setup
        .section .exit.data, "aw"
exit_ops: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
