//# run: echo 'I am a text file, not an object, and quite long enough to hold a header of sixty-four bytes' > text.o
//# args: -T SCRIPT a.o text.o
//# compare: ld.lld
//# expect-error: not an ELF object or archive
//# expect-error: text.o: file offset 0x0
        .globl _start
_start: ret
