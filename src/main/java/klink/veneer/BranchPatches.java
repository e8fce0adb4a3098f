package klink.veneer;

import java.util.Arrays;
import klink.arch.Machine;
import klink.elf.Arm;
import klink.elf.Elf;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.place.Placement;

/// The patches for Cortex-A8 erratum 657417: branches that go on to where the one at fault wanted to go. They stand behind the veneers of the last
/// section of a group, Arm code first, and have no name in GNU ld.
final class BranchPatches extends Patches {
    /// Tables with a place for each patch, by id of the section that it stands behind, then as they stand: the id; how many bytes stand between
    /// the veneers and it; its form, of [ThumbCode]'s.
    private final int[] host;
    private final int[] offset;
    private final int[] form;
    /// The sections whose branches they serve, and where in them these are.
    private final int[] section;
    private final int[] site;
    /// Bytes of veneers between the section that a patch stands behind and its patches.
    private final int[] veneers;

    BranchPatches(int[] host, int[] offset, int[] form, int[] section, int[] site) {
        this(host, offset, form, section, site, new int[host.length]);
    }

    private BranchPatches(int[] host, int[] offset, int[] form, int[] section, int[] site, int[] veneers) {
        super(Erratum.CORTEX_A8_657417);
        this.host = host;
        this.offset = offset;
        this.form = form;
        this.section = section;
        this.site = site;
        this.veneers = veneers;
    }

    /// Bytes of a patch.
    static int size(int form) {
        return form == ThumbCode.CONDITIONAL ? 10 : 4;
    }

    @Override
    public int count() {
        return host.length;
    }

    @Override
    public String name(int i) {
        return "";
    }

    @Override
    public int section(int i) {
        return host[i];
    }

    /// What tells a branch from others: its section and place.
    long key(int i) {
        return key(section[i], site[i]);
    }

    static long key(int section, int site) {
        return (long) section << 32 | site;
    }

    static int section(long key) {
        return (int) (key >>> 32);
    }

    static int site(long key) {
        return (int) key;
    }

    int form(int i) {
        return form[i];
    }

    /// The one for a branch at `at` of a section; -1 if there is none.
    int find(int section, int at) {
        for (int i = 0; i < host.length; i++) {
            if (this.section[i] == section && site[i] == at) {
                return i;
            }
        }
        return -1;
    }

    /// Whether all are for the same branches as those of another table.
    boolean isAs(BranchPatches o) {
        return Arrays.equals(section, o.section) && Arrays.equals(site, o.site) && Arrays.equals(form, o.form);
    }

    /// The same patches, where so many bytes of veneers stand between a section and its patches.
    BranchPatches behind(int[] veneers) {
        var bytes = new int[host.length];
        for (int i = 0; i < host.length; i++) {
            bytes[i] = veneers[host[i]];
        }
        return new BranchPatches(host, offset, form, section, site, bytes);
    }

    void reserve(int[] bytes) {
        for (int i = 0; i < host.length; i++) {
            bytes[host[i]] += size(form[i]);
        }
    }

    @Override
    public long address(int i, Addresses at, Sizes sizes) {
        long start = at.addressOfInput(host[i]);
        return start + sizes.toVeneers(host[i], start) + veneers[i] + offset[i];
    }

    @Override
    void label(Labels labels, Machine machine, Placement place, Addresses at, Sizes sizes) {
        for (int i = 0; i < host.length; i++) {
            int out = place.outputOf(host[i]);
            long p = address(i, at, sizes);
            boolean thumb = form[i] != ThumbCode.SWITCHING_CALL;
            labels.add(out, Elf.STT_FUNC, p | (thumb ? Arm.THUMB : Arm.CODE), size(form[i]), "");
            labels.add(out, Elf.STT_NOTYPE, p, 0, thumb ? "$t" : "$a");
            if (form[i] == ThumbCode.CONDITIONAL) {
                labels.add(out, Elf.STT_NOTYPE, p + 2, 0, "$t");
            }
        }
    }
}
