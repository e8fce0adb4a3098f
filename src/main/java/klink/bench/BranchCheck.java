package klink.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads what objdump makes of a linked image that kept its relocations, and looks whether each branch goes where its relocation
/// says: there, or to a veneer that goes there. Nothing of this is klink's eyes: instructions, relocations and symbols are as
/// binutils print them.
final class BranchCheck {
    /// A branch that does not go straight to its target.
    private record Detour(long site, long to, List<Long> targets) {}

    private final String prefix;
    private final Map<String, List<Long>> symbols = new HashMap<>();
    private final Map<Long, Long> veneers = new HashMap<>();
    private final List<Detour> detours = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private long branches;
    /// The last instruction: where it is, where objdump says that it goes; -1 if it is no branch.
    private long site;
    private long to = -1;
    /// What an `adrp x16` and `add x16` before it have made.
    private long address;
    private long begun;

    /// @param prefix of binutils' names (`aarch64-linux-gnu-`)
    BranchCheck(String prefix) {
        this.prefix = prefix;
    }

    /// One line on what was found.
    /// @return whether every branch is right, and there was one that took a veneer
    boolean run(java.nio.file.Path image, java.io.PrintStream out) throws IOException {
        lines(List.of(prefix + "nm", "--special-syms", image.toString()), this::symbol);
        lines(List.of(prefix + "objdump", "-h", image.toString()), this::section);
        lines(List.of(prefix + "objdump", "-dr", "--no-show-raw-insn", image.toString()), this::code);
        long byVeneer = 0;
        for (Detour d : detours) {
            Long end = veneers.get(d.to);
            if (end != null && d.targets.contains(end)) {
                byVeneer++;
            } else {
                wrong("the branch at 0x" + Long.toHexString(d.site) + " goes to 0x" + Long.toHexString(d.to) + ", not to " + d.targets.stream().map(Long::toHexString).toList());
            }
        }
        out.printf(java.util.Locale.ROOT, "  %sobjdump: %,d branches with a relocation, %,d of them by one of %,d veneers, %d wrong%n", prefix, branches, byVeneer,
                veneers.size(), wrong.size());
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

    /// `ffff800008000000 t name`
    private void symbol(String line) {
        if (line.length() > 19 && line.charAt(0) != ' ' && !line.startsWith("$", 19)) {
            symbols.computeIfAbsent(line.substring(19), _ -> new ArrayList<>(1)).add(Long.parseUnsignedLong(line, 0, 16, 16));
        }
    }

    /// `  0 .text   0a000000  0000000010000000 ...`: relocations name sections too.
    private void section(String line) {
        String[] words = line.strip().split("\\s+");
        if (words.length > 4 && words[0].matches("\\d+") && words[3].length() == 16) {
            symbols.computeIfAbsent(words[1], _ -> new ArrayList<>(1)).add(Long.parseUnsignedLong(words[3], 16));
        }
    }

    /// `    10000004:\tbl\t10000028 <name>` or `\t\t\t10000004: R_AARCH64_CALL26\tname+0x4`
    private void code(String line) {
        if (line.startsWith("\t\t\t")) {
            int tab = line.indexOf('\t', 3);
            if (tab > 0 && (line.startsWith("R_AARCH64_CALL26", tab - 16) || line.startsWith("R_AARCH64_JUMP26", tab - 16))) {
                relocation(line.substring(tab + 1));
            }
            return;
        }
        int colon = line.indexOf(":\t");
        if (colon < 0) {
            return;
        }
        String text = line.substring(colon + 2);
        site = Long.parseUnsignedLong(line.substring(0, colon).strip(), 16);
        to = text.startsWith("bl\t") || text.startsWith("b\t") ? number(text, text.indexOf('\t') + 1, 16) : -1;
        if (text.startsWith("adrp\tx16, ")) {
            address = number(text, 10, 16);
            begun = site;
        } else if (text.startsWith("add\tx16, x16, #0x") && site == begun + 4) {
            address += number(text, 17, 16);
        } else if (text.equals("br\tx16") && site == begun + 8) {
            veneers.put(begun, address);
        }
    }

    private static long number(String text, int from, int radix) {
        int end = from;
        while (end < text.length() && Character.digit(text.charAt(end), radix) >= 0) {
            end++;
        }
        return end == from ? -1 : Long.parseUnsignedLong(text, from, end, radix);
    }

    private void relocation(String target) {
        int plus = target.lastIndexOf("+0x");
        long addend = plus < 0 ? 0 : number(target, plus + 3, 16);
        var targets = new ArrayList<Long>(1);
        for (long s : symbols.getOrDefault(plus < 0 ? target : target.substring(0, plus), List.of())) {
            targets.add(s + addend);
        }
        branches++;
        if (to < 0 || targets.isEmpty()) {
            wrong("no branch or no target at 0x" + Long.toHexString(site) + ": " + target);
        } else if (!targets.contains(to)) {
            detours.add(new Detour(site, to, targets));
        }
    }

    private void wrong(String text) {
        wrong.add(text);
    }
}
