//# compare: ld.lld
//# ignore: section..got.present (lld keeps an empty table)
//# ignore: section..got.plt.present (lld keeps that empty as well)
//# ignore: symbol._GLOBAL_OFFSET_TABLE_.present (and its name)
//# differs: ld content..text (GNU ld makes mov $far of a load; lea needs no relocation when the image moves)
# Loads and calls through the GOT are rewritten to reach the symbol itself.
        .globl _start
_start: mov far@GOTPCREL(%rip), %rax
        mov far@GOTPCREL(%rip), %r15
        mov far@GOTPCREL(%rip), %eax
        mov far@GOTPCREL(%rip), %r9d
        call *far@GOTPCREL(%rip)
        jmp *far@GOTPCREL(%rip)
        test %rax, far@GOTPCREL(%rip)
        test %r9, far@GOTPCREL(%rip)
        add far@GOTPCREL(%rip), %rcx
        or far@GOTPCREL(%rip), %r8
        adc far@GOTPCREL(%rip), %rdx
        sbb far@GOTPCREL(%rip), %rbx
        and far@GOTPCREL(%rip), %rbp
        sub far@GOTPCREL(%rip), %r12
        xor far@GOTPCREL(%rip), %r13
        cmp far@GOTPCREL(%rip), %r14
//# object: b.o
        .globl far
far:    ret
