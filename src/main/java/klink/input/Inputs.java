package klink.input;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import klink.par.Par;
import klink.report.BadInput;
import klink.report.Report;

/// The files of a link in command-line order, which is the only order: it decides section order and
/// with it the order of initcalls.
///
/// Objects (also the members of whole archives) are read at once, in parallel. Archives to search are
/// only indexed; which of their members join the link is settled by symbol resolution.
///
/// @param items objects and archives, in order
public record Inputs(List<Item> items) {
    /// What stands at one place of the command line.
    public sealed interface Item {}

    /// An object that is part of the link.
    public record Definite(ObjectFile file) implements Item {}

    /// Archives to search for what is still undefined: one, or all of a `--start-group`.
    public record Search(List<Archive> archives) implements Item {}

    /// An object that klink makes of other inputs, beside the passes that do not need it yet. It may turn out that there is
    /// none: null.
    public record Pending(Supplier<ObjectFile> file) implements Item {}

    /// Reads what `specs` name.
    /// @throws BadInput for a file that is not what it claims to be; missing files go to the report
    public static Inputs read(List<InputSpec> specs, int threads, Report report) {
        var slots = new ArrayList<Slot>();
        var lazies = new ArrayList<Archive>();
        int openGroup = 0;
        for (InputSpec spec : specs) {
            if (openGroup != 0 && spec.group() != openGroup) {
                slots.add(Slot.search(lazies));
                lazies = new ArrayList<>();
                openGroup = 0;
            }
            MemorySegment seg = map(spec.path(), report);
            if (seg == null) {
                continue;
            }
            if (!Archive.isArchive(seg)) {
                slots.add(new Slot(spec.path(), seg, null, null, null));
                continue;
            }
            Archive archive = Archive.read(spec.path(), seg, !spec.wholeArchive());
            if (spec.wholeArchive()) {
                for (Archive.Member m : archive.members()) {
                    slots.add(new Slot(displayName(archive, m), m.data(), null, archive, m));
                }
            } else if (spec.group() == 0) {
                slots.add(Slot.search(List.of(archive)));
            } else {
                openGroup = spec.group();
                lazies.add(archive);
            }
        }
        if (!lazies.isEmpty()) {
            slots.add(Slot.search(lazies));
        }
        var items = new Item[slots.size()];
        Par.loop(items.length, threads, (i, _) -> items[i] = slots.get(i).open(report));
        var list = new ArrayList<Item>(items.length);
        for (Item item : items) {
            if (item != null) {
                list.add(item);
            }
        }
        return new Inputs(list);
    }

    private record Slot(String name, MemorySegment seg, List<Archive> archives, Archive archive, Archive.Member member) {
        static Slot search(List<Archive> archives) {
            return new Slot(null, null, List.copyOf(archives), null, null);
        }

        Item open(Report report) {
            if (archives != null) {
                return new Search(archives);
            }
            ObjectFile file = archive != null ? Inputs.open(archive, member, report) : new ObjectFile(name, seg);
            return file == null ? null : new Definite(file);
        }
    }

    /// Reads one member of an archive that resolution asked for; null if it is missing, as reported.
    public static ObjectFile member(Archive archive, int member, Report report) {
        return open(archive, archive.members().get(member), report);
    }

    private static ObjectFile open(Archive archive, Archive.Member m, Report report) {
        MemorySegment seg = archive.thin() ? map(memberPath(archive, m), report) : m.data();
        return seg == null ? null : new ObjectFile(displayName(archive, m), archive.path(), archive.thin() ? memberPath(archive, m) : m.name(), seg);
    }

    private static String displayName(Archive archive, Archive.Member m) {
        return archive.thin() ? memberPath(archive, m) : archive.path() + "(" + m.name() + ")";
    }

    /// Paths of all members of a thin archive, in order; of another one, what they would be beside it.
    public static List<String> memberPaths(String path, Report report) {
        var paths = new ArrayList<String>();
        MemorySegment seg = map(path, report);
        if (seg != null && !Archive.isArchive(seg)) {
            throw new BadInput(path, 0, "not an archive");
        }
        if (seg != null) {
            Archive archive = Archive.read(path, seg, false);
            for (Archive.Member m : archive.members()) {
                paths.add(memberPath(archive, m));
            }
        }
        return paths;
    }

    private static String memberPath(Archive archive, Archive.Member m) {
        if (m.name().startsWith("/")) {
            return m.name();
        }
        int slash = archive.path().lastIndexOf('/');
        return slash < 0 ? m.name() : archive.path().substring(0, slash + 1) + m.name();
    }

    /// Files up to this size are read, larger ones mapped: setting up a mapping costs as much as copying
    /// 100 KB, and most of a kernel's objects are smaller.
    private static final long READ_LIMIT = 128 << 10;

    /// The bytes of a file; null when it cannot be opened, which goes to the report.
    public static MemorySegment map(String path, Report report) {
        try (var file = new RandomAccessFile(path, "r")) {
            long size = file.length();
            if (size <= READ_LIMIT) {
                var bytes = new byte[(int) size];
                file.readFully(bytes);
                return MemorySegment.ofArray(bytes);
            }
            return file.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.global());
        } catch (FileNotFoundException e) {
            report.error(new File(path).exists() ? "cannot read " + path + ": " + reason(e, path) : "cannot find " + path);
        } catch (IOException e) {
            report.error("cannot read " + path + ": " + e.getMessage());
        }
        return null;
    }

    /// The system's word for it, which the exception has in parentheses behind the path.
    private static String reason(FileNotFoundException e, String path) {
        String m = String.valueOf(e.getMessage());
        return m.startsWith(path + " (") && m.endsWith(")") ? m.substring(path.length() + 2, m.length() - 1) : m;
    }
}
