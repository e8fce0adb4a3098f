package klink;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;
import klink.arch.Machine;
import klink.dynamic.DynamicSections;
import klink.dynamic.Movable;
import klink.dynamic.PackedWords;
import klink.dynamic.Relatives;
import klink.dynamic.WeakWords;
import klink.elf.Elf;
import klink.got.Got;
import klink.image.Image;
import klink.image.MovingWords;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.layout.Toc;
import klink.layout.TocEdit;
import klink.merge.MergedSections;
import klink.place.Placement;
import klink.resolve.Symbols;

/// The tables of an image that may be loaded anywhere: `.rela.dyn` and `.relr.dyn`, which list the words that hold addresses, and, where startup
/// code reads it, `.dynamic` with what that points to.
final class MovingTables {
    private final LinkOptions opt;
    private final Machine machine;
    private final ObjectFile words;
    /// Null if `.relr.dyn` is not asked for.
    private final ObjectFile packedTable;
    /// Null if no startup code asks for them.
    private final DynamicSections dynamic;
    private PackedWords packed;
    private long wordCount;
    /// Null where names that nothing defines are nobody's.
    private WeakWords weak;
    private boolean inReadOnly;

    private MovingTables(LinkOptions opt, Machine machine) {
        this.opt = opt;
        this.machine = machine;
        words = ObjectFile.synthetic("<moving words>", machine.number(), ".rela.dyn", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, 8, Elf.RELA_SIZE);
        packedTable = !opt.packDynamic ? null
                : ObjectFile.synthetic("<packed words>", machine.number(), ".relr.dyn", opt.androidRelr ? Elf.SHT_ANDROID_RELR : Elf.SHT_RELR, Elf.SHF_ALLOC, 8, 8);
        dynamic = machine.hasContents() ? new DynamicSections(machine.number()) : null;
    }

    /// Null if the image stays where it is linked to.
    static MovingTables plan(LinkOptions opt, Machine machine) {
        return opt.movable ? new MovingTables(opt, machine) : null;
    }

    /// The object that is linked before all others; null if there is none.
    ObjectFile first() {
        return dynamic == null ? null : dynamic.contents();
    }

    /// The tables of words, linked after all inputs.
    List<ObjectFile> tables() {
        return packedTable == null ? List.of(words) : List.of(words, packedTable);
    }

    /// The sections for startup code, linked last of all.
    List<ObjectFile> last() {
        return dynamic == null ? List.of() : dynamic.objects();
    }

    /// Finds the words that hold addresses of weak names which nothing defines, if those are listed.
    /// @return whether a name is to be in the symbol table for that
    IntPredicate findWeak(Symbols symbols, Placement place, TocEdit edit) {
        weak = dynamic == null ? null : WeakWords.of(symbols, place, machine.absoluteType(), edit, opt.threads);
        return weak == null ? _ -> false : weak::isNamed;
    }

    /// Settles the size of `.rela.dyn`: an entry for each word that holds an address which moves.
    /// @param early   addresses that tell how many entries `.relr.dyn` takes, but for a few
    /// @param edit    what becomes of the table of contents; null if that stays as it is
    /// @param names   the tables of kallsyms, some of whose words are addresses
    /// @param others  how many words more
    /// @param section the id of a made object's section
    Sizes settle(Symbols symbols, Placement place, Movable moves, Got got, TocEdit edit, Addresses early, KernelNames names, int others, Sizes sizes, ToIntFunction<ObjectFile> section) {
        Relatives.Counts counts = Relatives.count(symbols, place, moves, machine, opt.packDynamic, edit, opt.threads);
        wordCount = counts.words() + got.addressCount(moves) + names.relocationCount() + others;
        long spare = machine.countsDiscarded() ? counts.spare() + got.undefinedCount(symbols) : 0;
        Sizes settled = sizes;
        if (dynamic != null) {
            inReadOnly = counts.inReadOnly() || weak.inReadOnly();
            spare += weak.count();
            for (ObjectFile o : dynamic.objects()) {
                int id = section.applyAsInt(o);
                settled = settled.with(id, dynamic.size(o, weak.names(), symbols.names(), inReadOnly), settled.alignment(id));
            }
        }
        if (packedTable == null) {
            return settled.with(section.applyAsInt(words), (wordCount + spare) * Elf.RELA_SIZE, 8);
        }
        pack(counts, moves, got, names, section);
        return settled.with(section.applyAsInt(words), wordCount * Elf.RELA_SIZE, 8).with(packed.section(), packed.size(early), 8);
    }

    private void pack(Relatives.Counts counts, Movable moves, Got got, KernelNames names, ToIntFunction<ObjectFile> section) {
        packed = new PackedWords(section.applyAsInt(packedTable), counts.packed());
        if (got.table() != null) {
            packed.add(section.applyAsInt(got.table()), got.addressOffsets(moves));
            wordCount -= got.addressCount(moves);
        }
        if (names.relocationCount() == 1) { // the base of the others, which are no addresses
            packed.add(section.applyAsInt(names.object()), new int[] {names.offsetOfBase()});
            wordCount--;
        }
    }

    /// Makes room for so many words more.
    Sizes grown(int more, Sizes sizes, ToIntFunction<ObjectFile> section) {
        wordCount += more;
        int id = section.applyAsInt(words);
        return sizes.with(id, sizes.size(id) + (long) more * Elf.RELA_SIZE, 8);
    }

    /// Grows `.relr.dyn` if it is too small for these addresses; null if it is not.
    Sizes repacked(Addresses at, Sizes sizes) {
        long size = packed == null ? 0 : packed.size(at);
        return packed == null || size <= sizes.size(packed.section()) ? null : sizes.with(packed.section(), size, 8);
    }

    /// What lists those words as they are relocated.
    /// @param at where all is
    MovingWords movingWords(Movable moves, Addresses at, ToIntFunction<ObjectFile> section) {
        byte[] tail = weak == null ? new byte[0] : weak.entries(at, machine.absoluteType(), DynamicSections.FIRST_NAME);
        return new MovingWords(section.applyAsInt(words), moves, machine.absoluteType(), machine.unalignedType(), machine.relativeType(), opt.applyDynamic, wordCount, tail, packed);
    }

    /// The contents of what startup code reads.
    List<Image.Synthetic> fill(Symbols symbols, Placement place, MergedSections merged, Addresses at, Sizes sizes, ToIntFunction<ObjectFile> section) {
        var made = new ArrayList<Image.Synthetic>();
        if (dynamic != null) {
            made.add(new Image.Synthetic(section.applyAsInt(dynamic.contents()), DynamicSections.contents(Toc.base(symbols, machine, at, merged)), new long[0]));
            int table = section.applyAsInt(words);
            var facts = new DynamicSections.Facts(weak.names(), symbols.names(), inReadOnly, address(place, at, table), sizes.size(table), wordCount,
                    o -> address(place, at, section.applyAsInt(o)));
            for (ObjectFile o : dynamic.objects()) {
                made.add(new Image.Synthetic(section.applyAsInt(o), dynamic.bytes(o, facts, place, at), new long[0]));
            }
        }
        return made;
    }

    /// Where a made section is; 0 if the script dropped it.
    private static long address(Placement place, Addresses at, int section) {
        return place.isPlaced(section) ? at.addressOfInput(section) : 0;
    }
}
