//# compare: ld
//# differs: ld.lld symbol.shielded.bind (lld makes hidden symbols local, GNU ld only with a dynamic section)
//# expect-symbol: shielded visibility=hidden bind=global
# The most constraining visibility of all files.
        .globl _start
_start: call shielded
        call guarded
        .hidden shielded
//# object: b.o
        .globl shielded, guarded
        .protected guarded
shielded: ret
guarded: ret
