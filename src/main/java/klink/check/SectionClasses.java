package klink.check;

import java.util.Arrays;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.kernel.NamePattern;
import klink.kernel.SectionRule;
import klink.kernel.SectionRules;
import klink.mem.IntList;
import klink.par.Par;
import klink.resolve.NameTable;
import klink.resolve.Symbols;

/// What the rules say of each input section by its name, as bits: bit `r` of [#from] is set if rule `r` holds for
/// references that start in the section, bit `r` of [#to] if a reference to the section breaks it. A reference is
/// then one AND: of a defconfig's million all but some hundred end there.
final class SectionClasses {
    /// In [#to]: references from the section are not looked at, and it need not be loaded.
    static final int UNCHECKED = 1 << 31;

    /// Both by section id.
    final int[] from;
    final int[] to;
    /// By file: sections of code or data that are not loaded and should perhaps be, or null.
    final IntList[] unloaded;

    private SectionClasses(int sections, int files) {
        from = new int[sections];
        to = new int[sections];
        unloaded = new IntList[files];
    }

    static SectionClasses of(Symbols symbols, SectionRules rules, int threads) {
        var classes = new SectionClasses(symbols.sectionCount(), symbols.fileCount());
        var names = new Names[threads];
        Par.loop(symbols.fileCount(), threads, (f, worker) -> {
            if (names[worker] == null) {
                names[worker] = new Names(rules);
            }
            classes.classify(symbols, f, names[worker]);
        });
        return classes;
    }

    private void classify(Symbols symbols, int f, Names names) {
        ObjectFile file = symbols.file(f);
        if (file.isSynthetic()) {
            return;
        }
        int base = symbols.firstSection(f);
        for (int s = 1; s < file.sectionCount(); s++) {
            int type = file.type(s);
            if (type == Elf.SHT_SYMTAB || type == Elf.SHT_STRTAB || type == Elf.SHT_RELA || type == Elf.SHT_REL || type == Elf.SHT_GROUP
                    || symbols.isDiscarded(base + s)) {
                continue;
            }
            int name = names.id(file, s);
            from[base + s] = names.from[name];
            to[base + s] = names.to[name];
            if (type == Elf.SHT_PROGBITS && (file.flags(s) & Elf.SHF_ALLOC) == 0 && (names.to[name] & UNCHECKED) == 0) {
                unloaded[f] = unloaded[f] == null ? new IntList() : unloaded[f];
                unloaded[f].add(s);
            }
        }
    }

    /// The bits of the names that one worker has met: a kernel has some hundred kinds of section and 20,000
    /// names of export entries.
    private static final class Names {
        private final SectionRules rules;
        private final NameTable table = new NameTable(256);
        int[] from = new int[256];
        int[] to = new int[256];

        Names(SectionRules rules) {
            this.rules = rules;
        }

        int id(ObjectFile file, int s) {
            byte[] bytes = file.sectionNames();
            int offset = file.nameOffset(s);
            int length = classLength(bytes, offset);
            int before = table.count();
            int id = table.intern(bytes, offset, length, NameTable.hash(bytes, offset, length));
            if (id == before) {
                if (id == from.length) {
                    from = Arrays.copyOf(from, 2 * id);
                    to = Arrays.copyOf(to, 2 * id);
                }
                judge(table.name(id), id);
            }
            return id;
        }

        /// Bytes of a name that decide its class: up to a plus sign. `___ksymtab+schedule` and its 11,000 like are all the same to
        /// patterns that have no plus sign and a star at their end only, which [SectionRules] sees to.
        private static int classLength(byte[] bytes, int offset) {
            int end = offset;
            while (bytes[end] != 0) {
                if (bytes[end++] == '+') {
                    break;
                }
            }
            return end - offset;
        }

        private void judge(String name, int id) {
            boolean unchecked = NamePattern.any(rules.unchecked(), name);
            int f = 0;
            int t = unchecked ? UNCHECKED : 0;
            for (int r = 0; r < rules.rules().size() && !name.isEmpty(); r++) {
                SectionRule rule = rules.rules().get(r);
                f |= !unchecked && rule.holdsFor(name) ? 1 << r : 0;
                t |= rule.isBrokenBy(name) ? 1 << r : 0;
            }
            from[id] = f;
            to[id] = t;
        }
    }
}
