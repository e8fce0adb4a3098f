// The list of 6.12 has one more.
//# expect-6.1: vmlinux.o (.llvm.call-graph-profile): unexpected non-allocatable section.
//# expect-6.12: none
        .section .llvm.call-graph-profile, "", @progbits
        .byte 1
