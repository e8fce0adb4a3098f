//# archive: lib.a b.o
//# compare: ld
//# ignore: symbol.shared.size (GNU ld keeps the size of the common symbol that was replaced)
//# ignore: symbol.shared.type (the same)
# A tentative definition is a definition: does a member that really defines it join?
        .globl _start
_start: ret
        .comm shared, 8, 8
//# object: b.o
        .data
        .globl shared
shared: .quad 7
