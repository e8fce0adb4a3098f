// The linker moves the word's value along with the section.
//# machine: arm
//# expect: pointer+0x0 (section: .data) -> mine (section: .init.data)
        .section .init.data, "aw"
other:  .space 100
//# object: b.o
        .data
pointer: .word mine
        .section .init.data, "aw"
        .space 40
mine:   .space 40
