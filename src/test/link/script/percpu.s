//# compare: ld
# x86's percpu area: addresses from 0, loaded behind the rest.
        .globl _start
_start: ret
        .data
        .quad __per_cpu_load, __per_cpu_start, __per_cpu_end
        .section .data..percpu, "aw"
        .globl cpu_number
cpu_number: .quad 1
        .section .data..percpu..first, "aw"
        .globl fixed
fixed:  .quad 2
        .section .init.data, "aw"
        .quad 3
//# script: inline
ENTRY(_start)
PHDRS { text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); percpu PT_LOAD FLAGS(6); init PT_LOAD FLAGS(7); }
SECTIONS
{
  . = 0xffffffff81000000;
  .text : AT(ADDR(.text) - 0xffffffff80000000) { *(.text) } :text
  . = ALIGN(0x1000);
  .data : AT(ADDR(.data) - 0xffffffff80000000) { *(.data) } :data
  . = ALIGN(0x1000);
  __per_cpu_load = .;
  .data..percpu 0 : AT(__per_cpu_load - 0xffffffff80000000) {
    __per_cpu_start = .; *(.data..percpu..first) . = ALIGN(64); *(.data..percpu) . = ALIGN(64); __per_cpu_end = .; } :percpu
  . = __per_cpu_load + SIZEOF(.data..percpu);
  . = ALIGN(0x1000);
  .init : AT(ADDR(.init) - 0xffffffff80000000) { *(.init.data) } :init
  init_per_cpu__number = ABSOLUTE(cpu_number) + __per_cpu_load;
  /DISCARD/ : { *(.note*) }
}
