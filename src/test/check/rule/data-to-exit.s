// Nor at what the linker drops.
//# expect: pointer+0x0 (section: .data) -> bye (section: .exit.text)
        .data
        .globl pointer
pointer: .quad bye
        .section .exit.text, "ax"
        .globl bye
bye:    ret
