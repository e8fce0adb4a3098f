// Any symbol names a place, be it a function, an object, or without a type, and of any size.
//# expect: object+0x8 (section: .text) -> setup (section: .init.text)
//# expect: plain+0x8 (section: .text) -> setup (section: .init.text)
//# expect: thread+0x0 (section: .data) -> setup (section: .init.text)
        .text
        .type function, @function
function: ret
        .size function, 1
        .balign 16
        .type object, @object
object: .quad 0, setup
        .size object, 1
plain:  .quad 0, setup
        .data
        .type thread, @gnu_indirect_function
thread: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
