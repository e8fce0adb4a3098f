// 6.1 still knows memory hotplug sections; later they are nothing special.
//# expect-6.1: caller (section: .text) -> later (section: .meminit.text)
//# expect-6.1: pointer (section: .data) -> later (section: .meminit.text)
//# expect-6.1: later (section: .meminit.text) -> setup (section: .init.text)
//# expect-6.1: later (section: .meminit.text) -> bye (section: .exit.text)
//# expect-6.1: bye (section: .exit.text) -> later (section: .meminit.text)
//# expect-6.12: none
        .text
        .globl caller
caller: call later
        .data
        .globl pointer
pointer: .quad later
        .section .meminit.text, "ax"
        .globl later
later:  call setup
        call bye
        .section .init.text, "ax"
        .globl setup
setup:  call later
        .section .exit.text, "ax"
        .globl bye
bye:    call later
