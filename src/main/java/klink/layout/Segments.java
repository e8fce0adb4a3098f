package klink.layout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import klink.elf.Arm;
import klink.elf.Elf;
import klink.mem.IntList;
import klink.place.OutputSection;
import klink.report.Finding;
import klink.report.Report;
import klink.script.Command;
import klink.script.Expr;
import klink.script.Script;

/// Program headers and the file offsets of what they load (GNU ld: bfd/elf.c,
/// assign_file_positions_for_load_sections).
///
/// With PHDRS in the script every section goes where its `:name` says, and the sections after it
/// too. Without, a new PT_LOAD starts wherever one mapping cannot serve: the access changes, file
/// contents follow NOBITS, or addresses leave a gap of more than a page.
final class Segments {
    private static final long MOST_FILE = 1L << 40;
    /// The name of the PT_GNU_STACK that no script asked for: no script can spell it.
    private static final String STACK = "<stack>";

    private final Addresses at;
    private final Options options;
    private final Report report;
    private final List<Draft> drafts = new ArrayList<>();

    /// A segment while sections are gathered.
    private static final class Draft {
        final String name;
        final int type;
        final int flags;
        final Long paddr;
        final boolean headers;
        final IntList sections = new IntList();

        Draft(String name, int type, int flags, Long paddr, boolean headers) {
            this.name = name;
            this.type = type;
            this.flags = flags;
            this.paddr = paddr;
            this.headers = headers;
        }
    }

    private Segments(Addresses at, Options options, Report report) {
        this.at = at;
        this.options = options;
        this.report = report;
    }

    /// How many program headers to make room for before sections have addresses.
    static int headerCount(Script script, Options options) {
        for (Command c : script.commands()) {
            if (c instanceof Command.Phdrs p) {
                return p.entries().size();
            }
        }
        return options.relocatable() ? 0 : 6;
    }

    static void assign(Script script, Addresses at, Options options, Report report) {
        if (options.relocatable()) {
            at.headerSize = options.elfClass().ehdr;
            at.endOfAlloc = options.elfClass().ehdr;
            long offset = options.elfClass().ehdr;
            for (int s = 0; s < at.n; s++) {
                if (at.kept[s] && (at.flags[s] & Elf.SHF_ALLOC) != 0) {
                    offset = offset + at.align[s] - 1 & -at.align[s];
                    at.fileOffset[s] = offset;
                    offset += at.type[s] == Elf.SHT_NOBITS ? 0 : at.size[s];
                }
            }
            at.endOfAlloc = offset;
            return;
        }
        var s = new Segments(at, options, report);
        Command.Phdrs phdrs = null;
        for (Command c : script.commands()) {
            phdrs = c instanceof Command.Phdrs p ? p : phdrs;
        }
        if (phdrs != null) {
            s.fromScript(phdrs);
        } else {
            s.byAccess();
        }
        at.headerSize = options.elfClass().ehdr + (long) s.drafts.size() * options.elfClass().phdr;
        s.offsets();
        s.checkFileSize();
        s.checkOverlap();
    }

    private boolean isLoaded(int s) {
        return at.kept[s] && (at.flags[s] & Elf.SHF_ALLOC) != 0;
    }

    private void fromScript(Command.Phdrs phdrs) {
        Map<String, Draft> byName = new LinkedHashMap<>();
        for (Command.Phdr p : phdrs.entries()) {
            Long type = literal(p.type());
            Long flags = p.flags() == null ? Long.valueOf(-1) : literal(p.flags());
            Long paddr = p.at() == null ? null : literal(p.at());
            if (type == null || flags == null || p.at() != null && paddr == null) {
                report.add(Finding.error("program header " + p.name() + ": only numbers are supported here").at("at " + p.pos().where()));
                continue;
            }
            var d = new Draft(p.name(), type.intValue(), flags.intValue(), paddr, p.filehdr() || p.phdrs());
            byName.put(p.name(), d);
            drafts.add(d);
        }
        List<String> sticky = List.of();
        var reported = new HashMap<String, Boolean>();
        for (OutputSection s : at.place.sections()) {
            if (s.script() != null && !s.script().phdrs().isEmpty()) {
                sticky = s.script().phdrs();
            }
            if (!isLoaded(s.id())) {
                continue;
            }
            List<String> names = sticky;
            if (names.isEmpty()) {
                names = firstLoad();
            }
            for (String name : names) {
                Draft d = byName.get(name);
                if (d != null) {
                    d.sections.add(s.id());
                } else if (!name.equals("NONE") && reported.put(name, true) == null) {
                    report.error("section " + s.name() + " is assigned to a segment that PHDRS does not name: " + name);
                }
            }
        }
    }

