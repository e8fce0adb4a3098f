//# compare: ld
//# ignore: section..got.present (klink keeps the slot that it might have needed, before it knew the address)
//# ignore: section..got.plt.present (the same)
//# ignore: segment.* (the same)
//# ignore: symbol._GLOBAL_OFFSET_TABLE_.present (the same)
# Without REX.W GNU ld takes an immediate too where the address fits; lld goes through a table.
        .globl _start
_start: cmp far@GOTPCREL(%rip), %edx
        test %ecx, far@GOTPCREL(%rip)
//# object: b.o
        .globl far
far:    ret
