//# compare: ld.lld
//# ignore: section..got.present (lld measures from .got)
//# ignore: section..got.plt.present (klink from .got.plt)
//# ignore: symbol._GLOBAL_OFFSET_TABLE_.visibility (lld hides it)
//# ignore: content..text (which gives other distances)
        .globl _start
_start: movabs $far@GOTOFF, %rax
        .globl far
far:    ret
