package klink.report;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Collects what the passes find, and how long each took.
///
/// A pass reports and goes on with a dummy value; [#stopOnErrors] stands between passes, so that one
/// run shows every error of its kind. Findings may come from several threads; they are printed in
/// input order.
public final class Report {
    private final List<Finding> pending = new ArrayList<>();
    private final List<Pass> passes = new ArrayList<>();
    private final PrintStream out;
    private final int limit;
    private int errors;
    private int warnings;

    /// One timed pass; nanoseconds.
    public record Pass(String name, long nanos) {}

    /// @param out   where findings go (standard error for a link)
    /// @param limit the most errors printed; further ones are only counted. 0: no limit
    public Report(PrintStream out, int limit) {
        this.out = out;
        this.limit = limit;
    }

    public synchronized void add(Finding f) {
        pending.add(f);
        switch (f.severity()) {
            case ERROR -> errors++;
            case WARNING -> warnings++;
            case NOTE -> { }
        }
    }

    public void error(String what) {
        add(Finding.error(what));
    }

    public void warning(String what) {
        add(Finding.warning(what));
    }

    public synchronized int errors() {
        return errors;
    }

    public synchronized int warnings() {
        return warnings;
    }

    /// Prints what has gathered, in input order.
    public synchronized void flush() {
        pending.sort((a, b) -> Long.compare(a.order(), b.order()));
        int shown = 0;
        for (Finding f : pending) {
            if (f.severity() == Finding.Severity.ERROR && limit > 0 && ++shown > limit) {
                continue;
            }
            out.println(f.text());
        }
        if (limit > 0 && shown > limit) {
            out.println("klink: note: " + (shown - limit) + " more errors not shown (--error-limit=0 shows all)");
        }
        pending.clear();
    }

    /// Prints what has gathered; if any of it was an error, ends the link.
    public void stopOnErrors() {
        flush();
        if (errors() > 0) {
            throw new LinkFailed();
        }
    }

    /// A pass that makes something, and may fail to write.
    @FunctionalInterface
    public interface Body<T> {
        T run() throws IOException;
    }

    /// A pass that only acts.
    @FunctionalInterface
    public interface Action {
        void run() throws IOException;
    }

    /// Runs a pass and keeps its time under its name.
    public <T> T pass(String name, Body<T> body) throws IOException {
        long start = System.nanoTime();
        try {
            return body.run();
        } finally {
            long nanos = System.nanoTime() - start;
            synchronized (this) {
                passes.add(new Pass(name, nanos));
            }
        }
    }

    /// Runs a pass and keeps its time under its name.
    public void pass(String name, Action body) throws IOException {
        this.<Void>pass(name, () -> {
            body.run();
            return null;
        });
    }

    /// The passes so far, in the order they ended.
    public synchronized List<Pass> passes() {
        return List.copyOf(passes);
    }
}
