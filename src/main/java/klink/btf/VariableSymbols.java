package klink.btf;

import klink.dwarf.TypeReader;
import klink.mem.IntList;
import klink.mem.LongList;

/// The image's symbols of variables, by where they stand and by name. A small kernel has 300 of per-CPU data.
final class VariableSymbols {
    private final LongMap byPlace = new LongMap(1 << 10);
    private final IntList file = new IntList();
    private final LongList address = new LongList();
    private final LongList size = new LongList();
    /// The most bytes that a symbol of the same place has, by the first one.
    private final LongList most = new LongList();
    private final IntList isZero = new IntList();
    private final LongList hash = new LongList();
    private final Names names = new Names();
    private LongMap inSection;

    /// @param at       section of the file in the upper half, offset there in the lower; of a finished image, the address
    /// @param zero     whether its address in the image is 0
    void add(byte[] name, int nameAt, int inFile, long at, long bytes, boolean zero) {
        long key = place(inFile, at);
        int there = byPlace.get(key);
        if (bytes != 0 && there < 0) {
            byPlace.put(key, file.size());
        } else if (there >= 0) {
            most.set(there, Math.max(most.get(there), bytes));
        }
        most.add(bytes);
        file.add(inFile);
        address.add(at);
        size.add(bytes);
        isZero.add(zero ? 1 : 0);
        long h = TypeReader.hash(name, nameAt);
        hash.add(h);
        names.intern(h, name, nameAt);
    }

    private static long place(int file, long address) {
        long h = (address ^ (long) file << 40) * 0x9e37_79b9_7f4a_7c15L;
        h ^= h >>> 29;
        h = (h ^ file) * 0xbf58_476d_1ce4_e5b9L;
        return h == 0 ? 1 : h;
    }

    /// The first symbol of a place that has a size; -1 if there is none.
    int find(int inFile, long at) {
        return byPlace.get(place(inFile, at));
    }

    /// Whether a variable of so many bytes fits where it stands, as far as symbols tell.
    boolean isRoomFor(long bytes, int inFile, long at) {
        int there = find(inFile, at);
        return there < 0 || bytes <= most.get(there);
    }

    /// Whether a section of the image has a variable of that name.
    boolean hasNamed(int section, long nameHash, BtfEncoder.Places places) {
        if (inSection == null) {
            inSection = new LongMap(1 << 10);
            for (int i = 0; i < file.size(); i++) {
                long key = named(places.section(file.get(i), address.get(i)), hash.get(i));
                if (inSection.get(key) < 0) {
                    inSection.put(key, i);
                }
            }
        }
        return inSection.get(named(section, nameHash)) >= 0;
    }

    private static long named(int section, long hash) {
        long h = hash ^ section * 0x9e37_79b9_7f4a_7c15L;
        return h == 0 ? 1 : h;
    }

    boolean isZero(int i) {
        return isZero.get(i) != 0;
    }

    int size(int i) {
        return (int) size.get(i);
    }

    long hash(int i) {
        return hash.get(i);
    }

    /// The name's id in `into`, where it is added.
    int name(int i, Names into) {
        return into.intern(names, names.find(hash.get(i)));
    }
}
