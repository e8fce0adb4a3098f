//# options: --defsym answer=42 --defsym alias=_start+1 --defsym=both=answer
//# compare: ld
        .globl _start
_start: mov $answer, %eax
        mov $alias, %eax
        mov $both, %eax
