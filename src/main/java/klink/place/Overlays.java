package klink.place;

import java.util.ArrayList;
import java.util.List;
import klink.script.Command;
import klink.script.Expr;
import klink.script.Pos;
import klink.script.SectionsItem;

/// Rewrites an OVERLAY as the output sections and assignments that the GNU ld manual ("Overlay
/// Description") says it stands for: members share the first one's address and follow each other in
/// load memory; afterwards the location counter is past the longest.
final class Overlays {
    private Overlays() {}

    static List<SectionsItem> expand(SectionsItem.Overlay o) {
        var items = new ArrayList<SectionsItem>();
        String first = null;
        String previous = null;
        Pos pos = o.pos();
        for (SectionsItem.OverlayMember m : o.members()) {
            Expr address = first == null ? o.address() : addr(first, pos);
            Expr at = first == null ? o.at()
                    : new Expr.Binary(Expr.BinaryOp.ADD, of(Expr.SectionFn.LOADADDR, previous, pos), of(Expr.SectionFn.SIZEOF, previous, pos), pos);
            boolean last = m == o.members().getLast();
            items.add(new SectionsItem.OutputSection(m.name(), address, SectionsItem.Type.NONE, null, at, null, false, o.subalign(),
                    SectionsItem.Constraint.NONE, m.items(), last ? o.region() : null, last ? o.atRegion() : null,
                    m.phdrs().isEmpty() && last ? o.phdrs() : m.phdrs(), m.fill() == null ? o.fill() : m.fill(), m.pos(), m.pos()));
            String c = cName(m.name());
            items.add(provide("__load_start_" + c, of(Expr.SectionFn.LOADADDR, m.name(), pos), pos));
            items.add(provide("__load_stop_" + c, new Expr.Binary(Expr.BinaryOp.ADD, of(Expr.SectionFn.LOADADDR, m.name(), pos),
                    of(Expr.SectionFn.SIZEOF, m.name(), pos), pos), pos));
            first = first == null ? m.name() : first;
            previous = m.name();
        }
        if (first != null) {
            Expr longest = new Expr.Num(0, null, pos);
            for (SectionsItem.OverlayMember m : o.members()) {
                longest = new Expr.Binary(Expr.BinaryOp.MAX, longest, of(Expr.SectionFn.SIZEOF, m.name(), pos), pos);
            }
            items.add(new Command.Assign(".", "=", new Expr.Binary(Expr.BinaryOp.ADD, addr(first, pos), longest, pos),
                    Command.Assign.Kind.PLAIN, pos));
        }
        return items;
    }

    private static Command.Assign provide(String name, Expr value, Pos pos) {
        return new Command.Assign(name, "=", value, Command.Assign.Kind.PROVIDE, pos);
    }

    private static Expr addr(String section, Pos pos) {
        return of(Expr.SectionFn.ADDR, section, pos);
    }

    private static Expr of(Expr.SectionFn fn, String section, Pos pos) {
        return new Expr.OfSection(fn, section, pos);
    }

    private static String cName(String section) {
        var sb = new StringBuilder();
        for (char c : section.toCharArray()) {
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_') {
                sb.append(c);
            }
        }
        return sb.toString();
    }
}
