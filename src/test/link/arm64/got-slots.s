//# machine: aarch64
//# script: got.lds
//# differs: ld content..got (gives slots in the order of a hash table)
//# expect-section: .got size=0x28
//# expect-symbol: _GLOBAL_OFFSET_TABLE_ section=.got value=0x401000
# A slot for each symbol in the table of an image that does not move.
        .globl _start, number
        .weak nowhere
_start: adrp x0, :got:shown
        ldr x0, [x0, :got_lo12:shown]
        adrp x1, :got:nowhere
        ldr x1, [x1, :got_lo12:nowhere]
        adrp x2, :got:number
        ldr x2, [x2, :got_lo12:number]
        adrp x3, :got:local
        ldr x3, [x3, :got_lo12:local]
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
