// A type that neither decodes: 6.1 takes it to mean the start of the section, 6.12 an address that means nothing.
//# machine: mipsel
//# expect-6.1: pointer (section: .data) -> first (section: .init.data)
//# expect-6.12: pointer+0x0 (section: .data) -> 0xffffffff (section: .init.data)
        .data
pointer: .word 64
        .reloc pointer, R_MIPS_GPREL32, .init.data
        .section .init.data, "aw"
first:  .space 64
second: .space 64
