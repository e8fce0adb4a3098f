//# run: objcopy --compress-debug-sections=zstd a.o b.o
//# args: -T SCRIPT b.o
//# compare: ld
//# expect-section: .debug_str size=0x1004
        .globl _start
_start: ret
        .section .debug_str, "MS", @progbits, 1
        .asciz "one"
        .fill 4095, 1, 'x'
        .byte 0
        .section .debug_info, "", @progbits
        .rept 200
        .quad 0x1234
        .endr
