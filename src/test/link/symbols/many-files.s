//# compare: ld
# STT_FILE symbols stand before the locals of their file; files without locals have none.
        .file "one.c"
        .globl _start
_start: ret
one:    nop
//# object: b.o
        .file "two.c"
        .globl two
two:    nop
//# object: c.o
        .file "three.c"
three:  nop
        .set absolute, 0x1234
