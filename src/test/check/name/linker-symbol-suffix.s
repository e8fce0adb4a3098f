// The name that is referred to is cut as well.
//# expect: caller+0x8 (section: .text) -> _sinittext.x (section: .init.text)
        .text
caller: .quad _sinittext.1, _sinittext.x
        .section .init.text, "ax"
        .globl _sinittext.1, _sinittext.x
_sinittext.1: nop
_sinittext.x: nop
