// A suffix of digits is cut off, also where more follows: so `f.7.constprop.0` is `f`, and not excused.
//# expect: f+0x0 (section: .text) -> setup (section: .init.text)
//# expect: g+0x0 (section: .text) -> table (section: .init.data)
//# expect: h.7x+0x0 (section: .text) -> table.x.5 (section: .init.data)
//# expect: i.+0x0 (section: .text) -> setup (section: .init.text)
//# expect: j+0x0 (section: .text) -> setup (section: .init.text)
//# expect: k..7+0x0 (section: .text) -> setup (section: .init.text)
//# expect: (section: .text) -> .8.9 (section: .init.data)
        .text
f.7.constprop.0: .quad setup
g.12: .quad table.3
h.7x: .quad table.x.5
i.: .quad setup
j.5.6: .quad setup
k..7: .quad setup
l:  .quad .8.9
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .init.data, "aw"
        .globl table.3, table.x.5, .8.9
table.3: .quad 0
table.x.5: .quad 0
.8.9:   .quad 0
