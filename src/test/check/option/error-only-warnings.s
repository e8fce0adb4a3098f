// What is not a mismatch of sections does not count for -E.
//# options: -E
//# expect: "shared" [vmlinux] is COMMON symbol
//# expect: (.forgotten): unexpected non-allocatable section.
        .comm shared, 8, 8
        .section .forgotten, "", @progbits
        .byte 1
