package klink.par;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/// Parallel loops over independent indices.
///
/// Workers take indices from one shared counter, so uneven files balance themselves; what an index
/// writes must be disjoint from every other index, which is how the output stays the same for any
/// number of threads. The calling thread is one of the workers. A loop starts at most
/// `threads - 1` platform threads and joins them: with a handful of loops in a link of about a second,
/// a pool would save microseconds and leave idle threads behind.
public final class Par {
    /// One unit of work. `worker` is below the thread count: an index for scratch buffers.
    @FunctionalInterface
    public interface Body {
        void run(int index, int worker);
    }

    private Par() {}

    /// Runs `body` for 0 .. n-1. The failure of the lowest index is the one rethrown, so that the
    /// same bad input gives the same message for any thread count.
    public static void loop(int n, int threads, Body body) {
        int workers = Math.max(1, Math.min(threads, n));
        var failures = new Failure();
        var next = new AtomicInteger();
        var helpers = new Thread[workers - 1];
        for (int w = 1; w < workers; w++) {
            int worker = w;
            helpers[w - 1] = Thread.ofPlatform().name("klink-" + w).daemon(true).start(() -> drain(n, next, worker, body, failures));
        }
        drain(n, next, 0, body, failures);
        for (Thread t : helpers) {
            join(t);
        }
        failures.rethrow();
    }

    /// Starts `body` beside the caller; [Result#get] joins it and gives its value or rethrows its failure.
    public static <T> Result<T> compute(String name, Callable<T> body) {
        return new Result<>(name, body);
    }

    /// A value being computed beside the caller.
    public static final class Result<T> {
        private final Failure failure = new Failure();
        private final Thread thread;
        private T value;

        Result(String name, Callable<T> body) {
            thread = Thread.ofPlatform().name("klink-" + name).daemon(true).start(() -> {
                try {
                    value = body.call();
                } catch (Throwable e) {
                    failure.note(0, e);
                }
            });
        }

        public T get() {
            Par.join(thread);
            failure.rethrow();
            return value;
        }
    }

    private static void drain(int n, AtomicInteger next, int worker, Body body, Failure failures) {
        for (int i = next.getAndIncrement(); i < n; i = next.getAndIncrement()) {
            try {
                body.run(i, worker);
            } catch (Throwable e) {
                failures.note(i, e);
            }
        }
    }

    private static void join(Thread t) {
        boolean interrupted = false;
        while (true) {
            try {
                t.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Failure {
        private int index = Integer.MAX_VALUE;
        private Throwable first;

        synchronized void note(int i, Throwable e) {
            if (i < index) {
                index = i;
                first = e;
            }
        }

        synchronized void rethrow() {
            if (first instanceof RuntimeException e) {
                throw e;
            } else if (first instanceof Error e) {
                throw e;
            } else if (first instanceof IOException e) {
                throw new UncheckedIOException(e);
            } else if (first != null) {
                throw new IllegalStateException(first);
            }
        }
    }
}
