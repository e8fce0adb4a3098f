package klink.bench;

import java.util.List;

/// Branches of Arm and Thumb code, and veneers: a few instructions and a word, which is the target or its distance. From Thumb code the first
/// is `bx pc`, and a halfword that nothing executes.
final class ArmDecoder implements BranchDecoder {
    private static final int KEPT = 6;

    /// The last instructions, and where they are.
    private final String[] texts = new String[KEPT];
    private final long[] places = new long[KEPT];
    private long target;
    private long begun;
    private long earlier;
    private long end;

    ArmDecoder() {
        java.util.Arrays.fill(texts, "");
    }

    @Override
    public List<String> types() {
        return List.of("R_ARM_CALL", "R_ARM_JUMP24", "R_ARM_PC24", "R_ARM_PLT32", "R_ARM_THM_CALL", "R_ARM_THM_JUMP24", "R_ARM_THM_JUMP19");
    }

    @Override
    public boolean hasAddends() {
        return false;
    }

    @Override
    public void take(long at, String text) {
        System.arraycopy(texts, 1, texts, 0, KEPT - 1);
        System.arraycopy(places, 1, places, 0, KEPT - 1);
        int comment = text.indexOf("\t@");
        texts[KEPT - 1] = comment < 0 ? text : text.substring(0, comment);
        places[KEPT - 1] = at;
        int tab = text.indexOf('\t');
        boolean branch = tab > 0 && text.charAt(0) == 'b' && !text.startsWith("bic") && !text.startsWith("bf");
        target = branch ? BranchDecoder.number(text, tab + 1, 16) : NONE;
        begun = NONE;
        earlier = NONE;
        if (text.startsWith(".word\t0x")) {
            word(BranchDecoder.number(text, 8, 16));
        } else if (text.startsWith("b\t") && back(3).equals("bx\tpc")) {
            begun = places[KEPT - 3];
            end = target;
        }
    }

    private String back(int n) {
        return texts[KEPT - n];
    }

    private void word(long word) {
        int length;
        long base = 0;
        if (back(2).equals("ldr\tpc, [pc, #-4]")) {
            length = 1;
        } else if (back(2).equals("bx\tip") && back(3).equals("ldr\tip, [pc]")) {
            length = 2;
        } else if (back(3).equals("ldr\tip, [pc]") && (back(2).equals("add\tpc, pc, ip") || back(2).equals("add\tpc, ip, pc"))) {
            length = 2;
            base = places[KEPT - 2] + 8;
        } else if (back(4).equals("ldr\tip, [pc, #4]") && back(3).equals("add\tip, pc, ip") && back(2).equals("bx\tip")) {
            length = 3;
            base = places[KEPT - 3] + 8;
        } else {
            return;
        }
        int first = KEPT - 1 - length;
        begun = places[first];
        end = word + base & 0xffff_fffeL;
        earlier = first >= 2 && texts[first - 2].equals("bx\tpc") ? places[first - 2] : NONE;
    }

    @Override
    public long target() {
        return target;
    }

    @Override
    public long begun() {
        return begun;
    }

    @Override
    public long begunEarlier() {
        return earlier;
    }

    @Override
    public long end() {
        return end;
    }
}
