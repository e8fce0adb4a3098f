// Exit code and data of built-in drivers are dropped by the linker script.
//# expect: caller+0x1 (section: .text) -> bye (section: .exit.text)
//# expect: caller+0x8 (section: .text) -> byedata (section: .exit.data)
        .text
        .globl caller
caller: call bye
        mov $byedata, %rax
        .section .exit.text, "ax"
        .globl bye
bye:    ret
        .section .exit.data, "aw"
        .globl byedata
byedata: .quad 1
