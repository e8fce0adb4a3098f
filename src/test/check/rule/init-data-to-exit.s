// Data that is freed after boot points at code that is dropped: all pairs of the rule.
//# expect: initdata+0x0 (section: .init.data) -> bye (section: .exit.text)
//# expect: initdata+0x8 (section: .init.data) -> byedata (section: .exit.data)
//# expect: initconst+0x0 (section: .init.rodata) -> bye (section: .exit.text)
//# expect: byedata+0x0 (section: .exit.data) -> setup (section: .init.text)
//# expect: byedata+0x8 (section: .exit.data) -> initdata (section: .init.data)
        .section .init.data, "aw"
        .globl initdata
initdata: .quad bye, byedata
        .section .init.rodata, "a"
initconst: .quad bye
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .exit.text, "ax"
        .globl bye
bye:    ret
        .section .exit.data, "aw"
        .globl byedata
byedata: .quad setup, initdata
