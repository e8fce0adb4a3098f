//# compare: ld
//# expect-symbol: secret bind=local
        .globl _start
_start: mov $secret, %eax
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) HIDDEN(secret = .); HIDDEN(unused = . + 1); }
  /DISCARD/ : { *(.note*) }
}
