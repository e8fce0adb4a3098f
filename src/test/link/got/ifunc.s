//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) }
  . = 0x401000;
  .plt : { *(.plt) *(.iplt) }
  . = 0x402000;
  .rela : { begin = .; *(.rela.iplt) end = .; }
  .data : { *(.data) }
  . = 0x403000;
  .got.plt : { *(.got.plt) *(.igot.plt) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
//# expect-section: .plt size=0x20
//# expect-section: .got.plt size=0x28
//# expect-section: .rela size=0x30
//# expect-symbol: chosen value=0x400000
//# expect-bytes: .rela+0x0 18 30 40 00 00 00 00 00 25 00 00 00 00 00 00 00 06 00 40 00 00 00 00 00
//# expect-bytes: .rela+0x18 20 30 40 00 00 00 00 00 25 00 00 00 00 00 00 00 00 00 40 00 00 00 00 00
//# expect-bytes: .data+0x0 10 10 40 00 00 00 00 00 00 10 40 00 00 00 00 00
//# expect-bytes: .plt+0x0 ff 25 12 20 00 00
//# expect-bytes: .text+0xc e8 ff 0f 00 00
# Two IFUNCs: each has a stub, which is its address for everybody, a word to jump through, and an IRELATIVE
# relocation with its resolver. (GNU ld gives a stub to those that are called only; StaticProgramTest runs some.)
        .globl _start, chosen
        .type chosen, @gnu_indirect_function
        .type other, @gnu_indirect_function
chosen: lea target(%rip), %eax
        .skip 6 - (. - chosen), 0x90
other:  ret
target: ret
_start: .skip 0xc - (. - chosen), 0x90
        call chosen
        mov chosen@GOTPCREL(%rip), %rax
        .data
        .quad chosen, other
