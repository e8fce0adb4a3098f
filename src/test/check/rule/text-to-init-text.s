// A function that stays must not call one that is freed after boot.
//# expect: caller+0x1 (section: .text) -> setup (section: .init.text)
        .text
        .globl caller
caller: call setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
