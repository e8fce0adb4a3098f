package klink.kallsyms;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// The assembly that scripts/kallsyms prints, as bytes: just the directives it uses, on a 64-bit or
/// 32-bit little-endian target.
final class AssemblerTables {
    private final Map<String, Integer> labels = new LinkedHashMap<>();
    private final Map<Integer, Long> textRelative = new LinkedHashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final int wordSize;
    private final long text;

    /// @param text the value of `_text`
    AssemblerTables(byte[] source, int wordSize, long text) {
        this.wordSize = wordSize;
        this.text = text;
        // one char per byte: names are bytes
        for (String line : new String(source, StandardCharsets.ISO_8859_1).split("\n")) {
            int comment = line.indexOf("\t/*");
            read((comment >= 0 ? line.substring(0, comment) : line).strip());
        }
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    Map<String, Integer> labels() {
        return labels;
    }

    /// Offset of each pointer against `_text`, and its addend.
    Map<Integer, Long> textRelative() {
        return textRelative;
    }

    private void read(String line) {
        if (line.isEmpty() || line.startsWith("#") || line.startsWith(".section") || line.startsWith(".globl")) {
            return;
        }
        if (line.endsWith(":")) {
            labels.put(line.substring(0, line.length() - 1), out.size());
            return;
        }
        if (line.equals("ALGN")) {
            while (out.size() % wordSize != 0) {
                out.write(0);
            }
            return;
        }
        int tab = line.indexOf(line.startsWith(".byte") ? ' ' : '\t');
        String rest = line.substring(tab + 1).strip();
        switch (line.substring(0, tab)) {
            case ".byte" -> {
                for (String b : rest.split(",")) {
                    out.write(Integer.decode(b.strip()));
                }
            }
            case ".short" -> little(Long.decode(rest), 2);
            case ".long" -> little(Long.decode(rest), 4);
            case ".asciz" -> {
                out.writeBytes(rest.substring(1, rest.length() - 1).getBytes(StandardCharsets.ISO_8859_1));
                out.write(0);
            }
            case "PTR" -> pointer(rest);
            default -> throw new IllegalArgumentException("directive: " + line);
        }
    }

    private void pointer(String operand) {
        if (!operand.startsWith("_text")) {
            little(Long.parseUnsignedLong(operand.replaceFirst("0x", ""), 16), wordSize);
            return;
        }
        String[] words = operand.split(" ");
        long constant = Long.parseUnsignedLong(words[2].replaceFirst("0x", ""), 16);
        long addend = words[1].equals("-") ? -constant : constant;
        textRelative.put(out.size(), addend);
        little(text + addend, wordSize);
    }

    private void little(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >>> 8 * i));
        }
    }
}
