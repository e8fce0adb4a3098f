//# compare: ld ld.lld
//# expect-error: multiple definition of twice
//# expect-error: defined at a.o:(.text+0x1)
//# expect-error: defined again at b.o:(.data+0x4)
//# expect-error: multiple definition of again
        .globl _start, twice, again
_start: ret
twice:  ret
again:  ret
//# object: b.o
        .globl twice, again
        .data
        .long 0
twice:  .long 0
        .text
again:  ret
