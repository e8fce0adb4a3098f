// A section with bytes that the kernel does not load, outside the list: most often "ax" was forgotten.
//# expect: (.forgotten): unexpected non-allocatable section.
//# expect: (.discard): unexpected non-allocatable section.
//# expect: (.GCC.command.lines): unexpected non-allocatable section.
//# expect: (.pdrx): unexpected non-allocatable section.
//# expect: (comment): unexpected non-allocatable section.
        .macro s name
        .section \name, "", @progbits
        .byte 1
        .endm
        s .forgotten
        s .discard
        s .GCC.command.lines
        s .pdrx
        s comment
