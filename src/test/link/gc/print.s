//# compare: ld
//# options: --gc-sections --print-gc-sections -u wanted
//# expect-symbol: wanted section=.text
        .globl _start, wanted
_start: ret
        .section .text.dead, "ax"
        ret
        .section .text.wanted, "ax"
wanted: ret
