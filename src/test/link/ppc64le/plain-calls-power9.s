//# machine: powerpc64le
//# compare: ld
//# audit:
//# sources: plain-calls.s --defsym power9=1
# Where no object has instructions of two words, one veneer serves both kinds of code.
