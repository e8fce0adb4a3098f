package klink.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import klink.LinkOptions;
import klink.input.InputSpec;
import klink.mem.Endian;
import klink.place.Placer;
import klink.symtab.OutputSymbols;

/// The GNU ld command line, as kbuild and GCC write it: one or two dashes, values attached by `=`, by
/// nothing (`-Lpath`), or in the next word; options that depend on their place (`--whole-archive`,
/// `--start-group`) are remembered with each file.
final class LdArguments {
    private final LinkOptions opt = new LinkOptions();
    private final Deque<String> left = new ArrayDeque<>();
    private final List<InputSpec> files = new ArrayList<>();
    private final List<String> searchPaths = new ArrayList<>();
    private final List<String> undefined = new ArrayList<>();
    private final List<String> defsyms = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean whole;
    private int group;
    private int groups;
    private boolean version;
    private boolean help;

    private LdArguments() {}

    /// What a command line says.
    /// @param notes options that are accepted but change nothing and may surprise
    record Parsed(LinkOptions options, boolean version, boolean help, List<String> notes) {}

    static Parsed parse(List<String> args) {
        var p = new LdArguments();
        p.left.addAll(args);
        while (!p.left.isEmpty()) {
            p.next(p.left.poll());
        }
        if (p.group != 0) {
            throw new UsageError("--start-group without --end-group");
        }
        p.opt.inputs = InputScripts.expand(List.copyOf(p.files), p.searchPaths);
        p.opt.undefined = List.copyOf(p.undefined);
        p.opt.defsyms = List.copyOf(p.defsyms);
        if (p.opt.relocatable) {
            p.opt.emitRelocs = false;
            if (p.opt.gcSections) {
                throw new UsageError("--gc-sections with -r needs -e or -u, which klink does not support");
            }
        }
        return new Parsed(p.opt, p.version, p.help, List.copyOf(p.notes));
    }

    private void next(String arg) {
        if (arg.startsWith("@") && arg.length() > 1 && Files.isRegularFile(Path.of(arg.substring(1)))) {
            response(Path.of(arg.substring(1)));
        } else if (!arg.startsWith("-") || arg.equals("-")) {
            files.add(new InputSpec(arg, whole, group));
        } else if (!position(arg) && !attached(arg)) {
            longOption(arg);
        }
    }

