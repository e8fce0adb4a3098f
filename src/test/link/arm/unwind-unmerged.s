//# machine: arm
//# audit:
//# compare: ld
//# options: --no-merge-exidx-entries
//# sources: unwind.s
# Entries with the same instructions as the one before stay.
