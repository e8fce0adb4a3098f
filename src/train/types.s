# Debug information of the training kernel, for pahole: one compilation unit (DWARF 4) with an int, a struct of two
# members and a function that takes a pointer to it. And the section that names types for BPF, which klink fills in.

        .section .debug_abbrev, "", @progbits
abbreviations:
        .macro  abbreviation code, tag, children
        .uleb128 \code, \tag
        .byte   \children
        .endm
        .macro  attributes first, rest:vararg
        .uleb128 \first, \rest
        .uleb128 0, 0
        .endm
        abbreviation 1, 0x11, 1                 # compile_unit: name, language, low_pc, high_pc
        attributes 0x03, 0x0e, 0x13, 0x0b, 0x11, 0x01, 0x12, 0x07
        abbreviation 2, 0x24, 0                 # base_type: name, byte_size, encoding
        attributes 0x03, 0x0e, 0x0b, 0x0b, 0x3e, 0x0b
        abbreviation 3, 0x13, 1                 # structure_type: name, byte_size
        attributes 0x03, 0x0e, 0x0b, 0x0b
        abbreviation 4, 0x0d, 0                 # member: name, type, data_member_location
        attributes 0x03, 0x0e, 0x49, 0x13, 0x38, 0x0b
        abbreviation 5, 0x0f, 0                 # pointer_type: byte_size, type
        attributes 0x0b, 0x0b, 0x49, 0x13
        abbreviation 6, 0x2e, 1                 # subprogram: external, name, prototyped, type, low_pc, high_pc
        attributes 0x3f, 0x19, 0x03, 0x0e, 0x27, 0x19, 0x49, 0x13, 0x11, 0x01, 0x12, 0x07
        abbreviation 7, 0x05, 0                 # formal_parameter: name, type
        attributes 0x03, 0x0e, 0x49, 0x13
        .byte   0

        .section .debug_str, "MS", @progbits, 1
name_file:      .asciz  "types.c"
name_int:       .asciz  "int"
name_struct:    .asciz  "trained"
name_member:    .asciz  "member"
name_other:     .asciz  "other_member"
name_function:  .asciz  "typed"
name_parameter: .asciz  "it"

        .section .debug_info, "", @progbits
unit:   .long   unit_end - . - 4
        .value  4
        .long   abbreviations
        .byte   8
        .uleb128 1
        .long   name_file
        .byte   12                              # C99
        .quad   typed, typed_end - typed
type_int:
        .uleb128 2
        .long   name_int
        .byte   4, 5                            # signed
type_struct:
        .uleb128 3
        .long   name_struct
        .byte   8
        .uleb128 4
        .long   name_member, type_int - unit
        .byte   0
        .uleb128 4
        .long   name_other, type_int - unit
        .byte   4
        .byte   0
type_pointer:
        .uleb128 5
        .byte   8
        .long   type_struct - unit
        .uleb128 6
        .long   name_function, type_int - unit
        .quad   typed, typed_end - typed
        .uleb128 7
        .long   name_parameter, type_pointer - unit
        .byte   0
        .byte   0
unit_end:

        .text
        .globl  typed
        .type   typed, @function
typed:  movl    (%rdi), %eax
        ret
typed_end:
        .size   typed, typed_end - typed

        .section .BTF_ids, "a"
        .globl  __BTF_ID__struct__trained__1
        .type   __BTF_ID__struct__trained__1, @object
__BTF_ID__struct__trained__1:
        .zero   4
        .size   __BTF_ID__struct__trained__1, 4
        .globl  __BTF_ID__func__typed__2
        .type   __BTF_ID__func__typed__2, @object
__BTF_ID__func__typed__2:
        .zero   4
        .size   __BTF_ID__func__typed__2, 4
