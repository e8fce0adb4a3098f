// arm keeps addends in the section (REL). A pointer to a local symbol is the word there, from the section's start.
//# machine: arm
//# expect: pointer+0x0 (section: .data) -> second (section: .init.data)
//# expect: pointer+0x4 (section: .data) -> global (section: .init.data)
        .data
pointer: .word second, global + 200
        .section .init.data, "aw"
first:  .space 64
second: .space 64
        .globl global
global: .space 64
