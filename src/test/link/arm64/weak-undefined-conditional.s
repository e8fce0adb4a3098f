//# machine: aarch64
//# compare: ld.lld
//# ignore: symbol.nowhere.present (nor does GNU ld list it)
//# differs: ld content..text (branches to the branch itself)
# A conditional branch to a weak symbol that nothing defines goes on with the next instruction.
        .globl _start
        .weak nowhere
_start: b.ne nowhere
        cbz x0, nowhere
        tbz x0, #3, nowhere
        nop
