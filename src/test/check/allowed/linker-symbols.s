// The linker script's symbols for the bounds of init memory are addresses, not code that is used.
//# expect: caller+0x18 (section: .text) -> _sinitdata (section: .init.text)
//# expect: caller+0x20 (section: .text) -> __init_end (section: .init.text)
        .text
caller: .quad __init_begin, _sinittext, _einittext, _sinitdata, __init_end
        .section .exit.text, "ax"
bye:    .quad __init_begin
        .section .init.text, "ax"
        .globl __init_begin, _sinittext, _einittext, _sinitdata, __init_end
__init_begin:
_sinittext:
_sinitdata:
        nop
_einittext:
__init_end:
        nop
