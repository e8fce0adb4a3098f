package klink.findings;

import java.nio.file.Path;

/// What a check was about, for the heads of its reports.
///
/// @param version       of klink
/// @param kernel        whose rules: `6.1`
/// @param extraWarnings modpost's option -W
/// @param errors        mismatches are errors: modpost's option -E
/// @param objects       that were looked at
/// @param references    in them
/// @param build         absolute directory that objects' names are relative to, or null
/// @param top           absolute directory that sources' names are relative to, or null
public record RunFacts(String version, String kernel, boolean extraWarnings, boolean errors, int objects, long references, Path build, Path top) {}