    private List<String> firstLoad() {
        for (Draft d : drafts) {
            if (d.type == Elf.PT_LOAD) {
                return List.of(d.name);
            }
        }
        return List.of();
    }

    /// A number or a sum, product, shift of numbers.
    private static Long literal(Expr e) {
        if (e instanceof Expr.Num n) {
            return n.value();
        }
        Long l = e instanceof Expr.Binary b ? literal(b.left()) : null;
        Long r = e instanceof Expr.Binary b ? literal(b.right()) : null;
        return l == null || r == null ? null : switch (((Expr.Binary) e).op()) {
            case ADD -> Long.valueOf(l + r);
            case SUB -> Long.valueOf(l - r);
            case MUL -> Long.valueOf(l * r);
            case OR -> Long.valueOf(l | r);
            case SHL -> Long.valueOf(l << r);
            default -> null;
        };
    }

    private void byAccess() {
        Draft load = null;
        int previous = -1;
        int firstLoaded = -1;
        var notes = new ArrayList<IntList>();
        var tls = new IntList();
        int lastNote = -2;
        for (int s : byLoadAddress()) {
            if (at.type[s] == Elf.SHT_NOTE) {
                if (lastNote != previous || notes.isEmpty() || at.align[notes.getLast().get(0)] != at.align[s]) {
                    notes.add(new IntList());
                }
                notes.getLast().add(s);
                lastNote = s;
            }
            if ((at.flags[s] & Elf.SHF_TLS) != 0) {
                tls.add(s);
            }
            if (load == null || startsSegment(load, previous, s)) {
                boolean headers = load == null && hasRoomForHeaders(s);
                load = new Draft("load", Elf.PT_LOAD, -1, null, headers);
                drafts.add(load);
                firstLoaded = firstLoaded < 0 ? s : firstLoaded;
            }
            load.sections.add(s);
            previous = s;
        }
        for (IntList n : notes) {
            var d = new Draft("note", Elf.PT_NOTE, -1, null, false);
            for (int i = 0; i < n.size(); i++) {
                d.sections.add(n.get(i));
            }
            drafts.add(d);
        }
        if (!tls.isEmpty()) {
            var d = new Draft("tls", Elf.PT_TLS, Elf.PF_R, null, false);
            for (int i = 0; i < tls.size(); i++) {
                d.sections.add(tls.get(i));
            }
            drafts.add(d);
        }
        property();
        unwind();
        if (options.stackHeader()) {
            drafts.add(new Draft(STACK, Elf.PT_GNU_STACK, Elf.PF_R | Elf.PF_W | (options.execStack() ? Elf.PF_X : 0), null, false));
        }
    }

    /// PT_GNU_PROPERTY, by which a loader finds the note of that name without looking through all (Linux Extensions to gABI).
    private void property() {
        for (int s = 0; s < at.n; s++) {
            if (isLoaded(s) && at.type[s] == Elf.SHT_NOTE && at.size[s] != 0 && at.section(s).name().equals(".note.gnu.property")) {
                var d = new Draft("property", Elf.PT_GNU_PROPERTY, -1, null, false);
                d.sections.add(s);
                drafts.add(d);
                return;
            }
        }
    }

    /// PT_ARM_EXIDX, where a program's unwinder finds its index (EHABI32); a kernel has it in a section of another name.
    private void unwind() {
        for (int s = 0; s < at.n; s++) {
            if (isLoaded(s) && at.type[s] == Arm.SHT_ARM_EXIDX && at.section(s).name().equals(".ARM.exidx")) {
                var d = new Draft("unwind", Arm.PT_ARM_EXIDX, -1, null, false);
                d.sections.add(s);
                drafts.addFirst(d);
                return;
            }
        }
    }

    private int[] byLoadAddress() {
        var loaded = new IntList();
        for (int s = 0; s < at.n; s++) {
            if (isLoaded(s)) {
                loaded.add(s);
            }
        }
        int[] ids = loaded.toArray();
        klink.mem.IntSort.sort(ids, (a, b) -> {
            int c = Long.compareUnsigned(at.lma[a], at.lma[b]);
            c = c != 0 ? c : Long.compareUnsigned(at.vma[a], at.vma[b]);
            return c != 0 ? c : Integer.compare(a, b);
        });
        return ids;
    }

    private boolean hasRoomForHeaders(int s) {
        long need = options.elfClass().ehdr + 8L * options.elfClass().phdr;
        return Long.remainderUnsigned(at.vma[s], options.maxPageSize()) >= need;
    }

