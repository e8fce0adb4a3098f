package klink.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads what objdump makes of a linked image that kept its relocations, and looks whether each branch goes where its relocation
/// says: there, or to a veneer that goes there. Nothing of this is klink's eyes: instructions, relocations and symbols are as
/// binutils print them.
final class BranchCheck {
    /// A branch that does not go straight to its target.
    private record Detour(long site, long to, List<Target> targets) {}

    /// What a relocation names.
    /// @param local the function's local entry point, where a machine has such; else the same
    private record Target(long global, long local) {
        @Override
        public String toString() {
            return Long.toHexString(local);
        }
    }

    /// A veneer's end, and whether its code has told the function there where it is.
    private record End(long address, boolean told) {
        boolean is(Target t) {
            return address == (told ? t.global : t.local);
        }
    }

    private final String prefix;
    private final Map<String, List<Target>> symbols = new HashMap<>();
    /// Where sections begin and end.
    private final Map<String, long[]> sections = new HashMap<>();
    private final Set<String> undefined = new HashSet<>();
    /// Where a branch alone may be a veneer: other branches are many.
    private final Set<Long> alone = new HashSet<>();
    private final Map<Long, End> veneers = new HashMap<>();
    private final List<Detour> detours = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private BranchDecoder decoder;
    private long branches;
    /// Those of which a relocation without an addend says no more than the section: in it they stay.
    private long toSections;
    /// The last instruction.
    private long site;
    private String text = "";

    /// @param prefix of binutils' names (`aarch64-linux-gnu-`)
    BranchCheck(String prefix) {
        this.prefix = prefix;
    }

    /// One line on what was found.
    /// @return whether every branch is right, and there was one that took a veneer
    boolean run(java.nio.file.Path image, java.io.PrintStream out) throws IOException {
        lines(List.of(prefix + "readelf", "-sW", image.toString()), this::symbol);
        lines(List.of(prefix + "objdump", "-h", image.toString()), this::section);
        decoder = BranchDecoder.of(prefix, symbols.getOrDefault(".TOC.", List.of(new Target(0, 0))).getFirst().global);
        lines(List.of(prefix + "objdump", "-dr", "--no-show-raw-insn", image.toString()), this::code);
        long byVeneer = 0;
        var used = new HashSet<Long>();
        for (Detour d : detours) {
            End end = veneers.get(d.to);
            if (end != null && d.targets.stream().anyMatch(end::is)) {
                byVeneer++;
                used.add(d.to);
            } else {
                wrong("the branch at 0x" + Long.toHexString(d.site) + " goes to 0x" + Long.toHexString(d.to) + ", not to " + d.targets);
            }
        }
        out.printf(java.util.Locale.ROOT, "  %sobjdump: %,d branches with a relocation, %,d of them by one of %,d veneers, %d wrong%n", prefix, branches, byVeneer,
                used.size(), wrong.size());
        if (toSections > 0) {
            out.printf(java.util.Locale.ROOT, "    of %,d the relocation names a section alone%n", toSections);
        }
        wrong.stream().limit(5).forEach(w -> out.println("    " + w));
        return wrong.isEmpty() && byVeneer > 0;
    }

    private interface Line {
        void take(String line);
    }

    private static void lines(List<String> command, Line each) throws IOException {
        Process p = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        p.getOutputStream().close();
        try (var in = new BufferedReader(new InputStreamReader(p.getInputStream(), StandardCharsets.ISO_8859_1), 1 << 20)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                each.take(line);
            }
        }
        try {
            if (p.waitFor() != 0) {
                throw new IOException(command.getFirst() + " failed on " + command.getLast());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(command.getFirst() + " was interrupted", e);
        }
    }

    /// `  12: c000000000010000    20 FUNC    GLOBAL DEFAULT [<localentry>: 8]     1 name`
    private void symbol(String line) {
        String[] words = line.strip().split("\\s+");
        if (words.length < 8 || !words[0].endsWith(":") || words[1].length() != 16 && words[1].length() != 8) {
            return;
        }
        String name = words[words.length - 1];
        if (words[words.length - 2].equals("UND")) {
            undefined.add(name);
            return;
        }
        long address = Long.parseUnsignedLong(words[1], 16) & (words[1].length() == 8 && words[3].equals("FUNC") ? -2 : -1); // Thumb code
        int entry = line.indexOf("[<localentry>: ");
        long local = address + (entry < 0 ? 0 : Math.max(0, BranchDecoder.number(line, entry + 15, 10)));
        if (!name.startsWith("$")) {
            symbols.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(new Target(address, local));
        }
        if (name.contains(".long_branch.")) {
            alone.add(address);
        }
    }

    /// `  0 .text   0a000000  0000000010000000 ...`: relocations name sections too.
    private void section(String line) {
        String[] words = line.strip().split("\\s+");
        if (words.length > 4 && words[0].matches("\\d+") && words[3].matches("[0-9a-f]{8,16}")) {
            long address = Long.parseUnsignedLong(words[3], 16);
            symbols.computeIfAbsent(words[1], _ -> new ArrayList<>(1)).add(new Target(address, address));
            sections.put(words[1], new long[] {address, address + Long.parseUnsignedLong(words[2], 16)});
        }
    }

    /// `    10000004:\tbl\t10000028 <name>` or `\t\t\t10000004: R_AARCH64_CALL26\tname+0x4`
    private void code(String line) {
        if (line.startsWith("\t\t\t")) {
            int tab = line.indexOf('\t', 3);
            int blank = line.indexOf(' ', 3);
            if (tab > 0 && blank > 0 && blank < tab && decoder.types().contains(line.substring(blank + 1, tab))) {
                relocation(line.substring(tab + 1));
            }
            return;
        }
        int colon = line.indexOf(":\t");
        if (colon < 0) {
            return;
        }
        text = line.substring(colon + 2);
        site = Long.parseUnsignedLong(line.substring(0, colon).strip(), 16);
        decoder.take(site, text);
        if (decoder.begun() != BranchDecoder.NONE && (decoder.begun() != site || alone.contains(site))) {
            var end = new End(decoder.end(), decoder.begun() != site);
            veneers.put(decoder.begun(), end);
            if (decoder.begunEarlier() != BranchDecoder.NONE) {
                veneers.put(decoder.begunEarlier(), end);
            }
        }
    }

    private void relocation(String target) {
        int plus = target.lastIndexOf("+0x");
        long addend = plus < 0 ? 0 : BranchDecoder.number(target, plus + 3, 16);
        String name = plus < 0 ? target : target.substring(0, plus);
        var targets = new ArrayList<Target>(1);
        for (Target t : symbols.getOrDefault(name, List.of())) {
            targets.add(new Target(t.global + addend, t.local + addend));
        }
        branches++;
        long to = decoder.target();
        if (text.equals("nop") && undefined.contains(name)) {
            return; // a call of what is weak, and not there
        }
        if (to == BranchDecoder.NONE || targets.isEmpty()) {
            wrong("no branch or no target at 0x" + Long.toHexString(site) + ": " + target);
        } else if (!decoder.hasAddends() && sections.containsKey(name)) {
            long[] bounds = sections.get(name);
            toSections++;
            if (to < bounds[0] || to >= bounds[1]) {
                wrong("the branch at 0x" + Long.toHexString(site) + " leaves " + name);
            }
        } else if (targets.stream().noneMatch(t -> t.local == to)) {
            detours.add(new Detour(site, to, targets));
        }
    }

    private void wrong(String text) {
        wrong.add(text);
    }
}
