//# archive: lib.a b.o
//# run: head -c 70 lib.a > cut.a
//# args: -T SCRIPT a.o cut.a
//# compare: ld ld.lld
//# expect-error: cut.a: file offset
        .globl _start
_start: call f
//# object: b.o
        .globl f
f:      ret
