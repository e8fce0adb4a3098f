// The oldest type for a branch, which no assembler writes any more.
//# machine: arm
//# expect: caller+0x0 (section: .text) -> second (section: .init.text)
        .text
caller: .word 0xeb00000e
        .reloc caller, R_ARM_PC24, .init.text
        .section .init.text, "ax"
        .space 64
second: .space 64
