//# machine: aarch64
//# script: moving.lds
//# options: -shared -Bsymbolic -z notext
//# compare: ld
//# ignore: section..text.entsize (klink says 0 for what holds .got: nothing reads it)
//# ignore: section..got.plt.entsize (klink says 0: nothing reads it)
//# ignore: symbol._GLOBAL_OFFSET_TABLE_.present (GNU ld's has a value without a section; nothing names it)
//# expect-symbol: hidden bind=local
//# expect-symbol: internal bind=local
//# expect-symbol: protected bind=global
//# expect-symbol: by_reference bind=local
# In an image that can be loaded anywhere, what is hidden is local.
        .globl _start, hidden, internal, protected, by_reference
        .hidden hidden
        .internal internal
        .protected protected
_start: ret
hidden: ret
internal: ret
protected: ret
by_reference: ret
//# object: b.o
        .hidden by_reference
        bl by_reference
