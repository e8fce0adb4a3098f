//# run: mkdir dir.o
//# args: -T SCRIPT a.o src/test
//# expect-error: cannot read src/test
        .globl _start
_start: ret
