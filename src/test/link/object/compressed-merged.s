//# run: for f in b c; do (echo '.section .debug_str,"MS",@progbits,1'; for i in $(seq 1 200); do echo ".asciz \"name$i\""; done; echo ".asciz \"$f\""; echo '.section .debug_info,"",@progbits'; echo '.long .debug_str+6') > $f.s; as --compress-debug-sections=zlib-gabi -o $f.o $f.s; done
//# args: -T SCRIPT a.o b.o c.o
//# compare: ld
        .globl _start
_start: ret
