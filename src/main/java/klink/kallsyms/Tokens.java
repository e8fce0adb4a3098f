package klink.kallsyms;

import java.util.Arrays;

/// The compression of kallsyms names: the most frequent pair of neighbouring codes, over all strings,
/// becomes a new code; again and again until all 256 codes are taken. scripts/kallsyms.c does it by
/// searching every string in each of its 180 or so rounds; the table must come out the same to the byte,
/// as it is part of the image, but not by the same road.
///
/// Here each string stays where it is and a token lies over the bytes that it expands to, its code in
/// the first and in the last of them:
///
///                     T  _  _  k  f  r  e  e
///     "__" -> X       T  X  X  k  f  r  e  e
///     "re" -> Y       T  X  X  k  f  Y  Y  e
///     "fY" -> Z       T  X  X  k  Z  0  Z  e
///
/// The length of a code's expansion leads from either end to the other, so both neighbours of a token
/// are one read away and nothing moves. 0 separates strings. (Code 0 is made last, if ever, so no round
/// has to tell it from a separator.)
///
/// Where a pair occurs is found without searching. Pairs of two literals are indexed once. In any other
/// pair one code is the newer, and all its places were written down when it was made:
/// no later round adds any. A place noted earlier is still good if its first byte still has the code: a
/// byte only ever changes to a newer code or to 0. So a round costs what it replaces: 1.2 million
/// replacements for 100,000 names, 2.3 MB.
///
/// Pair counts are exact sums over all strings, hence independent of the order of strings and of the
/// order in which they are updated; so are the tokens, and each compressed string.
final class Tokens {
    private final byte[] text;
    private final int[] pairs = new int[1 << 16];
    private final int[] expansion = new int[256];

    private final boolean[] literal = new boolean[256];
    /// For a code that is no literal: its two parts, `first | second << 8`.
    private final int[] parts = new int[256];
    private final boolean[] made = new boolean[256];

    /// Places of pairs of literals, grouped by pair.
    private int[] literalPlaces;
    private final int[] literalEnd = new int[1 << 16];
    private final int[] literalStart = new int[1 << 16];

    /// Places of made codes, grouped by code, in the order of making.
    private int[] places;
    private int placed;
    private final int[] placesStart = new int[256];
    private final int[] placesEnd = new int[256];

    /// Pairs that occur, in no order; those that occur at least `floor` times are all among the first
    /// `active`, so that a round looks at some hundred pairs of the 15,000.
    private int[] candidates;
    private int candidateCount;
    private int active;
    private int floor;
    private int replaced;

    /// Compresses strings in place.
    ///
    /// @param text a 0, then strings, each with a 0 behind it; it is overwritten
    Tokens(byte[] text) {
        this.text = text;
        places = new int[text.length / 2 + 64]; // half of all bytes vanish; grown if it is more
        countPairs();
        indexLiterals();
        for (int code = 255; code >= 0; code--) {
            if (!literal[code] && !make(code)) {
                break;
            }
        }
        literalPlaces = null;
        places = null;
        candidates = null;
    }

    private void countPairs() {
        byte[] t = text;
        int[] count = pairs;
        int last = 0;
        for (int i = 1; i < t.length; i++) {
            int c = t[i] & 0xff;
            count[last | c << 8]++;
            last = c;
        }
        for (int p = 0; p < pairs.length; p++) {
            int first = p & 0xff;
            int second = p >>> 8;
            if (pairs[p] != 0) {
                literal[first] = true;
                literal[second] = true;
                if (first == 0 || second == 0) {
                    pairs[p] = 0;
                }
            }
        }
        literal[0] = false;
        Arrays.fill(expansion, 1);
    }

    private void indexLiterals() {
        candidates = new int[1 << 12];
        floor = Integer.MAX_VALUE;
        int sum = 0;
        for (int p = 0; p < pairs.length; p++) {
            literalStart[p] = sum;
            literalEnd[p] = sum;
            if (pairs[p] != 0) {
                candidate(p);
                sum += pairs[p];
            }
        }
        literalPlaces = new int[sum];
        byte[] t = text;
        int[] list = literalPlaces;
        int[] end = literalEnd;
        int last = 0;
        for (int i = 1; i < t.length; i++) {
            int c = t[i] & 0xff;
            if (c != 0 && last != 0) {
                list[end[last | c << 8]++] = i - 1;
            }
            last = c;
        }
    }

    private void candidate(int pair) {
        if (candidateCount == candidates.length) {
            candidates = Arrays.copyOf(candidates, candidateCount * 2);
        }
        candidates[candidateCount++] = pair;
        if (pairs[pair] >= floor) {
            swap(active++, candidateCount - 1);
        }
    }

    private void swap(int i, int j) {
        int pair = candidates[i];
        candidates[i] = candidates[j];
        candidates[j] = pair;
    }

    /// The pair of the highest count, the lowest of several; -1 if none occurs.
    private int best() {
        int best = bestActive();
        if (best < 0 || pairs[best] < floor) {
            lowerFloor();
            best = bestActive();
        }
        return best;
    }

