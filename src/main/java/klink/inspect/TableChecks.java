package klink.inspect;

import java.lang.foreign.MemorySegment;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;

/// The tables that the kernel searches by halves and does not sort itself when the build says that it did:
/// exceptions, ORC, mcount. One entry out of order makes a fault in user-copy code a panic, a stack trace
/// wrong, or ftrace patch the wrong bytes.
final class TableChecks {
    private static final int ORC_ENTRY = 6;

    private final ElfImage image;
    private final CheckList checks;

    TableChecks(ElfImage image, CheckList checks) {
        this.image = image;
        this.checks = checks;
    }

    void run() {
        exceptions();
        orc();
        mcount();
    }

    private void exceptions() {
        Section s = image.section("__ex_table").orElse(null);
        int entry = switch (image.fileHeader().machine()) {
            case Elf.EM_X86_64, Elf.EM_AARCH64 -> 12;
            case Elf.EM_PPC64, Elf.EM_ARM -> 8;
            default -> 0;
        };
        if (s == null || !s.hasBytes() || s.size() == 0 || entry == 0) {
            checks.none("extable", "no __ex_table");
            return;
        }
        checks.result("extable.sorted", s.size() % entry != 0 ? s.size() + " bytes are not whole entries of " + entry : unsorted(s, entry),
                s.size() / entry + " entries");
        int flag = image.symbols().find("main_extable_sort_needed");
        Section home = flag < 0 ? null : image.sectionAt(image.symbols().value(flag), 4).orElse(null);
        if (home == null) {
            checks.none("extable.flag", "no main_extable_sort_needed");
            return;
        }
        int value = image.endian().i32(image.data(), home.fileOffset() + image.symbols().value(flag) - home.address());
        checks.result("extable.flag", value == 0 ? null : "main_extable_sort_needed is " + value + ": the kernel will sort at boot, or believes it must",
                "main_extable_sort_needed is 0");
    }

    /// Entries whose first field is a 32-bit offset from itself, or on arm an address.
    private String unsorted(Section s, int entry) {
        MemorySegment bytes = image.bytes(s);
        long last = Long.MIN_VALUE;
        for (long at = 0; at + entry <= s.size(); at += entry) {
            long address = image.isWide() ? at + image.endian().i32(bytes, at) : image.endian().u32(bytes, at) - s.address();
            if (address < last) {
                return "entry " + at / entry + " is for 0x" + Long.toHexString(s.address() + address) + ", below the entry before it";
            }
            last = address;
        }
        return null;
    }

    private void orc() {
        Section ip = image.section(".orc_unwind_ip").orElse(null);
        Section orc = image.section(".orc_unwind").orElse(null);
        if (ip == null || orc == null || !ip.hasBytes() || !orc.hasBytes() || ip.size() == 0) {
            checks.none("orc", "no ORC tables");
            return;
        }
        int entry = image.fileHeader().machine() == Elf.EM_X86_64 ? ORC_ENTRY : 8;
        String wrong = null;
        if (ip.size() % 4 != 0 || orc.size() % entry != 0 || ip.size() / 4 != orc.size() / entry) {
            wrong = ip.size() + " bytes of addresses (4 each) do not go with " + orc.size() + " bytes of entries (" + entry + " each)";
        }
        checks.result("orc.sizes", wrong, ip.size() / 4 + " entries");
        checks.result("orc.sorted", unsorted(ip, 4), "by address");
    }

    private void mcount() {
        var symbols = image.symbols();
        int start = symbols.find("__start_mcount_loc");
        int stop = symbols.find("__stop_mcount_loc");
        long size = start < 0 || stop < 0 ? 0 : symbols.value(stop) - symbols.value(start);
        if (size == 0) {
            checks.none("mcount", "no mcount table");
            return;
        }
        int word = image.word();
        Section s = size < 0 || size % word != 0 ? null : image.sectionAt(symbols.value(start), size).orElse(null);
        if (s == null) {
            checks.fail("mcount", "__start_mcount_loc..__stop_mcount_loc are " + size + " bytes in no section");
            return;
        }
        var words = RelativeEntries.of(image);
        String wrong = null;
        long last = 0;
        for (long i = 0; i < size / word && wrong == null; i++) {
            long address = image.isWide() ? words.word(symbols.value(start) + 8 * i) : image.endian().u32(image.data(), s.fileOffset() + symbols.value(start) - s.address() + 4 * i);
            if (Long.compareUnsigned(address, last) < 0) {
                wrong = "entry " + i + " is for 0x" + Long.toHexString(address) + ", below the entry before it";
            }
            last = address;
        }
        if (wrong != null && words.count() > 0) {
            // scripts/sorttable.c of 6.1 and 6.12 cannot move RELATIVE entries along; the kernel sorts at boot.
            checks.none("mcount", size / word + " entries, not sorted: they move with the image");
            return;
        }
        checks.result("mcount", wrong, size / word + " entries, sorted");
    }
}
