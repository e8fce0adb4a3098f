//# machine: arm
//# compare: ld
# What an image needs is what its objects need together.
        .syntax unified
        .arch armv7-a
        .fpu vfpv3-d16
        .eabi_attribute Tag_ABI_align_needed, 1
        .eabi_attribute Tag_ABI_PCS_wchar_t, 4
        .globl _start
_start: nop
//# object: b.o
        .syntax unified
        .arch armv6k
        .fpu neon
        .eabi_attribute Tag_ABI_enum_size, 2
        .eabi_attribute Tag_ABI_FP_denormal, 1
        .eabi_attribute Tag_ABI_align_preserved, 1
        nop
//# object: c.o
        .syntax unified
        .arch armv7-a
        .arch_extension idiv
        .arch_extension mp
        .arch_extension virt
        .eabi_attribute Tag_ABI_align_needed, 1
        .eabi_attribute Tag_CPU_unaligned_access, 1
        nop
