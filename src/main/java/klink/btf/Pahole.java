package klink.btf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.report.Finding;
import klink.report.LinkFailed;
import klink.report.Report;

/// Runs pahole, which turns DWARF into BTF and is the one tool of the link stage that klink does not
/// replace: 2 s for a small kernel with 44 MB of `.debug_info`, 6 to 9 s for a defconfig.
///
/// kbuild lets it add `.BTF` to a linked image and copies the section out with objcopy. Writing the section
/// to a file of its own (`--btf_encode_detached`, pahole 1.22) gives the same bytes and leaves the
/// image alone.
///
/// **Determinism.** With `-j`, which scripts/pahole-flags.sh passes from 1.22 on, ids and even the size differ
/// from run to run. `-j` is therefore left out unless asked for, or unless the flags contain
/// `reproducible_build` (1.27), which orders the result; ids are then the same for the same input.
public final class Pahole {
    /// The first version that has `--btf_encode_detached`.
    private static final int OLDEST = 122;

    private final String command;
    private final List<String> flags;
    private final Report report;
    private volatile Process running;

    /// @param command  the make variable PAHOLE
    /// @param flags    the make variable PAHOLE_FLAGS
    /// @param parallel keep `-j` although it makes the numbering of types depend on timing
    public Pahole(String command, String flags, boolean parallel, Report report) {
        this.command = command;
        this.flags = flags(flags, parallel);
        this.report = report;
    }

    /// The version of the pahole installed, as kbuild writes it: 124 for v1.24. Without one that can write
    /// BTF to a file of its own, ends the link with an error that says what to install.
    public static int version(String command, Report report) {
        String printed;
        try {
            Process p = new ProcessBuilder(command, "--version").redirectErrorStream(true).start();
            p.getOutputStream().close();
            printed = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            p.waitFor();
        } catch (IOException e) {
            throw unusable(report, "cannot run pahole, which makes .BTF (CONFIG_DEBUG_INFO_BTF): " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LinkFailed();
        }
        int version = parseVersion(printed);
        if (version < OLDEST) {
            throw unusable(report, command + " --version says '" + firstLine(printed) + "'; making .BTF needs v1.22 or newer");
        }
        return version;
    }

    /// `v1.24` is 124 (scripts/pahole-version.sh); -1 for anything else.
    static int parseVersion(String printed) {
        int dot = printed.indexOf('.');
        if (dot < 2 || printed.charAt(0) != 'v') {
            return -1;
        }
        int end = dot + 1;
        while (end < printed.length() && Character.isDigit(printed.charAt(end))) {
            end++;
        }
        try {
            return Integer.parseInt(printed, 1, dot, 10) * 100 + Integer.parseInt(printed, dot + 1, end, 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    private static LinkFailed unusable(Report report, String what) {
        report.add(Finding.error(what).at("install it (package dwarves), name it with PAHOLE=..., or link without .BTF: --btf=none"));
        return new LinkFailed();
    }

    /// Words of PAHOLE_FLAGS that will be passed on.
    static List<String> flags(String text, boolean parallel) {
        boolean ordered = text.contains("reproducible_build");
        var kept = new ArrayList<String>();
        int at = 0;
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
                end++;
            }
            String word = text.substring(at, end);
            boolean jobs = word.equals("--jobs") || word.startsWith("--jobs=") || word.startsWith("-j");
            if (!word.isEmpty() && (!jobs || parallel || ordered)) {
                kept.add(word);
            }
            at = end + 1;
        }
        return kept;
    }

    /// The contents of `.BTF` for the types in `image`. What pahole prints becomes warnings; a failure
    /// becomes an error with the command line, and ends the link.
    ///
    /// @param scratch written and deleted: a file in a directory of the build
    public byte[] encode(Path image, Path scratch) {
        var line = new ArrayList<String>();
        line.add(command);
        line.add("--btf_encode_detached=" + scratch);
        line.addAll(flags);
        line.add(image.toString());
        try {
            Files.deleteIfExists(scratch);
            Process p = new ProcessBuilder(line).redirectErrorStream(true).start();
            running = p;
            p.getOutputStream().close();
            String printed = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = p.waitFor();
            if (status != 0) {
                throw failed(line, printed, "exit status " + status);
            }
            if (!Files.exists(scratch) || Files.size(scratch) == 0) {
                throw failed(line, printed, "it wrote no BTF; does the kernel have debug information?");
            }
            if (!printed.isBlank()) {
                report.add(lines(Finding.warning("pahole: messages for " + image), printed));
            }
            return Files.readAllBytes(scratch);
        } catch (IOException e) {
            throw failed(line, "", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(line, "", "interrupted");
        } finally {
            running = null;
            delete(scratch);
        }
    }

    /// Ends [#encode] of another thread: its result is no longer wanted.
    public void cancel() {
        Process p = running;
        if (p != null) {
            p.destroyForcibly();
        }
    }

    private LinkFailed failed(List<String> line, String printed, String why) {
        Finding f = lines(Finding.error("pahole failed: " + why), printed);
        report.add(f.at("command: " + String.join(" ", line)).at("try to disable CONFIG_DEBUG_INFO_BTF, or set PAHOLE to version 1.22 or newer"));
        return new LinkFailed();
    }

    /// The first lines of what the tool printed, each as one line of the finding.
    private static Finding lines(Finding f, String printed) {
        int at = 0;
        for (int n = 0; at < printed.length() && n < 20; n++) {
            int end = printed.indexOf('\n', at);
            end = end < 0 ? printed.length() : end;
            f = f.at(printed.substring(at, end));
            at = end + 1;
        }
        return at < printed.length() ? f.at("...") : f;
    }

    private static void delete(Path scratch) {
        try {
            Files.deleteIfExists(scratch);
        } catch (IOException e) {
            // a scratch file that stays is no reason to fail a link
        }
    }
}
