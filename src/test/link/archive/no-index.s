//# archive: lib.a b.o c.o
//# run: ar rcSD noindex.a b.o c.o
//# args: -T SCRIPT a.o noindex.a
//# differs: ld link (GNU ld refuses an archive without index; kbuild's vmlinux.a has none)
//# compare: ld.lld
//# expect-symbol: used
//# expect-symbol: unused absent
        .globl _start
_start: call used
//# object: b.o
        .globl used
used:   ret
//# object: c.o
        .globl unused
unused: ret
