//# machine: powerpc64le
//# options: --no-multi-toc
//# compare: ld
//# expect-error: relocation out of range: R_PPC64_TOC16_DS against .toc
//# expect-error: at b.o:(.text+0x0)
//# expect-error: code of the small model reaches 64 KiB of a table of contents, and klink makes one table: compile with -mcmodel=medium
# Together the tables are larger than 64 KiB. GNU ld makes two of them if it may.
        .globl _start
_start: ld 3, 1f@toc(2)
        bl other
        nop
        .section .toc,"aw"
1:      .fill 5000, 8, 1
//# object: b.o
        .globl other
other:  ld 3, 1f@toc(2)
        blr
        .section .toc,"aw"
        .fill 5000, 8, 1
1:      .quad 2
