package klink.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One way to link the same kernel: a command, timed from the start of its process to its end.
///
/// @param name        as printed
/// @param what        one line on what is timed
/// @param command     program and arguments
/// @param environment added to that of this process
/// @param directory   where it runs
/// @param output      where all that it writes goes; emptied before each run, outside the clock
/// @param varies      whether its output may differ from run to run: pahole with `-j` numbers types anew each time
record Contender(String name, String what, List<String> command, Map<String, String> environment, Path directory, Path output,
        boolean varies) {}