    /// In this order (bfd/elf.c, _bfd_elf_map_sections_to_segments): what shares a page of memory with the
    /// section before it shares its segment, whatever the access.
    private boolean startsSegment(Draft load, int previous, int s) {
        long end = at.vma[previous] + (isTbss(previous) ? 0 : at.size[previous]);
        long page = options.maxPageSize();
        if (at.vma[s] - at.vma[previous] != at.lma[s] - at.lma[previous] || Long.compareUnsigned(at.vma[s], end) < 0) {
            return true;
        }
        if ((end - 1 & -page) == (at.vma[s] & -page)) {
            return false;
        }
        if (Long.compareUnsigned(end + page - 1 & -page, at.vma[s] & -page) < 0) {
            return true;
        }
        if (at.type[previous] == Elf.SHT_NOBITS && at.type[s] != Elf.SHT_NOBITS && !isTbss(previous)) {
            return true;
        }
        int access = flags(load);
        if (options.separateCode() && (access & Elf.PF_X) != 0 != ((at.flags[s] & Elf.SHF_EXECINSTR) != 0)) {
            return true;
        }
        return (access & Elf.PF_W) == 0 && (at.flags[s] & Elf.SHF_WRITE) != 0;
    }

    private boolean isTbss(int s) {
        return (at.flags[s] & Elf.SHF_TLS) != 0 && at.type[s] == Elf.SHT_NOBITS;
    }

    private void offsets() {
        var segments = new ArrayList<Addresses.Segment>();
        var done = new boolean[at.n];
        long offset = at.headerSize;
        var made = new Addresses.Segment[drafts.size()];
        for (int i = 0; i < drafts.size(); i++) {
            Draft d = drafts.get(i);
            if (d.type == Elf.PT_LOAD && !d.sections.isEmpty()) {
                made[i] = load(d, offset, done);
                offset = Math.max(offset, made[i].offset() + made[i].filesz());
            }
        }
        at.endOfAlloc = offset;
        for (int s = 0; s < at.n; s++) {
            if (isLoaded(s) && !done[s]) {
                at.endOfAlloc = at.endOfAlloc + at.align[s] - 1 & -at.align[s];
                at.fileOffset[s] = at.endOfAlloc;
                at.endOfAlloc += at.type[s] == Elf.SHT_NOBITS ? 0 : at.size[s];
            }
        }
        for (int i = 0; i < drafts.size(); i++) {
            segments.add(made[i] != null ? made[i] : other(drafts.get(i), made));
        }
        at.segments = List.copyOf(segments);
    }

    private Addresses.Segment load(Draft d, long from, boolean[] done) {
        int first = d.sections.get(0);
        long page = options.maxPageSize();
        long align = page;
        for (int i = 0; i < d.sections.size(); i++) {
            align = Math.max(align, at.align[d.sections.get(i)]);
        }
        long vaddr = at.vma[first];
        long paddr = at.lma[first];
        long offset = from + (vaddr - from & align - 1);
        long back = 0;
        if (d.headers) {
            back = vaddr & align - 1;
            offset = from - at.headerSize + (vaddr - (from - at.headerSize) & align - 1);
            if (back < at.headerSize) {
                report.error("no room for the program headers before section " + at.section(first).name() + " in segment " + d.name);
                back = 0;
            }
        }
        long fileEnd = offset;
        long memEnd = vaddr;
        long base = offset;
        for (int i = 0; i < d.sections.size(); i++) {
            int s = d.sections.get(i);
            done[s] = true;
            long delta = at.vma[s] - vaddr;
            if (isTbss(s)) {
                at.fileOffset[s] = base + delta;
                continue;
            }
            if (delta < 0 || at.lma[s] - paddr != delta) {
                if (at.size[s] > 0) {
                    report.add(Finding.error("section " + at.section(s).name() + " does not fit segment " + d.name + ": its address is 0x"
                            + Long.toHexString(at.vma[s]) + " (loaded at 0x" + Long.toHexString(at.lma[s]) + "), the segment starts at 0x"
                            + Long.toHexString(vaddr) + " (0x" + Long.toHexString(paddr) + ")").at("try: give it a segment of its own with :NAME"));
                }
                at.fileOffset[s] = base;
                continue;
            }
            at.fileOffset[s] = base + delta;
            if (at.type[s] != Elf.SHT_NOBITS) {
                fileEnd = Math.max(fileEnd, base + delta + at.size[s]);
            }
            if (Long.compareUnsigned(memEnd, at.vma[s] + at.size[s]) < 0) {
                memEnd = at.vma[s] + at.size[s];
            }
        }
        long p = d.paddr != null ? d.paddr : paddr - back;
        return new Addresses.Segment(d.name, d.type, flags(d), base - back, vaddr - back, p, fileEnd - base + back, memEnd - vaddr + back, align,
                d.sections.toArray());
    }