    /// `@file`: its words, quoted as in a shell, stand in its place.
    private void response(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UsageError("cannot read " + file + ": " + e.getMessage());
        }
        List<String> words = ShellWords.split(text);
        for (int i = words.size() - 1; i >= 0; i--) {
            left.push(words.get(i));
        }
    }

    private boolean position(String arg) {
        switch (arg) {
            case "--whole-archive", "-whole-archive" -> whole = true;
            case "--no-whole-archive", "-no-whole-archive" -> whole = false;
            case "--start-group", "-start-group", "-(" -> {
                if (group != 0) {
                    throw new UsageError("--start-group inside --start-group");
                }
                group = ++groups;
            }
            case "--end-group", "-end-group", "-)" -> {
                if (group == 0) {
                    throw new UsageError("--end-group without --start-group");
                }
                group = 0;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /// One-letter options, whose value may follow without a space.
    private boolean attached(String arg) {
        if (arg.startsWith("--") || arg.length() < 2) {
            return false;
        }
        String rest = arg.substring(2);
        switch (arg.charAt(1)) {
            case 'o' -> {
                if (arg.startsWith("-omagic")) {
                    return false;
                }
                opt.output = Path.of(value("-o", rest));
            }
            case 'T' -> {
                if (arg.startsWith("-Ttext") || arg.startsWith("-Tdata") || arg.startsWith("-Tbss") || arg.startsWith("-Trodata") || arg.startsWith("-Tldata")) {
                    return false;
                }
                opt.script = Path.of(value("-T", rest));
            }
            case 'L' -> searchPaths.add(value("-L", rest));
            case 'l' -> library(value("-l", rest));
            case 'z' -> keyword(value("-z", rest));
            case 'm' -> {
                if (arg.equals("-mllvm")) { // ld.lld's, with which kbuild links what Clang's LTO made: code is compiled by now
                    needed("mllvm", null);
                } else {
                    emulation(value("-m", rest));
                }
            }
            case 'u' -> undefined.add(value("-u", rest));
            case 'e' -> {
                if (!rest.isEmpty() && !arg.equals("-entry") && (arg.startsWith("-emit") || arg.startsWith("-entry") || arg.startsWith("-error") || arg.startsWith("-eh"))) {
                    return false;
                }
                if (arg.equals("-entry")) {
                    return false;
                }
                opt.entry = value("-e", rest);
            }
            case 'O', 'A', 'y', 'G' -> {
                if (rest.isEmpty() && arg.charAt(1) != 'O') {
                    left.poll();
                }
            }
            default -> {
                return shortFlag(arg);
            }
        }
        return true;
    }

    private boolean shortFlag(String arg) {
        switch (arg) {
            case "-r", "-i" -> opt.relocatable = true;
            case "-s" -> opt.stripAll = true;
            case "-S" -> opt.stripDebug = true;
            case "-x" -> opt.discard = OutputSymbols.Discard.ALL;
            case "-X" -> opt.discard = OutputSymbols.Discard.LABELS;
            case "-q" -> opt.emitRelocs = true;
            case "-v", "-V" -> version = true;
            case "-t", "-n", "-N", "-d", "-g", "-p", "-Bstatic", "-static", "-dn", "-non_shared" -> { }
            case "-EL" -> opt.endian = Endian.LITTLE;
            case "-EB" -> opt.endian = Endian.BIG;
            case "-shared", "-Bshareable" -> opt.movable = true;
            case "-pie" -> opt.movable = opt.pie = true;
            case "-c", "-R", "-h", "-f", "-F", "-Y", "-b", "-a" -> left.poll();
            case "-M" -> opt.map = Path.of("-");
            default -> {
                return false;
            }
        }
        return true;
    }

    private void longOption(String arg) {
        String name = arg.startsWith("--") ? arg.substring(2) : arg.substring(1);
        String value = null;
        int eq = name.indexOf('=');
        if (eq > 0) {
            value = name.substring(eq + 1);
            name = name.substring(0, eq);
        }
        switch (name) {
            case "output" -> opt.output = Path.of(needed(name, value));
            case "script", "default-script", "dT" -> opt.script = Path.of(needed(name, value));
            case "Map" -> opt.map = Path.of(needed(name, value));
            case "print-map" -> opt.map = Path.of("-");
            case "entry" -> opt.entry = needed(name, value);
            case "undefined", "require-defined" -> undefined.add(needed(name, value));
            case "defsym" -> defsyms.add(needed(name, value));
            case "library" -> library(needed(name, value));
            case "library-path" -> searchPaths.add(needed(name, value));
            case "orphan-handling" -> opt.orphans = orphans(needed(name, value));
            case "build-id" -> buildId(value == null ? "sha1" : value);
            case "emit-relocs" -> opt.emitRelocs = true;
            case "relocatable", "relocateable" -> opt.relocatable = true;
            case "Ttext", "Tdata", "Tbss" -> opt.starts.put("." + name.substring(1), address(arg, needed(name, value)));
            case "Ttext-segment", "Trodata-segment", "Tldata-segment" -> opt.starts.put(name.substring(1), address(arg, needed(name, value)));
            case "section-start" -> sectionStart(arg, needed(name, value));
            case "unique" -> unique(value);
            case "discard-none" -> opt.discard = OutputSymbols.Discard.NONE;
            case "discard-locals" -> opt.discard = OutputSymbols.Discard.LABELS;
            case "discard-all" -> opt.discard = OutputSymbols.Discard.ALL;
            case "strip-all" -> opt.stripAll = true;
            case "strip-debug" -> opt.stripDebug = true;
            case "gc-sections" -> opt.gcSections = true;
            case "no-gc-sections" -> opt.gcSections = false;
            case "print-gc-sections" -> opt.printGcSections = true;
            case "fatal-warnings" -> opt.warningsAreErrors = true;
            case "no-fatal-warnings" -> opt.warningsAreErrors = false;
            case "allow-multiple-definition" -> opt.allowMultipleDefinition = true;
            case "version" -> version = true;
            case "help" -> help = true;
            case "threads", "thread-count" -> opt.threads = threads(value == null ? "0" : value);
            case "no-threads" -> opt.threads = 1;
            case "error-limit" -> opt.errorLimit = number(name, needed(name, value));
            case "time" -> opt.time = true;
            case "no-debug-relocs" -> opt.debugRelocs = false;
            case "shared", "Bshareable" -> opt.movable = true;
            case "pie", "pic-executable" -> opt.movable = opt.pie = true;
            case "fix-cortex-a53-843419" -> opt.fixErratum843419 = true;
            case "no-fix-cortex-a53-843419" -> opt.fixErratum843419 = false;
            case "apply-dynamic-relocs" -> opt.applyDynamic = true;
            case "no-apply-dynamic-relocs" -> opt.applyDynamic = false;
            case "pic-veneer" -> opt.picVeneers = true;
            case "no-toc-optimize" -> opt.editToc = false;
            case "fix-arm1176" -> opt.fixArm1176 = true;
            case "no-fix-arm1176" -> opt.fixArm1176 = false;
            case "fix-v4bx" -> opt.fixV4bx = true;
            case "no-merge-exidx-entries" -> opt.keepsUnwindEntries = true;
            case "merge-exidx-entries" -> opt.keepsUnwindEntries = false;
            case "fix-cortex-a8" -> opt.fixCortexA8 = true;
            case "no-fix-cortex-a8" -> opt.fixCortexA8 = false;
            case "vfp11-denorm-fix", "fix-stm32l4xx-629360" -> notes.add("option --" + name + " is ignored");
            case "be8" -> opt.be8 = true;
            case "pack-dyn-relocs" -> opt.packDynamic = packs(needed(name, value));
            case "use-android-relr-tags" -> opt.androidRelr = true;
            case "no-use-android-relr-tags" -> opt.androidRelr = false;
            default -> accepted(arg, name, value);
        }
    }

    /// Options that ask for what klink does anyway, or for what no static link can show.
    private void accepted(String arg, String name, String value) {
        switch (name) {
            case "no-undefined", "static", "nostdlib", "no-dynamic-linker", "no-warn-rwx-segments", "warn-rwx-segments", "no-warn-mismatch",
                    "warn-common", "sort-common", "no-relax", "relax", "check-sections", "no-check-sections", "as-needed", "no-as-needed",
                    "no-keep-memory", "no-whole-file", "no-warn-execstack", "warn-execstack",
                    "no-eh-frame-hdr", "eh-frame-hdr", "no-ld-generated-unwind-info", "stats", "verbose", "warn-section-align", "omagic", "nmagic",
                    "demangle", "no-demangle", "enable-new-dtags", "no-map-whole-files", "Bsymbolic", "no-gnu-unique", "force-group-allocation",
                    "no-toc-sort", "no-multi-toc", "no-error-execstack", "no-error-rwx-segments", "no-print-gc-sections", "cref", "no-export-dynamic", "Bstatic", "target1-abs" -> { }
            case "hash-style", "sort-section", "plugin", "plugin-opt", "compress-debug-sections", "color-diagnostics", "unresolved-symbols",
                    "wrap", "rpath", "rpath-link", "dynamic-linker", "soname", "version-script", "retain-symbols-file", "oformat", "format" -> {
                if (value == null && !name.equals("color-diagnostics")) {
                    value = left.poll();
                }
                if (name.equals("wrap") || name.equals("version-script") || name.equals("retain-symbols-file")) {
                    notes.add("option --" + name + " is ignored");
                }
            }
            default -> throw new UsageError("unrecognized option '" + arg + "'");
        }
    }

    private String value(String option, String attached) {
        return attached.isEmpty() ? needed(option.substring(1), null) : attached;
    }

    private String needed(String name, String value) {
        if (value != null) {
            return value;
        }
        String next = left.poll();
        if (next == null) {
            throw new UsageError("option '" + (name.length() == 1 ? "-" : "--") + name + "' needs a value");
        }
        return next;
    }

    private void library(String name) {
        for (String dir : searchPaths) {
            Path p = Path.of(dir, name.startsWith(":") ? name.substring(1) : "lib" + name + ".a");
            if (Files.exists(p)) {
                files.add(new InputSpec(p.toString(), whole, group));
                return;
            }
        }
        throw new UsageError("cannot find -l" + name + " in " + (searchPaths.isEmpty() ? "any -L directory (none given)" : String.join(", ", searchPaths)));
    }

    private static Placer.Orphans orphans(String v) {
        return switch (v) {
            case "place" -> Placer.Orphans.PLACE;
            case "warn" -> Placer.Orphans.WARN;
            case "error" -> Placer.Orphans.ERROR;
            case "discard" -> Placer.Orphans.DISCARD;
            default -> throw new UsageError("--orphan-handling=" + v + ": want place, discard, warn or error");
        };
    }

    private void emulation(String v) {
        if (v.equals("armelfb_linux_eabi") || v.equals("armelfb")) {
            opt.endian = Endian.BIG;
        } else if (!v.equals("elf_x86_64") && !v.equals("aarch64elf") && !v.equals("aarch64linux") && !v.equals("elf64lppc") && !v.equals("armelf_linux_eabi") && !v.equals("armelf")) {
            throw new UsageError("-m " + v + ": only elf_x86_64, aarch64elf, aarch64linux, armelf_linux_eabi, armelfb_linux_eabi and elf64lppc are supported so far");
        }
    }

    private void keyword(String v) {
        int eq = v.indexOf('=');
        String name = eq < 0 ? v : v.substring(0, eq);
        switch (name) {
            case "max-page-size" -> opt.maxPageSize = pageSize(v, eq);
            case "common-page-size" -> opt.commonPageSize = pageSize(v, eq);
            case "execstack" -> opt.execStack = true;
            case "noexecstack" -> opt.execStack = false;
            case "separate-code" -> opt.separateCode = true;
            case "noseparate-code" -> opt.separateCode = false;
            case "pack-relative-relocs" -> opt.packDynamic = true;
            case "nopack-relative-relocs" -> opt.packDynamic = false;
            case "muldefs" -> opt.allowMultipleDefinition = true;
            case "notext", "text", "defs", "undefs", "norelro", "relro", "now", "lazy", "nocombreloc", "combreloc", "nognustack", "start-stop-gc",
                    "nostart-stop-gc", "start-stop-visibility", "stack-size", "nodynamic-undefined-weak", "dynamic-undefined-weak", "ibt", "shstk",
                    "cet-report", "unique-symbol", "nounique-symbol", "noreloc-overflow", "keep-text-section-prefix" -> { }
            default -> notes.add("-z " + v + " is ignored");
        }
    }

    /// ld.lld's `android` forms are for its dynamic linker, not for a kernel.
    private static boolean packs(String form) {
        return switch (form) {
            case "relr" -> true;
            case "none" -> false;
            default -> throw new UsageError("--pack-dyn-relocs=" + form + ": only relr and none are supported");
        };
    }

    private void unique(String pattern) {
        if (pattern == null) {
            opt.unique = true;
        } else {
            var names = new ArrayList<>(opt.uniqueNames);
            names.add(new klink.script.Glob(pattern));
            opt.uniqueNames = names;
        }
    }

    /// `--section-start=NAME=ADDRESS`.
    private void sectionStart(String arg, String v) {
        int eq = v.lastIndexOf('=');
        if (eq <= 0) {
            throw new UsageError(arg + ": want SECTION=ADDRESS");
        }
        opt.starts.put(v.substring(0, eq), address(arg, v.substring(eq + 1)));
    }

    /// An address: hexadecimal, with or without 0x, as GNU ld has it.
    private static long address(String arg, String v) {
        try {
            return Long.parseUnsignedLong(v.startsWith("0x") || v.startsWith("0X") ? v.substring(2) : v, 16);
        } catch (NumberFormatException e) {
            throw new UsageError(arg + ": want a hexadecimal address");
        }
    }

    private static long pageSize(String v, int eq) {
        try {
            long n = Long.decode(v.substring(eq + 1));
            if (eq > 0 && n > 0 && Long.bitCount(n) == 1 && n <= 1L << 30) {
                return n;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageError("-z " + v + ": want a power of two");
    }

    private void buildId(String style) {
        switch (style) {
            case "none" -> opt.buildId = LinkOptions.BuildId.NONE;
            case "sha1", "tree", "fast" -> opt.buildId = LinkOptions.BuildId.SHA1;
            case "md5" -> opt.buildId = LinkOptions.BuildId.MD5;
            case "uuid" -> opt.buildId = LinkOptions.BuildId.UUID;
            default -> {
                if (!style.startsWith("0x") && !style.startsWith("0X")) {
                    throw new UsageError("--build-id=" + style + ": want sha1, md5, uuid, none or 0xHEX");
                }
                try {
                    opt.buildIdBytes = HexFormat.of().parseHex(style.substring(2).replace("-", "").replace(":", ""));
                } catch (IllegalArgumentException e) {
                    throw new UsageError("--build-id=" + style + ": " + e.getMessage());
                }
                opt.buildId = LinkOptions.BuildId.HEX;
            }
        }
    }

    private static int threads(String v) {
        int n = number("threads", v);
        return n <= 0 ? Math.max(1, Runtime.getRuntime().availableProcessors()) : n;
    }

    private static int number(String name, String v) {
        try {
            int n = Integer.parseInt(v);
            if (n >= 0 && n <= 4096) {
                return n;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageError("--" + name + "=" + v + ": want a number from 0 to 4096");
    }
}
