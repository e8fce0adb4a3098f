package klink.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What looking for section mismatches costs: klink with and without its check pass, and kbuild's `ld -r` and modpost, which
/// are there for little else. All of one benchmark, where each run with the pass has one without it next to it in time.
///
/// @param seconds what the pass adds to a link: the median of the differences within a round, so that a slow round is not mistaken for it
/// @param least   the smallest of these differences; far from the largest, the machine was busy with something else
/// @param most    the largest
/// @param cpu     the same of processor time; NaN if that is not known
/// @param share   `seconds` as a part of the link without it
/// @param kbuild  contender to its seconds of `ld -r` and modpost; empty where these were left out
record CheckCost(double seconds, double least, double most, double cpu, double share, Map<String, Double> kbuild) {
    /// The contender whose link looks for mismatches, and the one whose link does not.
    static final String WITH = "klink";
    static final String WITHOUT = "klink --no-check";

    /// As kbuild-stage.sh calls them.
    private static final List<String> STEPS = List.of("ld -r vmlinux.o", "modpost");

    /// Null if one of the two did not run.
    static CheckCost of(List<Score> scores) {
        Score with = named(scores, WITH);
        Score without = named(scores, WITHOUT);
        if (with == null || without == null) {
            return null;
        }
        var difference = new Score(with.contender);
        for (int i = 0; i < Math.min(with.samples.size(), without.samples.size()); i++) {
            Sample a = with.samples.get(i);
            Sample b = without.samples.get(i);
            difference.samples.add(new Sample(a.seconds() - b.seconds(), a.cpu() - b.cpu(), -1, "", "", Map.of()));
        }
        var kbuild = new LinkedHashMap<String, Double>();
        for (Score s : scores) {
            double sum = s.median(sample -> STEPS.stream().mapToDouble(step -> sample.steps().getOrDefault(step, Double.NaN)).sum());
            if (s.failure == null && !Double.isNaN(sum)) {
                kbuild.put(s.contender.name(), sum);
            }
        }
        double seconds = difference.median();
        return new CheckCost(seconds, difference.minimum(), difference.maximum(), difference.median(Sample::cpu), seconds / without.median(), kbuild);
    }

    private static Score named(List<Score> scores, String name) {
        for (Score s : scores) {
            if (s.contender.name().equals(name) && s.failure == null && !s.samples.isEmpty()) {
                return s;
            }
        }
        return null;
    }

    /// `section checks: klink +31 ms (3.4 % of the link; rounds: +27 to +40 ms; CPU +60 ms); kbuild, ld: ld -r + modpost 1.36 s`
    String text() {
        String time = Double.isNaN(cpu) ? "" : String.format(Locale.ROOT, "; CPU %+.0f ms", cpu * 1000);
        var parts = new ArrayList<String>();
        parts.add(String.format(Locale.ROOT, "section checks: klink %+.0f ms (%.1f %% of the link; rounds: %+.0f to %+.0f ms%s)", seconds * 1000,
                share * 100, least * 1000, most * 1000, time));
        kbuild.forEach((name, s) -> parts.add(String.format(Locale.ROOT, "%s: ld -r + modpost %.2f s", name, s)));
        return String.join("; ", parts);
    }

    String json() {
        var parts = new ArrayList<String>();
        kbuild.forEach((name, s) -> parts.add(String.format(Locale.ROOT, "%s: %.4f", BenchReport.quoted(name), s)));
        return String.format(Locale.ROOT, "{\"seconds\": %.4f, \"least\": %.4f, \"most\": %.4f, \"cpu\": %s, \"share\": %.4f, \"kbuild\": {%s}}",
                seconds, least, most, Double.isNaN(cpu) ? "null" : String.format(Locale.ROOT, "%.4f", cpu), share, String.join(", ", parts));
    }
}
