// 6.1: a name that excuses references to init excuses those to memory hotplug as well.
//# expect-6.1: plain (section: .data) -> later (section: .meminit.text)
//# expect-6.12: none
        .data
my_ops: .quad later
my_timer: .quad later
plain:  .quad later
        .section .meminit.text, "ax"
        .globl later
later:  ret
