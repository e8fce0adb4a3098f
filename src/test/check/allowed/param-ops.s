// The operations of a parameter may call init code; nothing else of init, and not without the whole prefix.
//# expect: __param_op_y+0x0 (section: .data) -> setup (section: .init.text)
//# expect: __param_ops_x+0x8 (section: .data.rel) -> bye (section: .exit.text)
        .section .data.rel, "aw"
__param_ops_x: .quad setup, bye
        .data
__param_op_y: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .exit.text, "ax"
        .globl bye
bye:    ret
