//# expect-error: unknown relocation type
//# run: printf '\377' | dd of=a.o bs=1 seek=$((0x$(readelf -SW a.o | sed -n 's/.*\.rela\.data *RELA *[0-9a-f]* *\([0-9a-f]*\).*/\1/p') + 8)) conv=notrunc status=none
        .globl _start
_start: ret
        .data
        .quad _start
