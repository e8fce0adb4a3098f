package klink.veneer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.arch.Machine;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.report.Finding;
import klink.report.Report;

/// The veneers of a link: pieces of code that a branch goes to when its target is out of its reach, and that go on
/// to the target from there. Each stands behind an input section, never inside one. A RISC kernel needs them once
/// its text outgrows a branch: 128 MiB on arm64, 32 MiB on arm and powerpc.
///
///     .text of a.o | veneers | .text of b.o | ...
///        bl far --------^
///
/// The site of a branch asks for the veneer by where it wants to go: several branches share one.
public final class Veneers {
    private final Machine machine;
    private final long toc;
    private final Sizes sizes;
    private final Addresses at;
    private final Erratum843419.Fixes fixes;
    /// By section id: the veneers behind it, each a target address, in order.
    private final Map<Integer, long[]> behind = new HashMap<>();
    /// Targets in rising order, and where a veneer for each stands; a target has several if it is far from some branches twice.
    private final long[] targets;
    private final long[] places;
    /// Where the output section of each begins and ends: no branch of another one goes there.
    private final long[] lows;
    private final long[] highs;

    /// @param toc   base of the table of contents, or 0
    /// @param hosts what stands behind which section
    Veneers(Machine machine, long toc, Sizes sizes, Addresses at, Map<Integer, List<Plan.Target>> hosts, Plan plan, Erratum843419.Fixes fixes) {
        this.machine = machine;
        this.toc = toc;
        this.sizes = sizes;
        this.at = at;
        this.fixes = fixes;
        var all = new ArrayList<long[]>();
        for (Map.Entry<Integer, List<Plan.Target>> h : hosts.entrySet()) {
            var list = new long[h.getValue().size()];
            long place = start(h.getKey());
            for (int i = 0; i < list.length; i++) {
                list[i] = plan.address(h.getValue().get(i), at);
                int out = plan.outputOf(h.getKey());
                all.add(new long[] {list[i], place + (long) i * machine.veneerSize(), at.address(out), at.address(out) + at.size(out)});
            }
            behind.put(h.getKey(), list);
        }
        all.sort((a, b) -> a[0] != b[0] ? Long.compareUnsigned(a[0], b[0]) : Long.compareUnsigned(a[1], b[1]));
        targets = new long[all.size()];
        places = new long[all.size()];
        lows = new long[all.size()];
        highs = new long[all.size()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = all.get(i)[0];
            places[i] = all.get(i)[1];
            lows[i] = all.get(i)[2];
            highs[i] = all.get(i)[3];
        }
    }

    /// Every address of the image, veneers included.
    public Addresses addresses() {
        return at;
    }

    public Sizes sizes() {
        return sizes;
    }

    /// Says how many there are, if any.
    public void report(Report report) {
        if (targets.length > 0) {
            report.add(Finding.note(targets.length + (targets.length > 1 ? " veneers" : " veneer") + " for branches out of reach (-Map shows where)"));
        }
        if (fixes.count() > 0) {
            report.add(Finding.note(fixes.count() + (fixes.count() > 1 ? " patches" : " patch") + " for Cortex-A53 erratum 843419 (-Map shows where)"));
        }
    }

    /// Whether [#write] has anything to do anywhere.
    public boolean changeCode() {
        return targets.length > 0 || !fixes.isEmpty();
    }

    private long start(int section) {
        return at.addressOfInput(section) + (sizes.size(section) + 3 & -4L);
    }

    /// Where a branch of `type` at `p` finds a veneer that goes to `target`; 0 if there is none in its reach.
    public long find(long target, long p, int type) {
        long reach = machine.reach(type);
        int low = lowest(target);
        for (int i = low; reach != 0 && i < targets.length && targets[i] == target; i++) {
            long d = places[i] - p;
            if (d <= reach && d >= -reach - 4 && p >= lows[i] && p < highs[i]) {
                return places[i];
            }
        }
        return 0;
    }

    private int lowest(long target) {
        int low = 0;
        int high = targets.length;
        while (low < high) {
            int mid = low + high >>> 1;
            if (Long.compareUnsigned(targets[mid], target) < 0) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low;
    }

    /// Writes what stands behind a section, and changes in the section what an erratum asks for.
    /// @param out holds the relocated section at `to`
    /// @return bytes from the start of the section to the end of its veneers
    public long write(int section, byte[] out, int to) {
        long extent = sizes.extent(section);
        if (extent != sizes.size(section)) {
            int after = (int) (to + (sizes.size(section) + 3 & -4L));
            Arrays.fill(out, (int) (to + sizes.size(section)), after, (byte) 0);
            long[] list = behind.getOrDefault(section, new long[0]);
            for (int i = 0; i < list.length; i++) {
                machine.writeVeneer(out, after + i * machine.veneerSize(), start(section) + (long) i * machine.veneerSize(), list[i], toc);
            }
        }
        fixes.apply(section, out, to, (int) (sizes.size(section) + 3 & -4L) + behind.getOrDefault(section, new long[0]).length * machine.veneerSize());
        return extent;
    }
}
