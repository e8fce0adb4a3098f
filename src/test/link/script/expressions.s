//# compare: ld
        .globl _start
_start: ret
        .data
        .quad 1
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .data 0x401000 : { *(.data) inside = ADDR(.text) + (. - ADDR(.data)); relative = . - inside; }
  a = ADDR(.data) - ADDR(.text);
  b = ADDR(.data);
  c = b - 1;
  d = -1;
  e = ~0 >> 4;
  f = 5 > 3 && 2;
  g = LOADADDR(.data) + SIZEOF(.data);
  h = ABSOLUTE(_start);
  i = ALIGN(0x100);
  j = ALIGN(b + 1, 0x40);
  k = MAX(b, c) == b ? 16K : 1M;
  ll = inside + d;
  n = !a;
  oo = b * 2;
  p = (_start << 4) | 1;
  q = _start - b;
  r = b + a;
  . = . + 0x10;
  s = .;
  t = . - b;
  /DISCARD/ : { *(.note*) }
}
