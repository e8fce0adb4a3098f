package klink.place;

import java.util.ArrayList;
import java.util.List;
import klink.script.Command;
import klink.script.OutputItem;
import klink.script.SectionsItem;

/// The names that a script's assignments define, gathered before resolution so that objects'
/// references bind to them.
/// @param plain    names defined in any case
/// @param provided names of PROVIDE and PROVIDE_HIDDEN: defined if referenced and defined nowhere else
/// @param hidden   those of both that HIDDEN or PROVIDE_HIDDEN makes local
public record AssignedNames(List<String> plain, List<String> provided, List<String> hidden) {
    /// The names that `commands` and `defsyms` define.
    public static AssignedNames of(List<Command> commands, List<Command.Assign> defsyms) {
        var names = new AssignedNames(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Command.Assign a : defsyms) {
            names.add(a);
        }
        names.collect(commands);
        return names;
    }

    private void collect(List<Command> commands) {
        for (Command c : commands) {
            if (c instanceof Command.Assign a) {
                add(a);
            } else if (c instanceof Command.Sections s) {
                for (SectionsItem item : s.items()) {
                    collect(item);
                }
            }
        }
    }

    private void collect(SectionsItem item) {
        if (item instanceof Command.Assign a) {
            add(a);
        } else if (item instanceof SectionsItem.OutputSection o) {
            for (OutputItem i : o.items()) {
                if (i instanceof Command.Assign a) {
                    add(a);
                }
            }
        } else if (item instanceof SectionsItem.Overlay o) {
            for (SectionsItem i : Overlays.expand(o)) {
                collect(i);
            }
        }
    }

    private void add(Command.Assign a) {
        if (!a.toDot()) {
            (a.provide() ? provided : plain).add(a.target());
            if (a.hidden()) {
                hidden.add(a.target());
            }
        }
    }
}
