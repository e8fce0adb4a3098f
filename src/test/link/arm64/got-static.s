//# machine: aarch64
//# script: got.lds
//# compare: ld
//# ignore: section..got.entsize (klink says 0: nothing reads it)
//# ignore: section..got.plt.entsize (klink says 0: nothing reads it)
//# ignore: symbol._GLOBAL_OFFSET_TABLE_.type (klink says NOTYPE)
# The table of an image that does not move.
        .globl _start
_start: adrp x0, :got:shown
        ldr x0, [x0, :got_lo12:shown]
        ldr x4, :got:shown
        adrp x5, _GLOBAL_OFFSET_TABLE_
        ldr x5, [x5, :gotpage_lo15:shown]
        ret
        .data
local:  .quad 1
//# object: b.o
        .globl shown, number
        .set number, 0x123456789
        .data
shown:  .quad 2
