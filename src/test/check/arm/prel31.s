// Unwind tables and other types that neither decodes, where the relocation has a name.
//# machine: arm
//# expect-6.1: none
//# expect-6.12: pointer+0x0 (section: .data) -> global (section: .init.text)
        .data
pointer: .word 0
        .reloc pointer, R_ARM_PREL31, global
        .section .init.text, "ax"
        .globl global
global: .space 64
