// The place may lie behind all symbols, and behind the size of the last.
//# expect: sized+0x20 (section: .text) -> setup (section: .init.text)
        .text
        .type sized, @function
sized:  ret
        .size sized, . - sized
        .balign 32
        .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
