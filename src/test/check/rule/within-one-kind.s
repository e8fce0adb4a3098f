// What is freed together may refer to itself, and what stays to what stays; init code may use everything that stays.
//# expect: none
        .text
        .globl stay
stay:   call stay
        .quad data
        .data
        .globl data
data:   .quad stay, data
        .section .init.text, "ax"
        .globl setup
setup:  call setup
        .quad setdata, stay, data
        .section .init.data, "aw"
        .globl setdata
setdata: .quad setup, setdata, stay, data
        .section .exit.text, "ax"
        .globl bye
bye:    call bye
        .quad stay, data, byedata
        .section .exit.data, "aw"
        .globl byedata
byedata: .quad bye, stay
