package klink.layout;

import java.util.LinkedHashMap;
import java.util.Map;
import klink.elf.Elf;
import klink.place.OutputSection;
import klink.report.Finding;
import klink.report.Report;
import klink.script.Command;
import klink.script.Evaluator;
import klink.script.Script;
import klink.script.SectionsItem;
import klink.script.Value;

/// The MEMORY regions of a script while it is walked: how far each is filled (ld/ldlang.c,
/// lang_size_sections_1). Scripts of XIP and nommu kernels and of firmware use them; most kernels do not.
final class Regions {
    /// One region: `current` is its own location counter.
    static final class Region {
        private final Command.Region command;
        private long origin;
        private long length;
        long current;
        /// The last loaded section in it, or -1.
        int last = -1;

        Region(Command.Region command) {
            this.command = command;
        }
    }

    private final Map<String, Region> byName = new LinkedHashMap<>();
    private final Report report;
    private Region previous;
    private Region previousLoad;

    /// @param report where overflow is told; null while addresses are still searched for
    Regions(Script script, Report report) {
        this.report = report;
        for (Command c : script.commands()) {
            if (c instanceof Command.Memory m) {
                for (Command.Region r : m.regions()) {
                    byName.put(r.name(), new Region(r));
                }
            }
        }
        for (Command c : script.commands()) {
            if (c instanceof Command.RegionAlias a && byName.containsKey(a.region())) {
                byName.put(a.alias(), byName.get(a.region()));
            }
        }
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /// Evaluates origins and lengths: before the first section.
    void open(Evaluator evaluator) {
        for (Region r : byName.values()) {
            Value origin = evaluator.value(r.command.origin());
            Value length = evaluator.value(r.command.length());
            r.origin = origin == null ? 0 : evaluator.addressOf(origin);
            r.length = length == null ? 0 : evaluator.addressOf(length);
            r.current = r.origin;
        }
    }

    /// ORIGIN or LENGTH; null if there is no such region.
    Value value(boolean length, String name) {
        Region r = byName.get(name);
        return r == null ? null : Value.absolute(length ? r.length : r.origin);
    }

    /// The region that a section's address comes from, or null.
    Region of(OutputSection out) {
        SectionsItem.OutputSection s = out.script();
        if (s == null || s.region() == null) {
            if (s != null && s.atRegion() != null && s.address() == null) {
                return named(s.atRegion(), out); // a load region alone serves for both
            }
            return out.isAlloc() && (s == null || s.address() == null) ? byAttributes(out) : null;
        }
        return named(s.region(), out);
    }

    private Region named(String name, OutputSection out) {
        Region r = byName.get(name);
        if (r == null && report != null) {
            report.error("section " + out.name() + " asks for memory region " + name + ", which MEMORY does not name");
        }
        return r;
    }

    /// The region that load addresses come from: as the script says, or as for the section before in the
    /// same region; null for none.
    Region load(OutputSection out, Region region) {
        SectionsItem.OutputSection s = out.script();
        Region load = null;
        if (s != null && s.atRegion() != null) {
            load = named(s.atRegion(), out);
        } else if ((s == null || s.at() == null && s.address() == null) && region != null && region == previous) {
            load = previousLoad;
        }
        previous = region;
        previousLoad = load;
        return load;
    }

    /// The first region whose attributes fit the section.
    private Region byAttributes(OutputSection out) {
        for (Region r : byName.values()) {
            String attributes = r.command.attributes();
            boolean fits = false;
            boolean inverted = false;
            boolean refused = false;
            for (int i = 0; i < attributes.length(); i++) {
                char c = Character.toLowerCase(attributes.charAt(i));
                if (c == '!') {
                    inverted = !inverted;
                } else if (has(out, c)) {
                    fits |= !inverted;
                    refused |= inverted;
                }
            }
            if (fits && !refused) {
                return r;
            }
        }
        if (report != null && !byName.isEmpty()) {
            report.add(Finding.error("no memory region specified for loadable section `" + out.name() + "'")
                    .at("try: >REGION after its closing brace, or attributes for a region"));
        }
        return null;
    }

    private static boolean has(OutputSection out, char attribute) {
        boolean writable = (out.flags() & Elf.SHF_WRITE) != 0;
        boolean code = (out.flags() & Elf.SHF_EXECINSTR) != 0;
        return switch (attribute) {
            case 'a' -> true;
            case 'r' -> !writable;
            case 'w' -> writable && !code;
            case 'x' -> code;
            case 'i', 'l' -> out.type() != Elf.SHT_NOBITS;
            default -> false;
        };
    }

    /// Checks that a region still holds what was put into it, the section `out` last.
    void check(Region r, OutputSection out) {
        if (report == null || Long.compareUnsigned(r.current, r.origin) >= 0 && Long.compareUnsigned(r.current - r.origin, r.length) <= 0) {
            return;
        }
        long over = r.current - r.origin - r.length;
        report.add(Finding.error("section `" + out.name() + "' will not fit in region `" + r.command.name() + "'")
                .at("region `" + r.command.name() + "' overflowed by " + Long.toUnsignedString(over) + " bytes")
                .at("placed by " + r.command.pos().where()));
    }
}
