// Only PROGBITS counts, and an empty section as well.
//# expect: (.empty): unexpected non-allocatable section.
        .section .empty, "", @progbits
        .section .mynote, "", @note
        .byte 1
        .section .nobits, "", @nobits
        .zero 1
