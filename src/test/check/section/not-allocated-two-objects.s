// One name in two objects is one section of the merged file.
//# expect: (.forgotten): unexpected non-allocatable section.
        .section .forgotten, "", @progbits
        .byte 1
//# object: b.o
        .section .forgotten, "", @progbits
        .byte 1
