//# compare: ld ld.lld
# Gigabytes of NOBITS are no bytes at all.
        .globl _start
_start: ret
        .bss
        .skip 0x4000000000
