package klink.check;

import java.util.ArrayList;
import java.util.List;
import klink.link.Workshop;

/// A CPU that the cases are written for: the assembler and the linker that make its objects.
enum Machine {
    X86_64(64, "", List.of("--64"), List.of("-m", "elf_x86_64", "-z", "noexecstack", "--no-warn-rwx-segments")),
    I386(32, "", List.of("--32"), List.of("-m", "elf_i386", "-z", "noexecstack")),
    AARCH64(64, "aarch64-linux-gnu-", List.of(), List.of()),
    ARM(32, "arm-linux-gnueabihf-", List.of(), List.of()),
    PPC64LE(64, "powerpc64le-linux-gnu-", List.of(), List.of()),
    RISCV64(64, "riscv64-linux-gnu-", List.of(), List.of()),
    MIPSEL(32, "mipsel-linux-gnu-", List.of("-mabi=32", "-mno-pdr"), List.of());

    /// Of the kernel's words.
    final int bits;
    private final String prefix;
    private final List<String> as;
    private final List<String> ld;

    Machine(int bits, String prefix, List<String> as, List<String> ld) {
        this.bits = bits;
        this.prefix = prefix;
        this.as = as;
        this.ld = ld;
    }

    /// The assembler's name: also the linker must be there, as both are of one package.
    String assembler() {
        return prefix + "as";
    }

    void assemble(Workshop shop, CheckCase.Source source) {
        shop.write(source.name() + ".s", source.text());
        var command = new ArrayList<>(List.of(assembler()));
        command.addAll(as);
        if (!source.options().isEmpty()) {
            command.addAll(List.of(source.options().split(" +")));
        }
        command.addAll(List.of("-o", source.name(), source.name() + ".s"));
        shop.run(command.toArray(new String[0]));
    }

    /// The merged `vmlinux.o`, as scripts/Makefile.vmlinux_o makes it.
    void merge(Workshop shop, List<String> objects) {
        var command = new ArrayList<>(List.of(prefix + "ld"));
        command.addAll(ld);
        command.addAll(List.of("-r", "-o", "vmlinux.o", "--whole-archive"));
        command.addAll(objects);
        shop.run(command.toArray(new String[0]));
    }
}
