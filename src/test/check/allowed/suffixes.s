// Objects with these names hold pointers that are used only at boot: both versions trust them.
//# expect: my_opsx+0x0 (section: .data) -> setup (section: .init.text)
//# expect: ops+0x0 (section: .data) -> setup (section: .init.text)
//# expect: my_Probe+0x0 (section: .data) -> setup (section: .init.text)
//# expect: console+0x0 (section: .data) -> setup (section: .init.text)
        .data
my_ops: .quad setup, initdata, bye
_ops:   .quad setup
my_probe: .quad setup, initdata, bye
my_console: .quad setup, initdata, bye
my_opsx: .quad setup
ops:    .quad setup
my_Probe: .quad setup
console: .quad setup
        .section .data.rel, "aw"
his_ops: .quad setup
his_probe: .quad bye
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .init.data, "aw"
        .globl initdata
initdata: .quad 0
        .section .exit.text, "ax"
        .globl bye
bye:    ret
