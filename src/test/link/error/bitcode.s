//# run: (printf 'BC\300\336'; head -c 100 /dev/zero) > lto.o
//# args: -T SCRIPT a.o lto.o
//# compare: ld ld.lld
//# expect-error: is LLVM bitcode
//# expect-error: lto.o
        .globl _start
_start: ret
