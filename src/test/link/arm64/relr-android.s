//# machine: aarch64
//# script: packed.lds
//# options: -shared -Bsymbolic -z notext --no-apply-dynamic-relocs --pack-dyn-relocs=relr --use-android-relr-tags
//# compare: ld.lld
//# expect-section: .relr.dyn size=0x28
//# expect-section: .rela.dyn size=0x30
//# sources: relr.s
# With the type that the section had before the gABI gave it one: 6.1 asks ld.lld for it.
