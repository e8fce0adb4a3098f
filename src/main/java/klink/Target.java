package klink;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import klink.arch.Arm;
import klink.arch.Arm64;
import klink.arch.BigArm;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.input.ArmAttributes;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.layout.Toc;
import klink.mem.Endian;
import klink.mem.LE;
import klink.merge.MergedSections;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.SectionBounds;
import klink.resolve.Symbols;
import klink.script.Command;
import klink.script.Script;
import klink.script.SectionsItem;
import klink.script.Source;
import klink.veneer.Erratum;

/// What the inputs and the script say about the image as a whole: its machine, its entry point, the
/// symbols of `--defsym`.
final class Target {
    private Target() {}

    /// The e_machine that all objects share; mixed or unknown ones are reported.
    static int machine(Inputs inputs, LinkOptions opt, Report report) {
        ObjectFile first = null;
        for (Inputs.Item item : inputs.items()) {
            if (item instanceof Inputs.Definite(ObjectFile file)) {
                if (file.endian().isBig() && (LE.i32(file.segment(), 36) & klink.elf.Arm.EF_ARM_BE8) != 0) {
                    report.error(file.name() + " is in final BE8 form: the code that --be8 made little-endian cannot be linked again");
                    return file.machine();
                }
                if (opt.endian != null && file.endian() != opt.endian) {
                    report.error(file.name() + " is " + name(file.endian()) + ", and the link is to be " + name(opt.endian));
                    return file.machine();
                }
                if (first == null) {
                    first = file;
                    if (Machine.of(file.machine()) == null) {
                        report.error("machine " + file.machine() + " of " + file.name() + " is not supported: want x86-64 (62), AArch64 (183), ARM (40) or 64-bit PowerPC (21)");
                        return file.machine();
                    }
                    if (file.is64() != Machine.of(file.machine()).elfClass().is64()) {
                        report.error(file.name() + " is an object of ELF class " + (file.is64() ? 2 : 1) + ", which is not that of machine " + file.machine());
                        return file.machine();
                    }
                } else if (file.machine() != first.machine()) {
                    report.error("machine " + file.machine() + " of " + file.name() + " differs from that of " + first.name() + " (" + first.machine() + ")");
                    return first.machine();
                } else if (file.endian() != first.endian()) {
                    report.error(file.name() + " is " + name(file.endian()) + ", but " + first.name() + " is " + name(first.endian()));
                    return first.machine();
                } else if (file.is64() != first.is64()) {
                    report.error("ELF class of " + file.name() + " differs from that of " + first.name());
                    return first.machine();
                }
            }
        }
        if (first == null) {
            report.error("no input files");
        } else if (opt.be8 && !first.endian().isBig()) {
            report.error("--be8: only an image of big-endian objects has its code in another order");
        }
        return first == null ? Elf.EM_X86_64 : first.machine();
    }

