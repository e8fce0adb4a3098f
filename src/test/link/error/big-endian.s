//# run: cp a.o b.o; printf '\002' | dd of=b.o bs=1 seek=5 conv=notrunc status=none
//# args: -T SCRIPT a.o b.o
//# compare: ld ld.lld
//# expect-error: ELF data encoding 2 is not supported
        .globl _start
_start: ret
