package klink.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import klink.elf.Elf;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.mem.LE;
import klink.report.BadInput;
import klink.report.Report;

/// A kernel's objects many times over, each time with other names: real code of a size that no configuration here compiles to. Each
/// copy is an archive, linked whole. What the architecture's own objects and the kernel's script define is taken from a script made
/// here, since their code must lie in places that a copy cannot have twice.
final class Copies {
    /// Before each name that a copy defines: its number takes the digits.
    private static final String PREFIX = "k000_";
    /// Sections of code in the order of kbuild's script. The rest is placed by name.
    private static final String SCRIPT = """
            SECTIONS {
              . = 0x10000000;
              .text : { TEXT_BEGINS = .;
            %s    *(.text .text.*) *(.kprobes.text .sched.text .cpuidle.text .lock.text .spinlock.text .irqentry.text .softirqentry.text .noinstr.text) }
              .init.text : ALIGN(0x10000) { *(.init.text .init.text.*) }
              .exit.text : { *(.exit.text .exit.text.*) }
              .rodata : ALIGN(0x10000) { *(.rodata .rodata.*) }
              .data : ALIGN(0x10000) { *(.data .data.*) }
              .got : { *(.got .toc .got.plt) }
              .bss : { *(.bss .bss.* COMMON) }
              /DISCARD/ : { *(.comment .note* .eh_frame .modinfo .discard .discard.* .debug* .exitcall.exit .interp .hash .gnu.hash) }
            }
            """;

    private final Path directory;
    private final List<Template> templates = new ArrayList<>();
    private final Set<String> defined = new HashSet<>();
    private final Set<String> missing = new TreeSet<>();
    private final List<String> functions = new ArrayList<>();
    private long code;
    private int machine;

    /// An object whose symbols got room for a prefix.
    /// @param name   of the archive's member
    /// @param bytes  the file, and behind it the new string table
    /// @param digits where the number of a copy stands in it
    private record Template(String name, byte[] bytes, int[] digits) {}

    /// Reads the objects of a tree, less those of the architecture.
    Copies(Path tree, Path directory, Report report) throws IOException {
        this.directory = directory;
        var files = new ArrayList<ObjectFile>();
        for (String path : Inputs.memberPaths(tree.resolve("vmlinux.a").toString(), report)) {
            Path file = tree.relativize(Path.of(path));
            if (!file.startsWith("arch") && !file.startsWith("usr")) {
                files.add(new ObjectFile(path, java.lang.foreign.MemorySegment.ofArray(Files.readAllBytes(Path.of(path)))));
            }
        }
        report.stopOnErrors();
        if (files.isEmpty()) {
            throw new BadInput(tree.resolve("vmlinux.a").toString(), 0, "no objects outside of arch/");
        }
        machine = files.getFirst().machine();
        for (ObjectFile f : files) {
            for (int i = f.firstGlobal(); i < f.symbolCount(); i++) {
                if (f.symbolSection(i) != Elf.SHN_UNDEF) {
                    boolean fresh = defined.add(f.symbolName(i));
                    if (fresh && Elf.type(f.symbolInfo(i)) == Elf.STT_FUNC && f.sectionName(Math.max(0, f.symbolSection(i))).equals(".text")) {
                        functions.add(f.symbolName(i));
                    }
                }
            }
            for (int s = 1; s < f.sectionCount(); s++) {
                code += (f.flags(s) & Elf.SHF_EXECINSTR) != 0 ? f.size(s) : 0;
            }
        }
        for (ObjectFile f : files) {
            for (int i = f.firstGlobal(); i < f.symbolCount(); i++) {
                if (f.symbolSection(i) == Elf.SHN_UNDEF && !defined.contains(f.symbolName(i)) && !f.symbolName(i).equals(".TOC.")) {
                    missing.add(f.symbolName(i));
                }
            }
            templates.add(template(f));
        }
    }

    int machine() {
        return machine;
    }

    /// Bytes of code in one copy.
    long codeSize() {
        return code;
    }

