//# compare: ld
//# ignore: content..debug_info (GNU ld looks for the copy that was kept and refers to that)
//# ignore: content..debug_ranges (the same)
# A debug section that refers to a dropped copy reads 0 there.
        .globl _start
_start: ret
        .section .text.dup, "axG", @progbits, dup, comdat
        .weak dup
dup:    ret
        .section .debug_info, "", @progbits
        .quad .text.dup
//# object: b.o
        .section .text.dup, "axG", @progbits, dup, comdat
        .weak dup
dup:    ret
        .section .debug_info, "", @progbits
        .quad .text.dup
        .quad dup
        .section .debug_ranges, "", @progbits
        .quad .text.dup
