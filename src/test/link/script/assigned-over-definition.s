//# compare: ld
//# script: inline
ENTRY(_start)
taken = other;
number = 0x30;
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) inside = .; }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# A name that an object defines and the script assigns: the value is the script's, the size stays.
        .globl _start, taken, other, number, inside
        .weak taken
        .type taken, @function
        .type other, @function
_start: ret
taken:  ret
        nop
        .size taken, . - taken
other:  ret
        nop
        nop
        .size other, . - other
number: ret
        .size number, 1
inside: nop
        .size inside, 1
