//# options: --orphan-handling=place
//# run: for i in $(seq 1 300); do echo " .quad $i, _start"; done > body.s && as -o b.o head.s body.s 2>/dev/null || (echo '.section .debug_info,"",@progbits' > head.s; as --compress-debug-sections=zlib-gabi -o b.o head.s body.s)
//# args: -T SCRIPT a.o b.o
//# compare: ld ld.lld
//# expect-section: .debug_info size=0x12c0
# SHF_COMPRESSED sections are unpacked, then relocated.
        .globl _start
_start: ret
