// 6.1: memory hotplug code may refer to itself, and head code to it; exit data is not its business in PCI tables.
//# expect-6.1: none
//# expect-6.12: none
        .section .meminit.text, "ax"
        .globl later
later:  call later
        .quad laterdata
        .section .meminit.data, "aw"
        .globl laterdata
laterdata: .quad later
        .section .head.text, "ax"
        .quad later, laterdata
        .section .init.text, "ax"
        .quad later, laterdata
