// With -W 6.1 no longer lets drivers point at exit code; 6.12 never does.
//# options: -W
//# expect: my_driver+0x0 (section: .data) -> bye (section: .exit.text)
        .data
my_driver: .quad bye
        .section .exit.text, "ax"
        .globl bye
bye:    ret
