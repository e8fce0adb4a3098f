// Types that modpost does not decode: 6.1 takes them to mean the start of the section, 6.12 an address that means nothing.
//# machine: i386
//# expect-6.1: pointer (section: .data) -> first (section: .init.data)
//# expect-6.12: pointer+0x0 (section: .data) -> 0xffffffff (section: .init.data)
        .data
pointer: .short second
        .section .init.data, "aw"
first:  .zero 64
second: .zero 64
