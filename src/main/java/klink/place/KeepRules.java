package klink.place;

import klink.input.ObjectFile;
import klink.resolve.NameTable;
import klink.script.Command;
import klink.script.OutputItem;
import klink.script.Script;
import klink.script.SectionsItem;

/// Which input sections a script's KEEP( ) patterns name.
///
/// A section is kept if any KEEP names it, even one that would not get it because an earlier pattern
/// takes it (ld/ldlang.c, lang_gc_sections: garbage collection comes before placement). A kernel
/// script has about 60 of them, for the tables that code reaches through their bounds only.
final class KeepRules {
    private final Patterns patterns = new Patterns();
    private final NameTable names = new NameTable(1 << 12);
    private int[][] candidates = new int[1 << 12][];

    static KeepRules of(Script script) {
        var k = new KeepRules();
        for (Command c : script.commands()) {
            if (c instanceof Command.Sections s) {
                s.items().forEach(k::collect);
            }
        }
        return k;
    }

    private void collect(SectionsItem item) {
        switch (item) {
            case SectionsItem.OutputSection o -> {
                for (OutputItem i : o.items()) {
                    if (i instanceof OutputItem.InputSections in && in.keep()) {
                        add(in);
                    }
                }
            }
            case SectionsItem.Overlay o -> Overlays.expand(o).forEach(this::collect);
            case Command.Assign _, Command.Assert _, Command.Entry _ -> { }
        }
    }

    private void add(OutputItem.InputSections in) {
        if (in.sections().isEmpty()) {
            patterns.add(new Patterns.Rule(0, 0, in, null));
        }
        for (OutputItem.SectionPattern p : in.sections()) {
            patterns.add(new Patterns.Rule(0, 0, in, p));
        }
    }

    boolean keeps(ObjectFile file, int ndx) {
        byte[] table = file.sectionNames();
        int offset = file.nameOffset(ndx);
        int length = NameTable.length(table, offset);
        int hash = NameTable.hash(table, offset, length);
        int name = names.intern(table, offset, length, hash);
        if (name >= candidates.length) {
            candidates = java.util.Arrays.copyOf(candidates, candidates.length * 2);
        }
        if (candidates[name] == null) {
            candidates[name] = patterns.candidates(table, offset, length, hash);
        }
        for (int r : candidates[name]) {
            if (Placer.allows(patterns.rule(r), file, ndx)) {
                return true;
            }
        }
        return false;
    }
}
