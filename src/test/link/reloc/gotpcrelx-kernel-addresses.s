//# compare: ld.lld
//# ignore: section..got.present (lld keeps an empty table)
//# ignore: section..got.plt.present (lld keeps that empty as well)
//# ignore: symbol._GLOBAL_OFFSET_TABLE_.present (and its name)
//# differs: ld content..text (GNU ld makes mov $far of a load; lea needs no relocation when the image moves)
# The same in the top 2 GiB, where a sign-extended immediate is right with REX.W and wrong without.
        .globl _start
_start: mov far@GOTPCREL(%rip), %rax
        call *far@GOTPCREL(%rip)
        jmp *far@GOTPCREL(%rip)
        test %rax, far@GOTPCREL(%rip)
        cmp far@GOTPCREL(%rip), %r14
//# object: b.o
        .globl far
far:    ret
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0xffffffff81000000 : { *(.text) }
  /DISCARD/ : { *(.note*) }
}
