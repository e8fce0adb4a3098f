package klink.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.inspect.ElfImage.Segment;

/// Segments and sections: what a boot loader relies on when it copies a kernel into place, and the memory
/// that the kernel gives back after boot.
final class LayoutChecks {
    private static final long PAGE = 4096;
    /// The x86 decompressor refuses segments of less (arch/x86/boot/compressed/misc.c, parse_elf).
    private static final long X86_SEGMENT_ALIGN = 0x20_0000;

    private final ElfImage image;
    private final CheckList checks;

    LayoutChecks(ElfImage image, CheckList checks) {
        this.image = image;
        this.checks = checks;
    }

    void run() {
        sections();
        if (image.fileHeader().type() == Elf.ET_REL) {
            checks.none("segments", "a relocatable object has none");
            return;
        }
        var loads = new ArrayList<Segment>();
        for (Segment s : image.segmentList()) {
            if (s.type() == Elf.PT_LOAD) {
                loads.add(s);
            }
        }
        long bytes = 0;
        for (Segment s : loads) {
            bytes += s.memsz();
        }
        checks.result("segments.loads", loads.isEmpty() ? "no PT_LOAD segment" : null, loads.size() + " PT_LOAD, " + kib(bytes) + " in memory");
        checks.result("segments.align", alignment(loads), "power of two, address congruent to file offset");
        checks.result("segments.sizes", sizes(loads), "file size within memory size");
        String overlap = overlap(loads, "virtual", Comparator.comparing(Segment::vaddr, Long::compareUnsigned));
        checks.result("segments.overlap", overlap != null ? overlap
                : overlap(loads, "physical", Comparator.comparing(Segment::paddr, Long::compareUnsigned)), "none in virtual or physical memory");
        checks.result("segments.sections", coverage(loads), "every loaded section is in a segment, where the segment says");
        entry(loads);
        initMemory();
    }

    private static String kib(long bytes) {
        return String.format(java.util.Locale.ROOT, "%,d KiB", bytes + 1023 >> 10);
    }

    private String alignment(List<Segment> loads) {
        for (Segment s : loads) {
            long align = Math.max(1, s.align());
            if ((align & (align - 1)) != 0) {
                return describe(s) + " is aligned to 0x" + Long.toHexString(align) + ", not a power of two";
            }
            if ((s.vaddr() - s.fileOffset() & align - 1) != 0) {
                return describe(s) + " is at file offset 0x" + Long.toHexString(s.fileOffset()) + ", not congruent modulo 0x" + Long.toHexString(align);
            }
            if (image.fileHeader().machine() == Elf.EM_X86_64 && align % X86_SEGMENT_ALIGN != 0) {
                return describe(s) + " is aligned to 0x" + Long.toHexString(align) + "; the x86 decompressor wants a multiple of 2 MiB";
            }
        }
        return null;
    }

    private static String sizes(List<Segment> loads) {
        for (Segment s : loads) {
            if (Long.compareUnsigned(s.filesz(), s.memsz()) > 0) {
                return describe(s) + " has 0x" + Long.toHexString(s.filesz()) + " bytes in the file but 0x" + Long.toHexString(s.memsz()) + " in memory";
            }
        }
        return null;
    }

    private String overlap(List<Segment> loads, String kind, Comparator<Segment> order) {
        var sorted = new ArrayList<>(loads);
        sorted.sort(order);
        for (int i = 1; i < sorted.size(); i++) {
            Segment a = sorted.get(i - 1);
            Segment b = sorted.get(i);
            long gap = kind.equals("virtual") ? b.vaddr() - a.vaddr() : b.paddr() - a.paddr();
            if (Long.compareUnsigned(a.memsz(), gap) > 0 && !isOverlay(a, b)) {
                return describe(a) + " and " + describe(b) + " overlap in " + kind + " memory";
            }
        }
        return null;
    }

    /// Two parts of an overlay run at one address, to which each is copied from where it was loaded. Of all kernels only arm's has one: its exception
    /// vectors (arch/arm/kernel/vmlinux.lds.S, ARM_VECTORS).
    private boolean isOverlay(Segment a, Segment b) {
        return image.fileHeader().machine() == Elf.EM_ARM && a.vaddr() == b.vaddr() && a.paddr() != a.vaddr() && b.paddr() != b.vaddr() && a.paddr() != b.paddr();
    }

