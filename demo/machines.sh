# What differs between the machines whose kernels are built and booted here. Data; used by demo/tree.sh, demo/variants.sh and
# demo/boot.
#
# use_machine NAME sets
#
#   cross            what the names of its compiler and binutils begin with; empty for the machine that this is
#   ARCH             as make wants it; with CROSS_COMPILE in the environment of every make
#   emulator         the command that emulates it, with two processors
#   console          its serial port
#   goal             make's name for the image that is made from vmlinux, and that boots on a machine like this
#   image            its file
#   usual            what boots at the address for which it was linked: vmlinux where that can be, else the image
#   moves            whether the image can boot at a random address
#   stack            the functions that lead to a system call that writes, the last one called first
#   unlisted         a pattern (awk): symbols of System.map that scripts/kallsyms leaves out
#   percpu_absolute  whether /proc/kallsyms shows percpu symbols as absolute (scripts/kallsyms --absolute-percpu, x86_64 to 6.14)
#   bare             how a program is compiled with demo/libc.c, where Debian has no C library for the machine
#   machine_packages what Debian calls the compiler and the emulator
use_machine() {
    machine=$1 unlisted='^$' percpu_absolute= bare=
    unset ARCH CROSS_COMPILE
    case $machine in
        x86_64)
            cross=
            # Two sockets: SeaBIOS's MP table, by which a kernel without ACPI finds the CPUs, has the first one of each.
            emulator='qemu-system-x86_64 -cpu max -smp 2,sockets=2' console=ttyS0
            goal=bzImage image=arch/x86/boot/bzImage usual=vmlinux moves=yes
            stack='ksys_write do_syscall_64 entry_SYSCALL_64_after_hwframe' percpu_absolute=yes
            machine_packages=qemu-system-x86 ;;
        arm64)
            export ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-
            cross=$CROSS_COMPILE
            # Started at EL2, as KVM wants it; this processor has no VHE, so KVM brings its own code there.
            emulator='qemu-system-aarch64 -M virt,virtualization=on -cpu cortex-a57 -smp 2' console=ttyAMA0
            goal=Image image=arch/arm64/boot/Image usual=$image moves=yes
            stack='ksys_write __arm64_sys_write do_el0_svc el0_svc el0t_64_sync_handler' unlisted='^__efistub_|^__kvm_nvhe_([$]|[.]L)|_veneer$'
            machine_packages='gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-system-arm' ;;
        arm|armeb)
            export ARCH=arm CROSS_COMPILE=arm-linux-gnueabihf-
            cross=$CROSS_COMPILE
            emulator='qemu-system-arm -M virt -cpu cortex-a15 -smp 2' console=ttyAMA0
            goal=zImage image=arch/arm/boot/zImage usual=$image moves=
            stack=ksys_write unlisted='_veneer$|_from_arm$|_from_thumb$'
            machine_packages='gcc-arm-linux-gnueabihf libc6-dev-armhf-cross qemu-system-arm'
            [ $machine = arm ] || bare='-mbig-endian -marm -nostdlib -fno-builtin -fno-tree-loop-distribute-patterns' ;;
        powerpc)
            export ARCH=powerpc CROSS_COMPILE=powerpc64le-linux-gnu-
            cross=$CROSS_COMPILE
            emulator='qemu-system-ppc64 -M pseries -cpu power9 -smp 2' console=hvc0
            goal=zImage image=arch/powerpc/boot/zImage usual=vmlinux moves=
            stack='ksys_write system_call_exception system_call_vectored_common' unlisted='[.](plt|long)_branch[.]'
            machine_packages='gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross qemu-system-ppc' ;;
        *)  echo "there is no machine '$machine' in demo/machines.sh" >&2; return 1 ;;
    esac
}

# The machine that an ELF file is for.
machine_of() {
    case $(readelf -h "$1" 2>/dev/null | sed -n 's/^ *Data: .*, \([a-z]*\) endian$/\1/p; s/^ *Machine: *//p' | tr '\n' ' ') in
        *X86-64' ')       echo x86_64 ;;
        *AArch64' ')      echo arm64 ;;
        'little ARM ')    echo arm ;;
        'big ARM ')       echo armeb ;;
        *PowerPC64' ')    echo powerpc ;;
        *)                echo unknown ;;
    esac
}
