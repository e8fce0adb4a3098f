//# compare: ld
//# expect-symbol: unused absent
//# expect-symbol: defined section=.data
//# expect-symbol: hidden bind=local
# PROVIDE defines what is referenced and defined nowhere else.
        .globl _start
_start: ret
        .data
        .globl defined
defined: .quad wanted, hidden, weakly
        .weak weakly
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .data : { *(.data) PROVIDE(wanted = .); }
  PROVIDE(unused = 1);
  PROVIDE(defined = 2);
  PROVIDE(weakly = 3);
  PROVIDE_HIDDEN(hidden = 4);
  /DISCARD/ : { *(.note*) }
}
