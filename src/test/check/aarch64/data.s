// Pointers from data, and the names that excuse them.
//# machine: aarch64
//# expect: plain+0x0 (section: .data) -> setup (section: .init.text)
        .data
plain:  .quad setup
my_ops: .quad setup
__param_ops_x: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
