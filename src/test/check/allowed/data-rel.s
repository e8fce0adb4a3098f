// .data.rel has all excuses that .data has.
//# expect: plain+0x0 (section: .data.rel) -> initdata (section: .init.data)
//# expect-6.12: my_driver+0x0 (section: .data.rel) -> bye (section: .exit.text)
        .section .data.rel, "aw"
plain:  .quad initdata
__param_x: .quad initdata
__param_ops_y: .quad setup
my_ops: .quad setup, bye
my_driver: .quad bye, later
        .section .init.data, "aw"
        .globl initdata
initdata: .quad 0
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .exit.text, "ax"
        .globl bye
bye:    ret
        .section .meminit.text, "ax"
        .globl later
later:  ret
