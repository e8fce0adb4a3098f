# The link stage of a 6.1 kernel as kbuild runs it, for `klink bench`: the commands of link-vmlinux.sh in their order,
# with their flags, without make. The version string is not compiled: klink gets that object ready-made too. With
# has_modpost, what goes before: vmlinux.o, modules.builtin, modpost, from Makefile.vmlinux_o and Makefile.modpost.
# Starts in the object tree; all that it writes goes to $out.
#
#   out        directory, empty
#   ld nm objcopy cc ar pahole modpost kallsyms sorttable resolve_btfids mksysmap    programs
#   ldflags    KBUILD_LDFLAGS        modpost_args   of Makefile.modpost
#   vmflags    LDFLAGS_vmlinux       kallsyms_args  of link-vmlinux.sh
#   script     KBUILD_LDS            pahole_flags   PAHOLE_FLAGS
#   libs       KBUILD_VMLINUX_LIBS   objects        what is linked whole besides vmlinux.a
#   bits       of a pointer: 32 or 64
#   has_modpost has_kallsyms has_btf has_btf_ids has_sort has_map
#   has_modversions from_vmlinux_o    yes, or empty
set -e

# Notes when a step ends: hundredths of a second since boot. Starts no process.
step() { read -r uptime _ < /proc/uptime; echo "$uptime $1" >> "$out/steps"; }

# link OUTPUT [FLAG | OBJECT]...
link() {
    to=$1; shift
    flags="$ldflags $vmflags --script=$script"
    case $to in *.kallsyms*) flags="$flags --strip-debug" ;; esac
    [ -z "$has_map" ] || flags="$flags -Map=$out/$to.map"
    if [ -n "$from_vmlinux_o" ]; then from=$vmlinux_o group=; else from=vmlinux.a group=$libs; fi
    $ld $flags -o "$out/$to" --whole-archive $from $objects --no-whole-archive --start-group $group --end-group "$@"
}

step begin
vmlinux_o=vmlinux.o
if [ -n "$has_modpost" ]; then
    vmlinux_o=$out/vmlinux.o
    $ld $ldflags -r -o "$vmlinux_o" --whole-archive vmlinux.a --no-whole-archive --start-group $libs --end-group
    step 'ld -r vmlinux.o'
    $objcopy -j .modinfo -O binary "$vmlinux_o" "$out/modules.builtin.modinfo"
    tr '\0' '\n' < "$out/modules.builtin.modinfo" | sed -n 's/^[[:alnum:]:_]*\.file=//p' | tr ' ' '\n' | uniq |
        sed -e 's:^:kernel/:' -e 's/$/.ko/' > "$out/modules.builtin"
    step 'modules.builtin'
    [ -z "$has_modversions" ] || $ar t vmlinux.a | sed "s:^:$PWD/:" > "$out/.vmlinux.objs"
    # modpost knows vmlinux.o by this name, and writes .vmlinux.export.c where it stands.
    (cd "$out" && $modpost $modpost_args -o vmlinux.symvers -T - vmlinux.o < /dev/null)
    step 'modpost'
fi

btf=
if [ -n "$has_btf" ]; then
    link .tmp_vmlinux.btf
    step 'link for BTF'
    LLVM_OBJCOPY=$objcopy $pahole -J $pahole_flags "$out/.tmp_vmlinux.btf"
    step 'pahole'
    btf=$out/.btf.vmlinux.bin.o
    $objcopy --only-section=.BTF --set-section-flags .BTF=alloc,readonly --strip-all "$out/.tmp_vmlinux.btf" "$btf" 2> /dev/null
    printf '\1\0' | dd of="$btf" conv=notrunc bs=1 seek=16 status=none        # e_type: ET_REL
    step 'BTF object'
fi

tables=
kallsyms_step() {
    image=.tmp_vmlinux.kallsyms$1
    link $image $tables $btf
    step "link for kallsyms $1"
    NM=$nm sh "$mksysmap" "$out/$image" "$out/$image.syms"
    $kallsyms $kallsyms_args "$out/$image.syms" > "$out/$image.S"
    tables=$out/$image.o
    $cc -DBITS_PER_LONG=$bits -c -o "$tables" "$out/$image.S"
    step "kallsyms $1"
}
if [ -n "$has_kallsyms" ]; then
    kallsyms_step 1
    kallsyms_step 2
    if [ "$(stat -c %s "$out/.tmp_vmlinux.kallsyms1.o")" != "$(stat -c %s "$out/.tmp_vmlinux.kallsyms2.o")" ]; then
        kallsyms_step 3
    fi
fi

link vmlinux $tables $btf
step 'link vmlinux'
if [ -n "$has_btf_ids" ]; then
    $resolve_btfids "$out/vmlinux"
    step 'resolve_btfids'
fi
NM=$nm sh "$mksysmap" "$out/vmlinux" "$out/System.map"
step 'System.map'
if [ -n "$has_sort" ]; then
    (cd "$out" && $sorttable vmlinux)              # it looks for System.map where it stands
    step 'sorttable'
fi
[ -z "$has_kallsyms" ] || cmp -s "$out/System.map" "$out/$image.syms" || { echo 'Inconsistent kallsyms data' >&2; exit 1; }
