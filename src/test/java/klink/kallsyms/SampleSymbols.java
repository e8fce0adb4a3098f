package klink.kallsyms;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;

/// Random symbols with the habits of a kernel's: shared beginnings, aliases, weak stubs by the hundred,
/// section bounds, percpu symbols at 0, names that the tools drop, names too long.
public final class SampleSymbols {
    /// One symbol; two are alike only by accident.
    public record Symbol(long address, char letter, String name) {
        boolean undefined() {
            return letter == 'U' || letter == 'w' || letter == 'v';
        }
    }

    private static final String[] BEGINNINGS = {"", "", "", "_", "__", "___", "__ksymtab_", "__kstrtab_", "__kstrtabns_", "__crc_",
        "__pfx_", "__SCT__tp_func_", "__start_", "__stop_", "__end_", "__x64_sys_", "__initcall__kmod_", "trace_event_raw_", ".L", "$d.",
        "__efistub_", "__pi_", "__kvm_nvhe_", "__kvm_nvhe_$", "__kcfi_typeid_", "__AArch64ADRPThunk_", "__ThumbV7PILongThunk_"};
    private static final String[] WORDS = {"kmem", "cache", "alloc", "free", "tcp", "v4", "rcv", "skb", "init", "exit", "show", "store",
        "pci", "probe", "lock", "un", "read", "write", "page", "irq", "handler", "dma", "map", "Xen", "ACPI", "net", "dev", "queue"};
    private static final String[] ENDINGS = {"", "", "", "", ".isra.0", ".cold", ".constprop.1", ".llvm.1234567", "_start", "_end", "_veneer",
        "_from_arm", "_from_thumb", ".long_branch.x", ".plt_branch.x", ".12", "$3", "_"};
    private static final String LETTERS = "tttttttTTTTTddddDDrrrrRbbBWWVinA?naUwvNu";
    private static final List<String> EXACT = List.of("L0", "L01", "_SDA_BASE_", "_SDA2_BASE_", "__gp", "__kernel_sigtramp",
        "__kernel_syscall_via_break", "kallsyms_offsets", "kallsyms_names", "kallsyms_seqs_of_names", "kallsyms_names2", "__start_",
        "__stop_x", "__end_", "__x_start", "__y_end", "___start", "_start", "_end", "__Thunk_", "__a1Thunk_b", "__a_Thunk_", "__aThunkx_", "$", ".L", "_");

    private final Random random;
    private final int wordSize;
    private final long text;
    private final List<Symbol> symbols = new ArrayList<>();
    private final HashSet<String> seen = new HashSet<>();

    public SampleSymbols(long seed, int count, int wordSize) {
        random = new Random(seed);
        this.wordSize = wordSize;
        text = wordSize == 8 ? 0xffffffff81000000L : 0xc0008000L;
        int textSize = count * 16;
        bounds(textSize);
        while (symbols.size() < count) {
            cluster(textSize);
        }
        for (String s : EXACT) {
            add(address(textSize), "AtdR".charAt(random.nextInt(4)), s);
        }
        // 511 is the limit, but with letter and NUL that is one byte more than the buffers of scripts/kallsyms
        // hold: of such a name it reads "" or another one when it sorts
        add(address(textSize), 't', "a".repeat(510));
        add(address(textSize), 't', "b".repeat(512));
        add(address(textSize), 'd', "__" + "long".repeat(120));
        add(address(textSize), 'd', "über_größe"); // bytes above 0x7f sort last
        Collections.shuffle(symbols, random);
    }

    /// The symbols, in the order of a symbol table: none.
    public List<Symbol> symbols() {
        return symbols;
    }

    long text() {
        return text;
    }

    /// What nm -n would print of them, by a plain sort.
    public byte[] nmOrder() {
        var sorted = new ArrayList<>(symbols);
        sorted.sort(Comparator.comparing((Symbol s) -> !s.undefined())
            .thenComparing((a, b) -> a.undefined() ? 0 : Long.compareUnsigned(a.address, b.address))
            .thenComparing((a, b) -> Arrays.compareUnsigned(bytes(a.name), bytes(b.name))));
        return lines(sorted);
    }

    /// In nm's format, in the order given.
    public static byte[] lines(List<Symbol> symbols) {
        var out = new ByteArrayOutputStream();
        for (Symbol s : symbols) {
            String value = s.undefined() ? " ".repeat(16) : String.format("%016x", s.address);
            out.writeBytes(bytes(value + " " + s.letter + " " + s.name + "\n"));
        }
        return out.toByteArray();
    }

    private static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    private void bounds(int textSize) {
        add(text, 'T', "_text");
        add(text + 64, 'T', "_stext");
        add(text + textSize / 2, 'T', "_etext");
        add(text + textSize / 2, 't', "on_etext");
        add(text + textSize * 3L / 4, 'T', "_sinittext");
        add(text + textSize * 7L / 8, 'T', "_einittext");
        add(text + textSize * 7L / 8, 'W', "on_einittext");
        add(0, 'D', "__per_cpu_start");
        add(0x8000, 'D', "__per_cpu_end");
        add(0x8000, 'd', "on_per_cpu_end");
    }

    private long address(int textSize) {
        return random.nextInt(8) == 0 ? random.nextInt(0x8001) : text + random.nextInt(textSize + 4096);
    }

    /// One to three symbols of an address; now and then a hundred.
    private void cluster(int textSize) {
        long at = address(textSize);
        int n = random.nextInt(500) == 0 ? 100 : 1 + random.nextInt(random.nextInt(4) == 0 ? 3 : 1);
        for (int i = 0; i < n; i++) {
            add(at, n == 100 ? 'W' : LETTERS.charAt(random.nextInt(LETTERS.length())), name());
        }
    }

    private String name() {
        var sb = new StringBuilder(BEGINNINGS[random.nextInt(random.nextInt(3) == 0 ? BEGINNINGS.length : 8)]);
        int words = 1 + random.nextInt(4);
        for (int i = 0; i < words; i++) {
            sb.append(i == 0 ? "" : "_").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return sb.append(ENDINGS[random.nextInt(random.nextInt(3) == 0 ? ENDINGS.length : 4)]).toString();
    }

    /// nm leaves the order of symbols alike in address and name to the symbol table; here there are none.
    private void add(long address, char letter, String name) {
        long value = wordSize == 8 ? address : address & 0xffff_ffffL;
        boolean undefined = letter == 'U' || letter == 'w' || letter == 'v';
        if (seen.add((undefined ? "" : Long.toHexString(value)) + " " + name)) {
            symbols.add(new Symbol(value, letter, name));
        }
    }
}
