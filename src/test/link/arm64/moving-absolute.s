//# machine: aarch64
//# script: moving.lds
//# options: -shared -Bsymbolic -z notext --no-apply-dynamic-relocs
//# differs: ld relative.place (lets absolute symbols move with the image)
//# expect-bytes: .data+0x0 2143000000000000341200000000000025430000
# Numbers do not move, whether an object or the script defines them. The table has room for two entries, as ld's, but none is used.
        .globl _start, number
_start: ret
        .data
        .quad number, script_number
        .word number + 4
        .set number, 0x4321
