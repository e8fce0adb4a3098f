package klink.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.TreeSet;

/// Rounds of a test with random input: consecutive seeds, or the one that `-Dklink.seed=N` replays.
final class Seeds {
    /// One round; null if all is well, else what differs.
    @FunctionalInterface
    interface Round {
        String run(long seed) throws Exception;
    }

    private Seeds() {}

    /// Runs all rounds and fails with everything that differed, seed by seed.
    static void run(long first, int rounds, Round round) throws Exception {
        var different = new TreeSet<String>();
        var report = new StringBuilder();
        boolean one = System.getProperty("klink.seed") != null && System.getProperty("klink.rounds") == null;
        for (int i = 0; i < (one ? 1 : rounds); i++) {
            String result = round.run(first + i);
            if (result != null) {
                different.add("" + (first + i));
                report.append("seed ").append(first + i).append(":\n").append(result);
            }
        }
        assertEquals(new TreeSet<String>(), different, report::toString);
    }
}
