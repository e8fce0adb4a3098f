# The small kernels that ./klink demo and ./check work on: their packages, source, objects, and what the kernel's own
# link stage makes of them. Sourced, not run, with $repo set. Everything lives in $cache, outside the repository, and is made once.
#
#   $cache/linux-source-6.1   Debian's kernel source
#   $cache/small              the object tree: demo/kernel.config, compiled
#   $cache/small-kbuild       what kbuild's own link stage made of it: vmlinux, System.map, how long it took
#   $cache/6.12-ibt ...       the same of the kernels of demo/variants, which ./check builds
#
# What is there is used again as long as it was made of the same source, configuration and compiler.

cache=${KLINK_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/klink}
jobs=$(nproc)

. "$repo/demo/machines.sh"

# use_tree MACHINE NAME VERSION CONFIG...: the tree that all functions below work on, its kernel, and the files of its configuration.
use_tree() {
    use_machine "$1" || exit
    shift
    tree=$cache/$1 kbuild=$cache/$1-kbuild linux=linux-source-$2
    source=$cache/$linux
    shift 2
    configs=$*
}
use_tree x86_64 small 6.1 kernel.config

# Every link of the same objects is to give the same bytes, so the banner may not tell when it was.
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 2026' KBUILD_BUILD_VERSION=1

packages="maven linux-source-6.1 build-essential flex bison bc libelf-dev libssl-dev dwarves kmod cpio rsync
          $machine_packages xz-utils zstd python3"

die() { printf 'klink: error: %s\n' "$1" >&2; exit 1; }

# Milliseconds, without starting a process where the kernel tells them.
now() { read -r uptime _ < /proc/uptime; echo "${uptime%.*}${uptime#*.}0"; }
seconds() { printf '%d.%d s' $(($1 / 1000)) $(($1 % 1000 / 100)); }

# step TEXT COMMAND...: says what is done, does it, says how long it took; ends the script if it fails.
step() {
    step_text=$1; shift
    printf '\n==> %s\n' "$step_text"
    step_start=$(now)
    "$@" || die "$step_text: failed"
    step_ms=$(($(now) - step_start))
    printf '    %s\n' "$(seconds $step_ms)"
}

# Turns make's lines (stdin) into one moving line on a terminal, or into one line per hundred files elsewhere.
# What is not a plain "  CC  file" line (warnings, errors) goes through.
show_progress() {
    count=0 begin=$(now)
    while IFS= read -r line; do
        case $line in
            '  CC '*|'  AS '*|'  AR '*|'  HOSTCC '*|'  LD '*|'  GEN '*|'  UPD '*|'  WRAP '*|'  HOSTLD '*)
                count=$((count + 1))
                if [ -t 1 ]; then
                    printf '\r    %5d steps, %s: %-50.50s' $count "$(seconds $(($(now) - begin)))" "${line#  }"
                elif [ $((count % 100)) = 0 ]; then
                    printf '    %d steps, %s\n' $count "$(seconds $(($(now) - begin)))"
                fi ;;
            '  '[A-Z]*|make*': Entering directory'*|make*': Leaving directory'*|'') ;;
            *) printf '    %s\n' "$line" ;;
        esac
    done
    [ ! -t 1 ] || printf '\r%79s\r' ''
}

# make in the object tree; its output is shown as progress, and kept in make.log.
tree_make() { tree_run make "$@"; }
tree_run() {
    { "$@" -C "$tree" -j"$jobs" 2>&1 < /dev/null; echo $? > "$tree/make.status"; } |
        tee "$tree/make.log" | show_progress
    [ "$(cat "$tree/make.status")" = 0 ]
}

# Installs with apt what is missing of the packages named; without root, says the command and stops.
install_packages() {
    missing=
    for package; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
    done
    if [ -z "$missing" ]; then
        echo '    all there'
    elif [ "$(id -u)" != 0 ]; then
        die "packages are missing; as root:
    apt-get install$missing"
    else
        echo "    installing$missing"
        export DEBIAN_FRONTEND=noninteractive
        { apt-get -q update && apt-get -q -y --no-install-recommends install $missing; } > "$cache/apt.log" 2>&1 < /dev/null ||
            { tail -n 20 "$cache/apt.log"; return 1; }
    fi
}

source_version() { dpkg-query -W -f '${Version}\n' "$linux"; }