    /// Refuses members of archives for another machine or in another order of bytes: which ones are linked is known once symbols are resolved.
    static void checkMembers(Symbols symbols, Machine cpu, Report report) {
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            if (file.isSynthetic() || file.machine() == cpu.number() && file.is64() != cpu.elfClass().is64()) {
                continue; // klink's own
            }
            if (file.machine() != cpu.number()) {
                report.error("machine " + file.machine() + " of " + file.name() + " differs from that of the link (" + cpu.number() + ")");
            } else if (file.endian() != cpu.endian()) {
                report.error(file.name() + " is " + name(file.endian()) + ", and the link is " + name(cpu.endian()));
            }
        }
    }

    private static String name(Endian endian) {
        return endian.isBig() ? "big-endian" : "little-endian";
    }

    /// The processor that the objects are for: of arm's many, what they say together.
    static Machine processor(int machine, Inputs inputs, LinkOptions opt) {
        if (machine != Elf.EM_ARM) {
            return Machine.of(machine);
        }
        var all = new ArmAttributes();
        boolean big = false;
        for (Inputs.Item item : inputs.items()) {
            if (item instanceof Inputs.Definite(ObjectFile file)) {
                all.add(file);
                big |= file.endian().isBig();
            }
        }
        boolean blx = opt.fixArm1176 ? all.mayUseBlx() : all.version() > 4;
        var features = new Arm.Features(all.version(), all.hasThumb2(), all.hasNop(), blx, all.isThumbOnly(), all.isHardFloat(), all.maySuitCortexA8());
        return big ? new BigArm(features, opt.picVeneers, opt.fixV4bx, opt.be8) : new Arm(features, opt.picVeneers, opt.fixV4bx);
    }

    /// The erratum to work around. GNU ld asks the objects of arm where the command line says nothing.
    static Erratum erratum(Machine cpu, LinkOptions opt) {
        if (opt.relocatable) {
            return Erratum.NONE;
        }
        if (cpu instanceof Arm arm && (opt.fixCortexA8 == null ? arm.maySuitCortexA8() : opt.fixCortexA8)) {
            return Erratum.CORTEX_A8_657417;
        }
        return cpu instanceof Arm64 && opt.fixErratum843419 ? Erratum.CORTEX_A53_843419 : Erratum.NONE;
    }

    /// `--defsym a=b` as the script commands they stand for.
    static List<Command.Assign> defsyms(List<String> texts) {
        var list = new ArrayList<Command.Assign>();
        for (String t : texts) {
            int eq = t.indexOf('='); // in a script `a=b` is one name
            String spaced = eq < 0 ? t : t.substring(0, eq) + " = " + t.substring(eq + 1);
            Script s = Script.parse(new Source("--defsym", (spaced + ";").getBytes(StandardCharsets.UTF_8)));
            for (Command c : s.commands()) {
                if (c instanceof Command.Assign a) {
                    list.add(a);
                }
            }
        }
        return list;
    }

    /// How many sections GNU ld makes for a moving image; the names of [klink.veneer.Patches] count them.
    static int dynamicSections(LinkOptions opt) {
        return !opt.movable ? 0 : opt.pie ? 17 : 15;
    }

    /// `--defsym`, and names for the base of the table of contents and for `.dynamic` where the machine has a use for them.
    static List<Command.Assign> presets(LinkOptions opt, int machine) {
        List<Command.Assign> all = new ArrayList<>(defsyms(opt.defsyms));
        if (Machine.of(machine).hasContents() && !opt.relocatable) {
            String text = "HIDDEN(" + Toc.NAME + " = " + Toc.BIAS + ");" + (opt.movable ? "HIDDEN(_DYNAMIC = 0);" : "");
            for (Command c : Script.parse(new Source("names of the linker", text.getBytes(StandardCharsets.UTF_8))).commands()) {
                all.add((Command.Assign) c); // the layout knows where they stand
            }
        }
        return all;
    }

    /// What the linker itself assigns before the script does: `--defsym`, and the bounds of sections that
    /// somebody names; see [SectionBounds].
    static List<Command.Assign> sectionBounds(Symbols symbols, Placement place, List<Command.Assign> defsyms, Report report) {
        BitSet bounds = symbols.sectionBounds();
        if (bounds.isEmpty()) {
            return defsyms;
        }
        var texts = new ArrayList<String>();
        for (int g = bounds.nextSetBit(0); g >= 0; g = bounds.nextSetBit(g + 1)) {
            String name = symbols.names().name(g);
            String section = SectionBounds.section(name);
            OutputSection out = place.find(section);
            boolean present = out != null && out.hasInputs();
            texts.add(!present ? name + " = 0" : name + " = ADDR(" + section + ")" + (name.startsWith("__start_") ? "" : " + SIZEOF(" + section + ")"));
        }
        List<Command.Assign> all = defsyms(texts);
        all.addAll(defsyms);
        return all;
    }

    /// Names that `--gc-sections` starts from: the entry symbol and what runs without being called.
    static List<String> entryNames(Script script, String option) {
        String name = entryName(script, option);
        return List.of(name == null ? "_start" : name, "_init", "_fini");
    }

    /// The name that `-e` or ENTRY gives, or null.
    private static String entryName(Script script, String option) {
        String name = option;
        for (Command c : script.commands()) {
            if (name == null && c instanceof Command.Entry e) {
                name = e.symbol();
            } else if (name == null && c instanceof Command.Sections s) {
                for (SectionsItem i : s.items()) {
                    name = name == null && i instanceof Command.Entry e ? e.symbol() : name;
                }
            }
        }
        return name;
    }

    private static long startOfText(Placement place, Addresses at) {
        OutputSection text = place.find(".text");
        return text == null || !at.isKept(text.id()) ? 0 : at.address(text.id());
    }

    /// e_entry: `-e` or ENTRY as a symbol or a number, else `_start`, else the start of `.text`.
    static long entry(Script script, String option, Symbols symbols, Placement place, MergedSections merged, Addresses at, Report report) {
        String name = entryName(script, option);
        int g = symbols.find(name == null ? "_start" : name);
        if (g >= 0 && symbols.kind(g) > Symbols.UNDEFINED && symbols.kind(g) != Symbols.ABSENT) {
            return at.globalAddress(g, merged) | (at.globalMode(g) == klink.elf.Arm.THUMB ? 1 : 0);
        }
        if (name != null) {
            try {
                return Long.decode(name);
            } catch (NumberFormatException e) {
                report.warning("cannot find entry symbol " + name + "; defaulting to " + HexFormat.of().toHexDigits(startOfText(place, at)));
            }
        }
        return startOfText(place, at);
    }

    /// Whether the stack is executable, as PT_GNU_STACK says; null if the image has no such header. As in
    /// GNU ld (bfd/elflink.c, bfd_elf_size_dynamic_sections): the option decides; without it the
    /// `.note.GNU-stack` sections do, and an object that has none asks for an executable one if another has.
    static Boolean execStack(Boolean option, Script script, Symbols symbols) {
        if (option != null || hasPhdrs(script)) {
            return option;
        }
        boolean noted = false;
        boolean executable = false;
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            int note = file.isSynthetic() ? 0 : stackNote(file);
            noted |= note > 0;
            executable |= note < 0 || note > 0 && (file.flags(note) & Elf.SHF_EXECINSTR) != 0;
        }
        return noted ? Boolean.valueOf(executable) : null;
    }

    private static boolean hasPhdrs(Script script) {
        for (Command c : script.commands()) {
            if (c instanceof Command.Phdrs) {
                return true;
            }
        }
        return false;
    }

    /// The index of `.note.GNU-stack`; -1 if there is none.
    private static int stackNote(ObjectFile file) {
        for (int s = 1; s < file.sectionCount(); s++) {
            if (file.sectionName(s).equals(".note.GNU-stack")) {
                return s;
            }
        }
        return -1;
    }
}
