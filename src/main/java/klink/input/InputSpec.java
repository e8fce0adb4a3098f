package klink.input;

/// One file of the command line, with the options that were in force where it stood.
///
/// @param path         as given, or as found for `-lNAME`
/// @param wholeArchive between `--whole-archive` and `--no-whole-archive`: take every member
/// @param group        number of the `--start-group` .. `--end-group` it stands in, 0 outside
public record InputSpec(String path, boolean wholeArchive, int group) {}
