// 6.1: the text of memory hotplug as well.
//# expect-6.1: plain (section: .meminit.text) -> setup (section: .init.text)
//# expect-6.12: none
        .section .meminit.text, "ax"
f.constprop.0: .quad setup
plain:  .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