    private int bestActive() {
        int best = -1;
        int bestCount = 0;
        for (int i = 0; i < active; i++) {
            int p = candidates[i];
            int count = pairs[p];
            if (count > bestCount || (count == bestCount && count != 0 && p < best)) {
                best = p;
                bestCount = count;
            }
        }
        return best;
    }

    /// Divides the candidates anew, at half of the highest count left. A pair that occurs no more never
    /// comes back, as only pairs of the newest code gain; it leaves the list.
    private void lowerFloor() {
        int kept = 0;
        int highest = 0;
        for (int i = 0; i < candidateCount; i++) {
            int p = candidates[i];
            if (pairs[p] != 0) {
                candidates[kept++] = p;
                highest = Math.max(highest, pairs[p]);
            }
        }
        candidateCount = kept;
        floor = highest / 2 + 1;
        active = 0;
        for (int i = 0; i < kept; i++) {
            if (pairs[candidates[i]] >= floor) {
                swap(active++, i);
            }
        }
    }

    /// One round; false if no pair is left.
    private boolean make(int code) {
        int pair = best();
        if (pair < 0) {
            return false;
        }
        int a = pair & 0xff;
        int b = pair >>> 8;
        parts[code] = pair;
        made[code] = true;
        expansion[code] = expansion[a] + expansion[b];
        if (places.length - placed < pairs[pair]) {
            places = Arrays.copyOf(places, Math.max(places.length * 2, placed + pairs[pair]));
        }
        placesStart[code] = placed;
        if (literal[a] && literal[b]) {
            replace(code, a, b, literalPlaces, literalStart[pair], literalEnd[pair], 0);
        } else if (literal[b] || (!literal[a] && a <= b)) { // codes are made in falling order: a is the newer
            replace(code, a, b, places, placesStart[a], placesEnd[a], 0);
        } else {
            replace(code, a, b, places, placesStart[b], placesEnd[b], expansion[a]);
        }
        placesEnd[code] = placed;
        for (int c = 0; c < 256; c++) {
            if (pairs[c | code << 8] != 0) {
                candidate(c | code << 8);
            }
            if (c != code && pairs[code | c << 8] != 0) {
                candidate(code | c << 8);
            }
        }
        return true;
    }

    /// Replaces a then b by code wherever the list says they may be, in ascending order, so that of
    /// overlapping occurrences the left one wins.
    ///
    /// @param back how far before a listed place the pair begins
    private void replace(int code, int a, int b, int[] list, int from, int to, int back) {
        byte[] t = text;
        int[] count = pairs;
        int[] out = places;
        int at = placed;
        int aLength = expansion[a];
        int length = expansion[code];
        for (int k = from; k < to; k++) {
            int p = list[k] - back;
            // seen from the listed token: is it still there, is its neighbour what it should be
            if (back == 0 ? t[p] != (byte) a || t[p + aLength] != (byte) b : t[p + back] != (byte) b || t[p + back - 1] != (byte) a) {
                continue;
            }
            int before = t[p - 1] & 0xff;
            int behind = t[p + length] & 0xff;
            t[p + aLength] = 0;
            t[p] = (byte) code;
            t[p + length - 1] = (byte) code;
            if (before != 0) {
                count[before | a << 8]--;
                count[before | code << 8]++;
            }
            if (behind != 0) {
                count[b | behind << 8]--;
                count[code | behind << 8]++;
            }
            out[at++] = p;
        }
        count[a | b << 8] -= at - placed;
        replaced += at - placed;
        placed = at;
    }

    /// Codes that all strings have lost together.
    int replaced() {
        return replaced;
    }

    /// Codes of the compressed string that began at `from` and was `length` bytes long.
    int encodedLength(int from, int length) {
        int n = 0;
        for (int i = from; i < from + length; i += expansion[text[i] & 0xff]) {
            n++;
        }
        return n;
    }

    /// Writes the compressed string that began at `from` and was `length` bytes long; returns its end.
    int encode(int from, int length, byte[] out, int at) {
        byte[] t = text;
        int[] e = expansion;
        int o = at;
        for (int i = from; i < from + length; ) {
            byte c = t[i];
            out[o++] = c;
            i += e[c & 0xff];
        }
        return o;
    }

    /// The 256 expansions, each with its NUL, in code order. Unused codes expand to nothing.
    ///
    /// @param offsets filled with the offset of each
    byte[] table(int[] offsets) {
        int size = 0;
        for (int c = 0; c < 256; c++) {
            offsets[c] = size;
            size += (literal[c] || made[c] ? expansion[c] : 0) + 1;
        }
        var table = new byte[size];
        for (int c = 0; c < 256; c++) {
            if (literal[c] || made[c]) {
                expand(c, table, offsets[c]);
            }
        }
        return table;
    }

    /// Depth of recursion: a part is older than its whole, so at most 256.
    private void expand(int code, byte[] out, int at) {
        if (literal[code]) {
            out[at] = (byte) code;
        } else {
            int first = parts[code] & 0xff;
            expand(first, out, at);
            expand(parts[code] >>> 8, out, at + expansion[first]);
        }
    }
}
