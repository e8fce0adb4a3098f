//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) }
  .data : { *(.data) }
  . = ALIGN(32);
  .tdata : { *(.tdata) }
  .tbss : { *(.tbss) }
  .after : { *(.after) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
//# compare: ld
# Every access model becomes local-exec; in debug information offsets count from the template's start.
        .globl _start
_start: mov x@gottpoff(%rip), %rax
        mov x@gottpoff(%rip), %r10
        add x@gottpoff(%rip), %rax
        add x@gottpoff(%rip), %r9
        add x@gottpoff(%rip), %r12
        add x@gottpoff(%rip), %rsp
        mov %fs:y@tpoff, %rax
        lea y@tpoff(%rax), %rax
        .byte 0x66
        leaq x@tlsgd(%rip), %rdi
        .value 0x6666
        rex64
        call __tls_get_addr@PLT
        leaq x@tlsld(%rip), %rdi
        call __tls_get_addr@PLT
        leaq x@dtpoff(%rax), %rcx
        leaq y@dtpoff(%rax), %rcx
        lea x@tlsdesc(%rip), %rax
        call *x@tlscall(%rax)
        ret
        .section .tdata, "awT"
        .quad 9
        .globl x
x:      .quad 1
        .section .tbss, "awT", @nobits
        .p2align 5
        .globl y
y:      .skip 12
        .section .after, "aw"
        .quad 5
        .section .debug_info, "", @progbits
        .quad y@dtpoff
        .long x@dtpoff
