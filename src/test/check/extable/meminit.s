// 6.1 authorises the text of memory hotplug; to 6.12 it is a section like any other.
//# expect-6.1: none
//# expect-6.12: reference: 0x0 (section: __ex_table) -> later (section: .meminit.text)
//# expect-6.12: The relocation at __ex_table+0x0 references
        .section .meminit.text, "ax"
        .globl later
later:  nop
        .section __ex_table, "a"
        .long later - .
