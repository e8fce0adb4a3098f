//# compare: ld
# A NOBITS input section before PROGBITS ones becomes zeros in the file; a NOBITS output section between loaded
# ones needs a segment of its own end.
        .globl _start
_start: ret
        .section .mix, "aw", @nobits
        .skip 24
        .section .mix2, "aw"
        .quad 0x1122334455667788
        .bss
        .skip 4096
        .section .late, "aw"
        .quad 5
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  . = ALIGN(0x1000);
  .mixed : { *(.mix) *(.mix2) }
  .bss : { *(.bss) }
  .late : { *(.late) }
  /DISCARD/ : { *(.note*) }
}
