//# options: -mllvm -import-instr-limit=5
//# expect-symbol: _start value=0x400000
# What kbuild tells ld.lld of code that Clang's LTO is to compile is no emulation called llvm.
        .globl _start
_start: ret
