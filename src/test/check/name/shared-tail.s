// modpost cuts names where they stand in the string table; GNU ld lets names share their tails there, so one cut reaches another name.
//# expect: f.constprop+0x0 (section: .text) -> setup (section: .init.text)
//# expect: constprop+0x0 (section: .text) -> setup (section: .init.text)
//# differs: the excuse is for f.constprop.0, whose name ends like that of constprop.0
//# klink: none
        .text
f.constprop.0: .quad setup
constprop.0: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
