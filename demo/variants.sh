# klink make on kernels of demo/variants: each is compiled once, by kbuild alone, and then made again by klink make and held
# against that. Sourced by ./check, whose functions and variables this uses.

variants='6.1-modversions 6.1-nomodules 6.12-trimmed 6.12-ibt 6.1-arm64 6.1-arm 6.1-arm-be 6.1-thumb2 6.1-powerpc'
variant_machine() { case $1 in *-arm64) echo arm64 ;; *-arm|*-arm-be|*-thumb2) echo arm ;; *-powerpc) echo powerpc ;; *) echo x86_64 ;; esac; }
variant_packages="linux-source-6.12 gawk $(for variant in $variants; do use_machine "$(variant_machine "$variant")"; echo $machine_packages; done)"

# What a build leaves for others, and modules; a variant has some of them.
leavings='modules.builtin modules.builtin.modinfo modules.builtin.ranges Module.symvers vmlinux.symvers .vmlinux.export.c System.map
          lib/test_module.mod.c lib/test_module.ko arch/x86/boot/compressed/vmlinux.relocs'

use_variant() {
    use_machine "$(variant_machine "$1")"
    modules=variants/modules.config says=
    case $1 in *-nomodules) modules= ;; esac
    case $1 in *-arm64) says='Hyp mode initialized successfully' ;; esac      # by code that is linked to run at EL2
    case $1 in *-be) order=-EB ;; *) order= ;; esac       # of bytes, for ld
    case $1 in *-ibt) whole=yes ;; *) whole= ;; esac      # vmlinux.o
    use_tree $machine "$1" "${1%%-*}" variants/base.config "variants/$machine.config" $modules "variants/$1.config"
    goals="$goal${modules:+ modules}"
    given=$kbuild/made
}

# klink make, as tree_make; it makes the types of modules, too.
tree_klink() { tree_run "$klink" make KLINK_MODULE_BTF=klink "$@"; }

keep_what_kbuild_made() {
    rm -rf "$kbuild"
    mkdir -p "$given" && cd "$tree" || return
    for file in vmlinux $leavings; do
        [ ! -e "$file" ] || cp -p --parents "$file" "$given" || return
    done
    cd "$repo" && tree_key > "$kbuild/key"
}

# For CONFIG_UNUSED_KSYMS_WHITELIST.
list_kept_exports() { sed -n 's/^# kept: //p' "$tree/wanted.config" > "$tree/kept-exports"; }

compile_variant() { configure_tree && list_kept_exports && tree_make $goals && keep_what_kbuild_made; }

prepare_variant() {
    prepare_source
    [ "$(tree_key)" = "$(cat "$kbuild/key" 2>/dev/null)" ] || step "kernel $1: compiling it, and linking it by kbuild" compile_variant
}

klink_makes_it() {
    (cd "$tree" && rm -f vmlinux vmlinux.o "$image" $leavings) && tree_klink $goals && [ -e "$tree/$image" ] &&
        linked_times 1
}

# How often the last make linked vmlinux.
linked_times() { [ "$(grep -c '^  LD      vmlinux$' "$tree/make.log")" = "$1" ]; }

has_btf() { grep -qx CONFIG_DEBUG_INFO_BTF=y "$tree/.config"; }

# A module's own BTF has numbers of vmlinux's types, which klink numbers otherwise.
same_leaving() {
    if has_btf && [ "${1%.ko}" != "$1" ]; then
        ${cross}objcopy -R .BTF "$given/$1" "$work/given.ko" && ${cross}objcopy -R .BTF "$tree/$1" "$work/made.ko" && cmp "$work/given.ko" "$work/made.ko"
    else
        cmp "$given/$1" "$tree/$1"
    fi
}

leavings_are_the_same() {
    differ=0 found=0
    for file in $leavings; do
        [ -e "$given/$file" ] || continue
        [ -z "$whole" ] || [ $file != System.map ] || continue     # same-code looks at its addresses
        found=$((found + 1))
        same_leaving "$file" || differ=1
    done
    [ $differ = 0 ] && [ $found -gt 4 ]
}

# Where klink makes the whole vmlinux.o, objtool works on sections of code that are kept apart.
vmlinux_is_the_same() {
    if [ -n "$whole" ]; then
        demo/same-code "$given/vmlinux" "$tree/vmlinux" && [ "$(readelf -SW "$tree/vmlinux.o" | grep -c ' \.text  ')" -gt 100 ]
    else
        ignored=demo/compare-$machine.ignore
        [ -e "$ignored" ] || ignored=demo/compare.ignore
        if has_btf; then       # .vmlinux.export.o, which only kbuild links, has debug information
            ${cross}objcopy -g "$given/vmlinux" "$work/given.vmlinux" && ${cross}objcopy -g "$tree/vmlinux" "$work/made.vmlinux" &&
                "$klink" inspect --compare --ignore="$ignored" "$work/given.vmlinux" "$work/made.vmlinux"
        else
            "$klink" inspect --compare --ignore="$ignored" "$given/vmlinux" "$tree/vmlinux"
        fi
    fi
}

