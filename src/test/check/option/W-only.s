// -W alone changes nothing for other references.
//# options: -W
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
        .text
caller: .quad setup
        .data
my_ops: .quad setup
__param_x: .quad initdata
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .init.data, "aw"
        .globl initdata
initdata: .quad 0
