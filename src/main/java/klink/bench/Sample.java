package klink.bench;

import java.util.Map;

/// What one run took and made.
///
/// @param seconds   wall clock
/// @param cpu       seconds of processor time, user and system, of all its processes; NaN if unknown
/// @param peak      resident bytes of its largest process, mapped files included; -1 if unknown
/// @param image     SHA-256 of vmlinux
/// @param systemMap SHA-256 of System.map; empty if it made none
/// @param steps     seconds of each step of a pipeline, in order
record Sample(double seconds, double cpu, long peak, String image, String systemMap, Map<String, Double> steps) {}
