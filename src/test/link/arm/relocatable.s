//# machine: arm
//# options: -r
//# expect-error: -r: addends that stand in the code (SHT_REL) cannot be rewritten so far
_start: bx lr
