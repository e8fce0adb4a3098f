// A static function between global ones is the nearest.
//# expect: middle+0x8 (section: .text) -> setup (section: .init.text)
//# expect: last+0x0 (section: .text) -> setup (section: .init.text)
        .text
        .globl first, last
first:  .zero 16
middle: .quad 0, setup
last:   .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