    private int flags(Draft d) {
        if (d.flags >= 0) {
            return d.flags;
        }
        int f = d.sections.isEmpty() && !d.headers ? 0 : Elf.PF_R;
        for (int i = 0; i < d.sections.size(); i++) {
            long sf = at.flags[d.sections.get(i)];
            f |= ((sf & Elf.SHF_WRITE) != 0 ? Elf.PF_W : 0) | ((sf & Elf.SHF_EXECINSTR) != 0 ? Elf.PF_X : 0);
        }
        return f;
    }

    private Addresses.Segment other(Draft d, Addresses.Segment[] made) {
        if (d.type == Elf.PT_PHDR || d.headers && d.sections.isEmpty()) {
            int ehdr = options.elfClass().ehdr;
            long size = at.headerSize - ehdr;
            long vaddr = 0;
            long paddr = 0;
            for (Addresses.Segment load : made) {
                if (load != null && load.offset() == 0) {
                    vaddr = load.vaddr() + ehdr;
                    paddr = load.paddr() + ehdr;
                }
            }
            return new Addresses.Segment(d.name, d.type, flags(d), ehdr, vaddr, paddr, size, size, options.elfClass().word, new int[0]);
        }
        if (d.sections.isEmpty()) {
            return new Addresses.Segment(d.name, d.type, flags(d), 0, 0, 0, 0, 0, emptyAlignment(d), new int[0]);
        }
        int first = d.sections.get(0);
        long align = 1;
        long fileEnd = at.fileOffset[first];
        long memEnd = at.vma[first];
        for (int i = 0; i < d.sections.size(); i++) {
            int s = d.sections.get(i);
            align = Math.max(align, at.align[s]);
            if (at.type[s] != Elf.SHT_NOBITS) {
                fileEnd = at.fileOffset[s] + at.size[s];
            }
            memEnd = at.vma[s] + at.size[s];
        }
        return new Addresses.Segment(d.name, d.type, flags(d), at.fileOffset[first], at.vma[first], d.paddr != null ? d.paddr : at.lma[first],
                fileEnd - at.fileOffset[first], memEnd - at.vma[first], align, d.sections.toArray());
    }

    /// What only a mistake in a script, or damage, asks for: a file that no disk holds.
    private void checkFileSize() {
        for (int s = 0; s < at.n; s++) {
            if (isLoaded(s) && at.type[s] != Elf.SHT_NOBITS && (at.size[s] > MOST_FILE || at.fileOffset[s] > MOST_FILE || at.fileOffset[s] < 0)) {
                report.add(Finding.error("section " + at.section(s).name() + " would make the file too large: 0x" + Long.toHexString(at.size[s])
                        + " bytes at file offset 0x" + Long.toHexString(at.fileOffset[s]))
                        .at("its address is 0x" + Long.toHexString(at.vma[s]) + "; try: give it a segment of its own, or look for a jump of the location counter"));
            }
        }
    }

    private long emptyAlignment(Draft d) {
        return d.type == Elf.PT_LOAD ? options.maxPageSize() : d.name.equals(STACK) ? 16 : options.elfClass().word;
    }

    /// Sections that would be loaded over each other: nothing good can come of it.
    private void checkOverlap() {
        var order = new IntList();
        for (int s = 0; s < at.n; s++) {
            if (isLoaded(s) && at.size[s] > 0 && at.type[s] != Elf.SHT_NOBITS) {
                order.add(s);
            }
        }
        int[] ids = order.toArray();
        klink.mem.IntSort.sort(ids, (a, b) -> Long.compareUnsigned(at.lma[a], at.lma[b]));
        for (int i = 1; i < ids.length; i++) {
            int a = ids[i - 1];
            int b = ids[i];
            if (Long.compareUnsigned(at.lma[b], at.lma[a] + at.size[a]) < 0) {
                report.add(Finding.error("section " + at.section(b).name() + " LMA [0x" + Long.toHexString(at.lma[b]) + ",0x"
                        + Long.toHexString(at.lma[b] + at.size[b] - 1) + "] overlaps section " + at.section(a).name() + " LMA [0x"
                        + Long.toHexString(at.lma[a]) + ",0x" + Long.toHexString(at.lma[a] + at.size[a] - 1) + "]"));
            }
        }
    }
}
