package klink.script;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A [Scope] over a layout that is known beforehand: `.text` (0) and `.data` (1) of [LdOracle]'s object.
final class FixedScope implements Scope {
    static final long TEXT = 0x10000;
    static final long DATA = 0x20044;
    static final String[] NAMES = {".text", ".data"};

    final Map<String, Value> symbols = new HashMap<>();
    final List<String> problems = new ArrayList<>();
    final List<Pos> places = new ArrayList<>();
    long dot;
    int section = Value.ABSOLUTE;

    FixedScope() {
        symbols.put("t0", Value.in(0, 0));
        symbols.put("t1", Value.in(0, 0x28));
        symbols.put("t2", Value.in(0, 0x5d));
        symbols.put("d0", Value.in(1, 0));
        symbols.put("d1", Value.in(1, 0x10));
        symbols.put("fixed", Value.absolute(0x4321));
        symbols.put("k", Value.absolute(0x123));
    }

    @Override
    public long dot() {
        return dot;
    }

    @Override
    public int section() {
        return section;
    }

    @Override
    public long address(int id) {
        return id == 0 ? TEXT : DATA;
    }

    @Override
    public Value symbol(String name) {
        return symbols.get(name);
    }

    @Override
    public boolean defined(String name) {
        return symbols.containsKey(name);
    }

    @Override
    public Value ofSection(Expr.SectionFn fn, String name) {
        int id = name.equals(".text") ? 0 : name.equals(".data") ? 1 : -1;
        if (id < 0) {
            return null;
        }
        return switch (fn) {
            case ADDR -> Value.in(id, 0);
            case LOADADDR -> Value.absolute(address(id) + 0x1000000);
            case SIZEOF -> Value.number(id == 0 ? LdOracle.TEXT_SIZE : LdOracle.DATA_SIZE);
            case ALIGNOF -> Value.number(1);
        };
    }

    @Override
    public long sizeofHeaders() {
        return 64;
    }

    @Override
    public long constant(String name) {
        return 0x1000;
    }

    @Override
    public Value segmentStart(String segment) {
        return segment.equals("text-segment") ? Value.number(0x400000) : null;
    }

    @Override
    public Value region(boolean length, String name) {
        return name.equals("ram") ? Value.number(length ? 0x100000 : 0x10000) : null;
    }

    @Override
    public void report(Problem problem, String what, Pos pos) {
        problems.add(problem + ": " + what);
        places.add(pos);
    }
}
