// A function may be called driver as well; that excuses nothing.
//# expect: my_driver+0x0 (section: .text) -> bye (section: .exit.text)
//# expect: init_driver+0x0 (section: .init.text) -> bye (section: .exit.text)
//# expect-6.1: my_driver (section: .text) -> later (section: .meminit.text)
        .text
my_driver: .quad bye, later
        .section .init.text, "ax"
init_driver: .quad bye
        .section .exit.text, "ax"
        .globl bye
bye:    ret
        .section .meminit.text, "ax"
        .globl later
later:  ret
