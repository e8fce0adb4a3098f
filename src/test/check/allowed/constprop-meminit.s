// 6.1: and memory hotplug as init.
//# expect-6.1: plain (section: .text) -> later (section: .meminit.text)
//# expect-6.12: none
        .text
f.constprop.0: .quad later
plain:  .quad later
        .section .meminit.text, "ax"
        .globl later
later:  ret
