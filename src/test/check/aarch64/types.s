// Every type of relocation counts, with a name or with a section.
//# machine: aarch64
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x4 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x8 (section: .text) -> table (section: .init.data)
//# expect: caller+0xc (section: .text) -> table (section: .init.data)
//# expect: caller+0x10 (section: .text) -> table (section: .init.data)
//# expect: caller+0x14 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x18 (section: .text) -> table (section: .init.data)
        .text
caller: bl setup
        b setup
        adrp x0, table
        add x0, x0, :lo12:table
        ldr x0, [x0, :lo12:table]
        cbz x0, setup
        .quad table
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .init.data, "aw"
        .zero 64
table:  .quad 0
