package klink.dwarf;

import java.util.ArrayList;
import java.util.List;
import klink.mem.IntList;
import klink.mem.LongList;

/// Which line each instruction of an object comes from: the rows of all its line programs, in sequences of ascending
/// addresses. A kernel object has some thousand rows, and a sequence for each section of code.
final class LineTable {
    private final LongList addresses = new LongList();
    private final IntList files = new IntList();
    private final IntList lines = new IntList();
    private final List<Sequence> sequences = new ArrayList<>();
    private final List<LineProgram> programs = new ArrayList<>();

    /// Rows `first` to `end`, of addresses up to `to`.
    private record Sequence(LineProgram program, int section, int first, int end, long to) {}

    private LineProgram program;
    private int section;
    private int first;

    /// Reads and runs all programs of `.debug_line`.
    static LineTable read(DebugSections sections) {
        var table = new LineTable();
        DebugSection debugLine = sections.section(".debug_line");
        if (debugLine == null) {
            return table;
        }
        var c = new Cursor(debugLine, 0);
        while (!c.atEnd()) {
            var program = new LineProgram(sections, c);
            table.programs.add(program);
            program.run(c, table);
            c.leaveUnit(program.end());
        }
        return table;
    }

    void begin(LineProgram of, int inSection) {
        program = of;
        section = inSection;
        first = lines.size();
    }

    void add(long address, int file, int line) {
        addresses.add(address);
        files.add(file);
        lines.add(line);
    }

    void end(long address) {
        sequences.add(new Sequence(program, section, first, lines.size(), address));
    }

    /// The program at an offset of `.debug_line`, or null.
    LineProgram program(long offset) {
        for (LineProgram p : programs) {
            if (p.offset == offset) {
                return p;
            }
        }
        return null;
    }

    /// The directory that the object was compiled in, where the line table tells.
    String directory() {
        return programs.isEmpty() ? "" : programs.getFirst().directory();
    }

    /// The line of the first row at just this address: that of a function's head, before what the compiler moved there.
    SourceLine first(int ofSection, long address) {
        for (Sequence s : sequences) {
            for (int i = s.first; s.section == ofSection && address < s.to && i < s.end && addresses.get(i) <= address; i++) {
                if (addresses.get(i) == address) {
                    String path = s.program.path(files.get(i));
                    return path == null || lines.get(i) <= 0 ? null : new SourceLine(path, lines.get(i));
                }
            }
        }
        return null;
    }

    /// The line of an instruction: that of the last row at or before it. Code that a compiler made up has line 0; then
    /// the line before it counts.
    SourceLine at(int ofSection, long address) {
        for (Sequence s : sequences) {
            if (s.section != ofSection || address >= s.to || address < addresses.get(s.first)) {
                continue;
            }
            int low = s.first;
            int high = s.end;
            while (high - low > 1) {
                int middle = low + high >>> 1;
                if (addresses.get(middle) <= address) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            while (low > s.first && lines.get(low) <= 0) {
                low--;
            }
            String path = s.program.path(files.get(low));
            return path == null || lines.get(low) <= 0 ? null : new SourceLine(path, lines.get(low));
        }
        return null;
    }
}
