package klink;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.UUID;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.image.Image;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.mem.Endian;
import klink.mem.LE;
import klink.place.Placement;

/// `.note.gnu.build-id`: an ELF note (gABI, "Note Section") with the name "GNU" and the type NT_GNU_BUILD_ID.
final class BuildIdNote {
    private static final int HEAD = 16;

    private final LinkOptions opt;
    private final Endian endian;
    private final ObjectFile object;

    private BuildIdNote(LinkOptions opt, Machine machine) {
        this.opt = opt;
        endian = machine.endian();
        object = ObjectFile.synthetic("<build id>", machine.number(), ".note.gnu.build-id", Elf.SHT_NOTE, Elf.SHF_ALLOC, 4);
    }

    /// Null if this link has none.
    static BuildIdNote plan(LinkOptions opt, Machine machine) {
        return opt.buildIdSize() == 0 || opt.relocatable ? null : new BuildIdNote(opt, machine);
    }

    ObjectFile object() {
        return object;
    }

    int size() {
        return HEAD + opt.buildIdSize();
    }

    /// The note with an id of zeros, which is what a hash over the image sees.
    byte[] empty() {
        return note(new byte[opt.buildIdSize()]);
    }

    /// Hashes the finished contents into the note.
    void write(Image image, Addresses at, Placement place, int section) {
        if (!place.isPlaced(section)) {
            return;
        }
        byte[] note = note(switch (opt.buildId) {
            case HEX -> opt.buildIdBytes;
            case UUID -> random();
            default -> Arrays.copyOf(image.contentHash(), opt.buildIdSize());
        });
        image.edit(place.outputOf(section), at.offset(section), note.length, bytes -> LE.putBytes(bytes, 0, note));
    }

    private static byte[] random() {
        var u = UUID.randomUUID();
        var b = new byte[16];
        LE.put64(b, 0, u.getMostSignificantBits());
        LE.put64(b, 8, u.getLeastSignificantBits());
        return b;
    }

    private byte[] note(byte[] id) {
        var out = new ByteArrayOutputStream();
        var head = new byte[12];
        endian.put32(head, 0, 4);
        endian.put32(head, 4, id.length);
        endian.put32(head, 8, Elf.NT_GNU_BUILD_ID);
        out.writeBytes(head);
        out.writeBytes(new byte[] {'G', 'N', 'U', 0});
        out.writeBytes(id);
        return out.toByteArray();
    }
}
