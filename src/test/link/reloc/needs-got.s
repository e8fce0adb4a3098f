//# compare: ld
//# ignore: section..got.plt.entsize (klink says 0: nothing reads it)
//# ignore: symbol._GLOBAL_OFFSET_TABLE_.type (klink says NOTYPE)
        .globl _start
_start: push far@GOTPCREL(%rip)
        .globl far
far:    ret
