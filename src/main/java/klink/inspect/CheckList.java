package klink.inspect;

import java.util.ArrayList;
import java.util.List;
import klink.report.BadInput;

/// What an inspection checked, in order, and how each check ended.
final class CheckList {
    /// @param name   dotted, as `kallsyms.markers`
    /// @param detail numbers if all is well, the reason if not
    record Check(String name, Status status, String detail) {}

    /// `NONE`: the image has nothing to check there.
    enum Status { OK, FAIL, NONE }

    private final List<Check> checks = new ArrayList<>();

    void ok(String name, String detail) {
        checks.add(new Check(name, Status.OK, detail));
    }

    void fail(String name, String why) {
        checks.add(new Check(name, Status.FAIL, why));
    }

    void none(String name, String why) {
        checks.add(new Check(name, Status.NONE, why));
    }

    /// `why` is null if all is well.
    void result(String name, String why, String detail) {
        if (why == null) {
            ok(name, detail);
        } else {
            fail(name, why);
        }
    }

    /// Runs a group of checks; what turns out unreadable on the way fails the group by this name.
    void group(String name, Runnable body) {
        try {
            body.run();
        } catch (BadInput e) {
            fail(name, e.getMessage() + " (file offset 0x" + Long.toHexString(e.fileOffset()) + ")");
        }
    }

    List<Check> checks() {
        return checks;
    }

    boolean passed() {
        for (Check c : checks) {
            if (c.status == Status.FAIL) {
                return false;
            }
        }
        return true;
    }
}
