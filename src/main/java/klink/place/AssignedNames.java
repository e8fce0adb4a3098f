package klink.place;

import java.util.List;
import klink.script.Command;
import klink.script.OutputItem;
import klink.script.SectionsItem;

/// The names that a script's assignments define, gathered before resolution so that objects'
/// references bind to them.
public final class AssignedNames {
    private AssignedNames() {}

    /// @param plain    receives names defined in any case
    /// @param provided receives names of PROVIDE and PROVIDE_HIDDEN
    public static void collect(List<Command> commands, List<String> plain, List<String> provided) {
        for (Command c : commands) {
            switch (c) {
                case Command.Assign a -> add(a, plain, provided);
                case Command.Sections s -> {
                    for (SectionsItem item : s.items()) {
                        collect(item, plain, provided);
                    }
                }
                default -> { }
            }
        }
    }

    private static void collect(SectionsItem item, List<String> plain, List<String> provided) {
        switch (item) {
            case Command.Assign a -> add(a, plain, provided);
            case SectionsItem.OutputSection o -> {
                for (OutputItem i : o.items()) {
                    if (i instanceof Command.Assign a) {
                        add(a, plain, provided);
                    }
                }
            }
            case SectionsItem.Overlay o -> {
                for (SectionsItem i : Overlays.expand(o)) {
                    collect(i, plain, provided);
                }
            }
            case Command.Assert _, Command.Entry _ -> { }
        }
    }

    private static void add(Command.Assign a, List<String> plain, List<String> provided) {
        if (!a.toDot()) {
            (a.provide() ? provided : plain).add(a.target());
        }
    }
}
