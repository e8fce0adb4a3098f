//# args: -T nowhere.lds a.o
//# compare: ld ld.lld
//# expect-error: cannot find linker script nowhere.lds
        .globl _start
_start: ret
