//# archive: libx.a b.o d.o
//# archive: liby.a c.o
//# args: -T SCRIPT a.o --start-group libx.a liby.a --end-group
//# compare: ld ld.lld
# b needs c of the other archive, which needs d of the first.
        .globl _start
_start: call from_b
//# object: b.o
        .globl from_b
from_b: jmp from_c
//# object: c.o
        .globl from_c
from_c: jmp from_d
//# object: d.o
        .globl from_d
from_d: ret
