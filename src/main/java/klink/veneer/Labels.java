package klink.veneer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.mem.IntList;
import klink.mem.LongList;
import klink.place.Placement;

/// The symbols of veneers, all local: one for each, and where a machine's psABI has mapping symbols (`$x`), one before each run of them,
/// since what stands before may be data to a disassembler.
///
/// They are named as GNU ld names them, since the kernel's tools know these names: scripts/kallsyms (6.1) and scripts/mksysmap (6.12)
/// leave out what ends in `_veneer` or has `.plt_branch.` in it. So kallsyms, whose size must be known before addresses are,
/// never lists them. System.map does in 6.1. Behind them stand the symbols of [Patches], which both list.
public final class Labels {
    private final IntList sections = new IntList();
    private final IntList infos = new IntList();
    private final IntList nameAt = new IntList();
    private final LongList addresses = new LongList();
    private final LongList sizes = new LongList();
    private final ByteArrayOutputStream names = new ByteArrayOutputStream();
    private byte[] bytes;
    private int veneers;
    private final boolean modes;

    private Labels(boolean modes) {
        this.modes = modes;
    }

    static Labels of(Machine machine, Placement place, Standing veneers, Patches patches, Addresses at, Sizes sizes) {
        var labels = new Labels(machine.hasModes());
        int[] host = veneers.host();
        long[] address = veneers.address();
        for (int i = 0; i < host.length; i++) {
            int out = place.outputOf(host[i]);
            if (i == 0 || host[i - 1] != host[i]) {
                labels.mapping(machine, out, address[i]);
            }
            int kind = veneers.kind()[i];
            boolean plain = veneers.groups() != null; // GNU ld says no more of these
            String name = veneers.name().apply(i);
            if (name == null) {
                continue; // a second one of that name
            }
            labels.add(out, plain ? Elf.STT_NOTYPE : Elf.STT_FUNC, address[i] | machine.veneerMode(kind), plain ? 0 : machine.veneerSize(kind), name);
            int[] map = machine.veneerMap(kind);
            for (int k = 0; map != null && k < map.length; k += 2) {
                labels.add(out, Elf.STT_NOTYPE, address[i] + map[k], 0, "$" + (char) map[k + 1]);
            }
        }
        labels.veneers = labels.count();
        patches.label(labels, machine, place, at, sizes);
        labels.bytes = labels.names.toByteArray();
        return labels;
    }

    void mapping(Machine machine, int out, long address) {
        if (machine.codeSymbol() != null) {
            add(out, Elf.STT_NOTYPE, address, 0, machine.codeSymbol());
        }
    }

    void add(int out, int type, long address, long size, String name) {
        sections.add(out);
        infos.add(Elf.STB_LOCAL << 4 | type);
        addresses.add(address);
        sizes.add(size);
        nameAt.add(names.size());
        names.writeBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    public int count() {
        return sections.size();
    }

    /// How many of them are of veneers: the first ones. Those of patches follow.
    public int ofVeneers() {
        return veneers;
    }

    /// The output section of symbol number `i`.
    public int section(int i) {
        return sections.get(i);
    }

    /// st_info.
    public int info(int i) {
        return infos.get(i);
    }

    public long address(int i) {
        return modes ? addresses.get(i) & 0xffff_ffffL : addresses.get(i);
    }

    /// The same, with the mode of a veneer that is entered in one.
    public long moded(int i) {
        return addresses.get(i);
    }

    public long size(int i) {
        return sizes.get(i);
    }

    /// What holds the names, one behind the other.
    public byte[] names() {
        return bytes;
    }

    public int nameOffset(int i) {
        return nameAt.get(i);
    }

    public int nameLength(int i) {
        return (i + 1 < count() ? nameAt.get(i + 1) : bytes.length) - nameAt.get(i);
    }
}
