// GCC's copies of inline functions with constants of an init caller look guilty and are not.
//# expect: plain.isra.0+0x0 (section: .text) -> setup (section: .init.text)
//# expect: plain.part.0+0x0 (section: .text) -> setup (section: .init.text)
//# expect: plain.cold+0x0 (section: .text) -> setup (section: .init.text)
        .text
f.constprop.0: .quad setup, initdata
g.isra.0.constprop.3: .quad setup
h.constprop.0.cold: .quad setup
.constprop.k: .quad setup
plain.isra.0: .quad setup
plain.part.0: .quad setup
plain.cold: .quad setup
        .section .text.unlikely, "ax"
i.constprop.1.cold: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .init.data, "aw"
        .globl initdata
initdata: .quad 0