    /// Appends a string table in which the names that any object defines have room for a prefix.
    private Template template(ObjectFile f) {
        int symtab = 0;
        for (int s = 1; s < f.sectionCount(); s++) {
            symtab = f.type(s) == Elf.SHT_SYMTAB ? s : symtab;
        }
        byte[] old = f.symbolNames();
        byte[] file = LE.all(f.segment());
        var names = new java.io.ByteArrayOutputStream(2 * old.length);
        names.write(old, 0, old.length);
        int start = file.length + 7 & -8;
        var digits = new klink.mem.IntList();
        for (int i = f.firstGlobal(); i < f.symbolCount(); i++) {
            if (defined.contains(f.symbolName(i))) {
                digits.add(start + names.size() + 1);
                LE.put32(file, Math.toIntExact(f.fileOffset(symtab) + (long) i * f.entsize(symtab)), names.size());
                names.writeBytes((PREFIX + f.symbolName(i)).getBytes(StandardCharsets.UTF_8));
                names.write(0);
            }
        }
        byte[] bytes = Arrays.copyOf(file, start + names.size());
        System.arraycopy(names.toByteArray(), 0, bytes, start, names.size());
        retarget(bytes, f, f.link(symtab), start, names.size());
        return new Template(Path.of(f.name()).getFileName().toString(), bytes, digits.toArray());
    }

    /// Writes a section header's sh_offset and sh_size anew (gABI, "Section Header").
    private static void retarget(byte[] bytes, ObjectFile f, int section, int offset, int size) {
        if (f.is64()) {
            int header = (int) LE.i64(bytes, 0x28) + section * 64;
            LE.put64(bytes, header + 24, offset);
            LE.put64(bytes, header + 32, size);
        } else {
            int header = LE.i32(bytes, 0x20) + section * 40;
            LE.put32(bytes, header + 16, offset);
            LE.put32(bytes, header + 20, size);
        }
    }

    /// Writes the archives of copies 0 to `count - 1`.
    List<Path> archives(int count) throws IOException {
        var paths = new ArrayList<Path>();
        for (int copy = 0; copy < count; copy++) {
            Path path = directory.resolve(String.format(Locale.ROOT, "k%03d.a", copy));
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20)) {
                out.write("!<arch>\n".getBytes(StandardCharsets.US_ASCII));
                for (Template t : templates) {
                    byte[] digits = String.format(Locale.ROOT, "%03d", copy).getBytes(StandardCharsets.US_ASCII);
                    for (int at : t.digits) {
                        System.arraycopy(digits, 0, t.bytes, at, 3);
                    }
                    String name = t.name.length() > 15 ? t.name.substring(t.name.length() - 15) : t.name;
                    out.write(String.format(Locale.ROOT, "%-16s%-12d%-6d%-6d%-8s%-10d`\n", name + "/", 0, 0, 0, "100644", t.bytes.length)
                            .getBytes(StandardCharsets.US_ASCII));
                    out.write(t.bytes);
                    if (t.bytes.length % 2 != 0) {
                        out.write('\n');
                    }
                }
            }
            paths.add(path);
        }
        return paths;
    }

    /// Assembly of calls out of one copy into others, half of them before it and half behind, all far away.
    /// @param copies there are so many
    String calls(int copy, int copies, int count, String call) {
        var text = new StringBuilder(".text\n.p2align 2\n.globl " + name(copy, "calls") + "\n" + name(copy, "calls") + ":\n");
        for (int i = 0; i < count; i++) {
            int to = (copy + copies / 3 + i % Math.max(1, copies / 3)) % copies;
            text.append(call).append(name(to, functions.get((int) ((long) i * 7919 % functions.size())))).append('\n');
        }
        return text.toString();
    }

    private static String name(int copy, String name) {
        return String.format(Locale.ROOT, "k%03d_", copy) + name;
    }

    /// The script of the link.
    Path script() throws IOException {
        var names = new StringBuilder();
        for (String m : missing) {
            names.append("    \"").append(m).append("\" = .;\n");
        }
        return Files.writeString(directory.resolve("scale.lds"), String.format(Locale.ROOT, SCRIPT, names));
    }
}
