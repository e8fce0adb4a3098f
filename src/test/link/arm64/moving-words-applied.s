//# machine: aarch64
//# script: moving.lds
//# options: -shared -Bsymbolic -z notext
//# compare: ld
//# ignore: section..text.entsize (klink says 0 for what holds .got: nothing reads it)
//# ignore: section..got.plt.entsize (klink says 0: nothing reads it)
//# ignore: symbol._GLOBAL_OFFSET_TABLE_.present (GNU ld's has a value without a section; nothing names it)
//# sources: moving-words.s
# As GNU ld has it without an option: the places hold the addresses too.
