package klink.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// All runs of one contender that count, or why there are none.
final class Score {
    final Contender contender;
    final List<Sample> samples = new ArrayList<>();
    /// The side files of the last run, beside vmlinux.
    List<String> made = List.of();
    /// The first failure; a contender that failed runs no more.
    String failure;

    Score(Contender contender) {
        this.contender = contender;
    }

    double median() {
        return median(Sample::seconds);
    }

    double median(ToDoubleFunction<Sample> value) {
        double[] sorted = sorted(value);
        int n = sorted.length;
        return n == 0 ? Double.NaN : n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }

    double minimum() {
        double[] sorted = sorted(Sample::seconds);
        return sorted.length == 0 ? Double.NaN : sorted[0];
    }

    double maximum() {
        double[] sorted = sorted(Sample::seconds);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length - 1];
    }

    long peak() {
        return samples.stream().mapToLong(Sample::peak).max().orElse(-1);
    }

    /// The image's hash, or every hash if runs differ.
    List<String> images() {
        return samples.stream().map(Sample::image).distinct().toList();
    }

    /// The same of System.map; an empty one if none is made.
    List<String> systemMaps() {
        return samples.stream().map(Sample::systemMap).distinct().toList();
    }

    private double[] sorted(ToDoubleFunction<Sample> value) {
        double[] values = samples.stream().mapToDouble(value).toArray();
        Arrays.sort(values);
        return values;
    }
}