    private boolean isOverlay(Section a, Section b) {
        Segment x = null;
        Segment y = null;
        for (Segment s : image.segmentList()) {
            x = s.type() == Elf.PT_LOAD && s.fileOffset() <= a.fileOffset() && a.fileOffset() + a.size() <= s.fileOffset() + s.filesz() ? s : x;
            y = s.type() == Elf.PT_LOAD && s.fileOffset() <= b.fileOffset() && b.fileOffset() + b.size() <= s.fileOffset() + s.filesz() ? s : y;
        }
        return x != null && y != null && isOverlay(x, y);
    }

    private static String describe(Segment s) {
        return "the segment at 0x" + Long.toHexString(s.vaddr());
    }

    private String coverage(List<Segment> loads) {
        for (Section s : image.sections()) {
            if (!s.isAlloc() || s.size() == 0 || s.type() == Elf.SHT_NULL) {
                continue;
            }
            boolean found = false;
            for (Segment p : loads) {
                long into = s.address() - p.vaddr();
                boolean inMemory = Long.compareUnsigned(into, p.memsz()) <= 0 && Long.compareUnsigned(s.size(), p.memsz() - into) <= 0;
                boolean inFile = !s.hasBytes()
                        || s.fileOffset() - p.fileOffset() == into && Long.compareUnsigned(into + s.size(), p.filesz()) <= 0;
                found |= inMemory && inFile;
            }
            if (!found) {
                return s.name() + " at 0x" + Long.toHexString(s.address()) + " is in no PT_LOAD segment as a whole";
            }
        }
        return null;
    }

    /// Most kernels enter at a physical address, some at a virtual one.
    private void entry(List<Segment> loads) {
        long entry = image.fileHeader().entry();
        boolean found = false;
        for (Segment s : loads) {
            found |= Long.compareUnsigned(entry - s.paddr(), s.filesz()) < 0 || Long.compareUnsigned(entry - s.vaddr(), s.filesz()) < 0;
        }
        checks.result("segments.entry", found ? null : "entry 0x" + Long.toHexString(entry) + " is in no segment",
                "0x" + Long.toHexString(entry) + " is in a segment");
    }

    private void sections() {
        var sorted = new ArrayList<Section>();
        for (Section s : image.sections()) {
            if (s.isAlloc() && s.size() != 0 && (s.flags() & Elf.SHF_TLS) == 0) {
                sorted.add(s);
            }
        }
        sorted.sort(Comparator.comparing(Section::address, Long::compareUnsigned));
        String wrong = null;
        long bytes = 0;
        for (int i = 0; i < sorted.size(); i++) {
            Section s = sorted.get(i);
            bytes += s.size();
            boolean linked = image.fileHeader().type() != Elf.ET_REL;
            if (linked && s.align() > 1 && (s.address() & s.align() - 1) != 0) {
                wrong = s.name() + " at 0x" + Long.toHexString(s.address()) + " is not aligned to " + s.align();
            } else if (linked && i > 0 && Long.compareUnsigned(sorted.get(i - 1).size(), s.address() - sorted.get(i - 1).address()) > 0
                    && !isOverlay(sorted.get(i - 1), s)) {
                wrong = sorted.get(i - 1).name() + " and " + s.name() + " overlap";
            }
        }
        checks.result("sections", wrong, sorted.size() + " loaded, " + kib(bytes) + ", aligned, none overlap");
    }

    /// `__init_begin..__init_end`, what free_initmem gives back: whole pages.
    private void initMemory() {
        var symbols = image.symbols();
        int begin = symbols.find("__init_begin");
        int end = symbols.find("__init_end");
        if (begin < 0 || end < 0) {
            checks.none("init-memory", "no __init_begin and __init_end");
            return;
        }
        long from = symbols.value(begin);
        long to = symbols.value(end);
        String wrong = null;
        if (Long.compareUnsigned(from, to) >= 0) {
            wrong = "__init_end is not above __init_begin";
        } else if (from % PAGE != 0 || to % PAGE != 0) {
            wrong = "0x" + Long.toHexString(from) + "..0x" + Long.toHexString(to) + " is not whole pages";
        }
        checks.result("init-memory", wrong, kib(to - from) + " given back after boot");
    }
}
