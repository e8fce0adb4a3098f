// 6.1: a parameter may name data of memory hotplug; from a text section it is no excuse.
//# expect-6.1: other (section: .data) -> laterdata (section: .meminit.data)
//# expect-6.12: none
        .data
__param_a: .quad laterdata, laterconst
other:  .quad laterdata
        .section .meminit.data, "aw"
        .globl laterdata
laterdata: .quad 0
        .section .meminit.rodata, "a"
        .globl laterconst
laterconst: .quad 0
