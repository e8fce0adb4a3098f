// The weak function that refers is itself replaced by another object's: its code stays in the image, only its name is gone.
//# expect: before+0x8 (section: .text) -> setup (section: .init.text)
//# differs: the name of the place in its own object is default; the merged object has no such name there any more
//# klink: default+0x0 (section: .text) -> setup (section: .init.text)
        .text
before: .quad 0
        .weak default
default: .quad setup
//# object: b.o
        .text
        .globl default
default: ret
        .section .init.text, "ax"
        .globl setup
setup:  ret
