// 6.1: the data of memory hotplug, from each kind that must not use it.
//# expect-6.1: caller (section: .text) -> laterdata (section: .meminit.data)
//# expect-6.1: pointer (section: .data.rel) -> laterconst (section: .meminit.rodata)
//# expect-6.1: bye (section: .exit.text) -> laterdata (section: .meminit.data)
//# expect-6.1: laterdata (section: .meminit.data) -> setup (section: .init.text)
//# expect-6.1: laterconst (section: .meminit.rodata) -> bye (section: .exit.text)
//# expect-6.12: none
        .text
caller: .quad laterdata
        .section .data.rel, "aw"
pointer: .quad laterconst
        .section .exit.text, "ax"
        .globl bye
bye:    .quad laterdata
        .section .meminit.data, "aw"
        .globl laterdata
laterdata: .quad setup
        .section .meminit.rodata, "a"
        .globl laterconst
laterconst: .quad bye
        .section .init.text, "ax"
        .globl setup
setup:  ret
