package klink.script;

import java.util.List;

/// A linker script as plain data: what was written, in the order it was written, with nothing decided.
/// A kernel's `vmlinux.lds` gives some 20 top-level commands, 60 to 120 output sections and 300
/// input section patterns.
///
/// @param file     the name the script was read under
/// @param commands top-level commands; those of included files stand in place of the `INCLUDE`
public record Script(String file, List<Command> commands) {
    public Script {
        commands = List.copyOf(commands);
    }

    /// Parses `text` and what it includes.
    ///
    /// @param includes how `INCLUDE file` finds its file
    /// @throws ScriptError at the first thing that is not script
    public static Script parse(Source text, Includes includes) {
        return new Parser(text, includes).script();
    }

    /// Parses a script that may not include others.
    public static Script parse(Source text) {
        return parse(text, Includes.NONE);
    }

    /// Finds the file of an `INCLUDE`: as named, else along `-L`.
    @FunctionalInterface
    public interface Includes {
        Includes NONE = name -> null;

        /// The text of `name`, or null if there is no such file.
        Source open(String name);
    }
}
