// Head code may use what it likes, be it dropped.
//# expect: none
        .section .head.text, "ax"
head:   .quad setup, bye
        .section .head.text.more, "ax"
more:   .quad setup, bye
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .exit.text, "ax"
        .globl bye
bye:    ret
