//# run: : > empty.o
//# args: -T SCRIPT a.o empty.o
//# expect-error: not an ELF object: file is 0 bytes
        .globl _start
_start: ret
