//# machine: aarch64
//# script: packed.lds
//# options: -shared -Bsymbolic -z notext --pack-dyn-relocs=android
//# expect-failure:
        .globl _start
_start: ret
