//# compare: ld
//# expect-symbol: yes value=0x1
//# expect-symbol: no value=0x0
# DEFINED looks at objects, and at what the script assigned before.
        .globl _start
_start: ret
        .weak wishful
        .data
        .quad wishful
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  yes = DEFINED(_start) ? 1 : 0;
  no = DEFINED(nowhere) ? 1 : 0;
  weak = DEFINED(wishful) ? 1 : 0;
  early = DEFINED(later) ? 1 : 0;
  later = 5;
  late = DEFINED(later) ? later : 0;
  _start_twice = DEFINED(_start_twice) ? 7 : _start;
  .data : { *(.data) }
  /DISCARD/ : { *(.note*) }
}
