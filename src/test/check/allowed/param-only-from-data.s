// The same name in a function excuses nothing.
//# expect: __param_get+0x0 (section: .text) -> initdata (section: .init.data)
//# expect: __param_ops_x+0x0 (section: .text) -> setup (section: .init.text)
        .text
__param_get: .quad initdata
__param_ops_x: .quad setup
        .section .init.data, "aw"
        .globl initdata
initdata: .quad 0
        .section .init.text, "ax"
        .globl setup
setup:  ret