unpack_source() {
    rm -rf "$cache/unpacking" "$source"
    mkdir "$cache/unpacking"
    tar -C "$cache/unpacking" -xf "/usr/src/$linux.tar.xz" && mv "$cache/unpacking/$linux" "$source" &&
        rmdir "$cache/unpacking" && source_version > "$source/.klink-version"
}

# What the objects depend on.
tree_key() { source_version; ${cross}gcc --version | head -n 1; tree_config; }
# A later "# CONFIG_X is not set" takes back what an earlier file wants.
tree_config() {
    for config in $configs; do cat "$repo/demo/$config" || return; done |
        awk '{ line[NR] = $0 } /^# CONFIG_.* is not set$/ { off[$2] = NR }
            END { for (i = 1; i <= NR; i++) { name = line[i]; sub(/=.*/, "", name); if (off[name] <= i) print line[i] } }'
}

configure_tree() {
    rm -rf "$tree" "$kbuild"
    mkdir -p "$tree"
    tree_config > "$tree/wanted.config" && make -s -C "$source" O="$tree" KCONFIG_ALLCONFIG="$tree/wanted.config" allnoconfig < /dev/null || return
    # Kconfig silently drops what depends on something that is off; the demo would then show less than it says.
    grep -v -e '^#' -e '^$' "$tree/wanted.config" | while read -r line; do
        grep -qxF "$line" "$tree/.config" || { echo "    $line did not stay in .config"; exit 1; }
    done && tree_key > "$tree/.configured"
}

# vmlinux_o is the last target before the link; of what it makes, the link needs vmlinux.a, which names every object.
# modules_prepare adds what a module outside the tree needs.
compile_objects() { tree_make vmlinux_o modules_prepare && tree_key > "$tree/.compiled"; }

# kbuild's own link stage on the same objects. The clock runs from its first line, `LD vmlinux.o`, so that make's
# walk through all directories (seconds) does not count. What comes before scripts/link-vmlinux.sh, whose first line is
# a link of .tmp_vmlinux.btf, is kept apart: klink needs two objects of it, .vmlinux.export.o and
# init/version-timestamp.o, and a module outside the tree its symvers.
kbuild_link_stage() {
    rm -rf "$tree"/vmlinux "$tree"/vmlinux.o "$tree"/.tmp_vmlinux* "$tree"/System.map "$tree"/.vmlinux.export.* "$kbuild"
    mkdir -p "$kbuild"
    { make -C "$tree" -j"$jobs" vmlinux 2>&1 < /dev/null; echo $? > "$tree/make.status"; } |
        while IFS= read -r line; do
            case $line in
                *'  LD      vmlinux.o') now > "$kbuild/begin" ;;
                *'  LD      .tmp_vmlinux.btf') now > "$kbuild/begin-links" ;;
                '  AR '*|*' directory '*) continue ;;
            esac
            [ ! -e "$kbuild/begin" ] || printf '    %s\n' "$line"
        done
    end=$(now)
    [ "$(cat "$tree/make.status")" = 0 ] || return
    cp "$tree/vmlinux" "$tree/System.map" "$kbuild" && cp "$tree/vmlinux.symvers" "$tree/Module.symvers" || return
    echo $(($(cat "$kbuild/begin-links") - $(cat "$kbuild/begin"))) $((end - $(cat "$kbuild/begin-links"))) > "$kbuild/milliseconds"
}

# Brings the tree up to compiled objects, doing only what is not yet done.
prepare_tree() {
    mkdir -p "$cache" || die "cannot make $cache; set KLINK_CACHE to another place"
    step 'packages' install_packages $packages "$@"
    prepare_source
    key=$(tree_key)
    if [ "$key" != "$(cat "$tree/.compiled" 2>/dev/null)" ]; then
        [ "$key" = "$(cat "$tree/.configured" 2>/dev/null)" ] || step 'kernel configuration: demo/kernel.config' configure_tree
        step 'kernel objects: compiling (some four minutes on two cores)' compile_objects
    else
        printf '\n==> kernel objects: already there, in %s\n' "$tree"
    fi
}

prepare_source() {
    [ "$(source_version)" = "$(cat "$source/.klink-version" 2>/dev/null)" ] ||
        step "kernel source: unpacking Debian's $linux" unpack_source
}

prepare_kbuild() {
    [ -e "$kbuild/milliseconds" ] || step "kbuild's own link stage, for comparison" kbuild_link_stage
}
