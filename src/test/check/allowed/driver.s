// 6.1: a driver may point at memory hotplug code, and without -W at its exit code; never at init code.
//# expect-6.1: my_driver (section: .data) -> setup (section: .init.text)
//# expect-6.1: my_drivers (section: .data) -> later (section: .meminit.text)
//# expect-6.1: my_drivers (section: .data) -> bye (section: .exit.text)
//# expect-6.12: my_driver+0x0 (section: .data) -> setup (section: .init.text)
//# expect-6.12: my_driver+0x8 (section: .data) -> bye (section: .exit.text)
//# expect-6.12: my_drivers+0x0 (section: .data) -> bye (section: .exit.text)
        .data
my_driver: .quad setup, bye, later
my_drivers: .quad bye, later
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .exit.text, "ax"
        .globl bye
bye:    ret
        .section .meminit.text, "ax"
        .globl later
later:  ret