# kbuild looks into some directories in any case, and says so; recipes that make something have a line with a name of a file.
nothing_was_made() {
    grep '^  [A-Z]' "$tree/make.log" | grep -v -e '^  GEN     Makefile$' -e '^  DESCEND ' -e '^  CALL ' -e '^  INSTALL libsubcmd_headers$' -e '^  Kernel: .* is ready$' && return 1
    [ "$(cat "$tree/make.status")" = 0 ]
}
nothing_is_made_twice() { tree_klink $goals && nothing_was_made; }

one_change_links_once() {
    rm -f "$tree/lib/bust_spinlocks.o"
    tree_klink $goals && linked_times 1 && vmlinux_is_the_same
}

# Code of one object moves to where it is freed after boot: others still call it. klink finds what modpost finds in the merged
# object, says it once, and fails the link, as modpost would without CONFIG_SECTION_MISMATCH_WARN_ONLY.
mismatches_are_reported_once() {
    ${cross}objcopy --rename-section .text=.init.text "$tree/lib/bust_spinlocks.o" && ! tree_klink vmlinux &&
        grep -q 'ERROR: modpost: Section mismatches detected.' "$tree/make.log" || return
    case $1 in 6.1-*) flags= ;; *) flags=-M ;; esac
    (mkdir -p "$work/mismatch" && cd "$tree" && ${cross}ld $order -r -o "$work/mismatch/vmlinux.o" --whole-archive vmlinux.a && cd "$work/mismatch" &&
        "$tree/scripts/mod/modpost" $flags -o vmlinux.symvers vmlinux.o) > "$work/mismatch.out" 2>&1
    want=$(grep -c 'WARNING: modpost: vmlinux.*: section mismatch in reference' "$work/mismatch.out")
    is=$(grep -c 'WARNING: modpost: vmlinux.*: section mismatch in reference' "$tree/make.log")
    rm "$tree/lib/bust_spinlocks.o"
    echo "modpost finds $want, klink make $is"
    [ "$is" = "$want" ] && [ "$is" -gt 0 ]
}

# An error of the linker must fail make and leave the vmlinux that was there.
failing_link_leaves_vmlinux() {
    before=$(stat -c '%i %y' "$tree/vmlinux")
    ! tree_klink LDFLAGS_vmlinux=--no-such-option vmlinux && grep -q "unrecognized option '--no-such-option'" "$tree/make.log" &&
        [ "$(stat -c '%i %y' "$tree/vmlinux")" = "$before" ] && tree_klink $goals
}

plain_make_goes_on() {
    tree_make $goals && cmp "$given/vmlinux" "$tree/vmlinux" && leavings_are_the_same && tree_make $goals && nothing_was_made
}

# Modules outside the tree: a good one, one that needs what is not there, and with MODVERSIONS a copy of the first one with one
# bit of a checksum turned.
modules_by_klink_make() {
    rm -rf "$work/modules"
    cp -r demo/module "$work/modules" && tree_klink M="$work/modules" KLINK_MISSING=m KBUILD_MODPOST_WARN=1 modules || return
    [ -e "$work/modules/klink_hello.ko" ] && [ -e "$work/modules/klink_missing.ko" ] || return
    grep -qx CONFIG_MODVERSIONS=y "$tree/.config" || return 0
    (cd "$work/modules" && cp klink_hello.ko klink_wrong.ko && ${cross}objcopy --dump-section __versions=versions klink_hello.ko /dev/null &&
        byte=$(head -c 1 versions | od -An -tu1) && printf "\\$(printf %o $((byte ^ 1)))" | dd of=versions conv=notrunc status=none &&
        ${cross}objcopy --update-section __versions=versions klink_wrong.ko)
}

boot_variant() {
    set -- "$@" "$tree/vmlinux" "$tree/System.map"
    if [ -n "$modules" ]; then
        [ ! -e "$work/modules/klink_wrong.ko" ] || set -- --refused "$work/modules/klink_wrong.ko" 'disagrees about version of symbol' "$@"
        set -- --module "$tree/lib/test_module.ko" --module "$work/modules/klink_hello.ko" \
            --refused "$work/modules/klink_missing.ko" 'Unknown symbol klink_is_not_there' "$@"
    fi
    [ -z "$says" ] || set -- --says "$says" "$@"
    ! has_btf || set -- --bpf "$@"
    boot_counted "$@"
}

variant_checks() {
    printf '\n==> klink make: %s\n' "$1"
    check 'klink make builds it' klink_makes_it
    check 'exports, modules, lists and relocations are those of kbuild, byte by byte' leavings_are_the_same
    check 'vmlinux is the one that kbuild linked, but for what is explained' vmlinux_is_the_same
    ! has_btf || check '.BTF has the types that pahole makes' "$klink" inspect --compare-btf "$given/vmlinux" "$tree/vmlinux"
    check 'klink make with nothing to do does nothing' nothing_is_made_twice
    [ -z "$modules" ] || check 'modules outside the tree' modules_by_klink_make
    ! has_btf || check "modules' types are those that pahole makes" modules_btf_is_paholes "$tree/lib/test_module.ko" "$work/modules/klink_hello.ko"
    boot_variant --image "$tree/$usual"
    [ -z "$moves" ] || boot_variant --kaslr "$tree/$image"
    check 'section mismatches are reported once' mismatches_are_reported_once "$1"
    check 'a changed file is linked once' one_change_links_once
    check 'a link that fails leaves the old vmlinux' failing_link_leaves_vmlinux
    check 'plain make goes on where klink make stopped' plain_make_goes_on
}
