package klink.kernel;

import java.util.List;

/// One name pattern of the kernel's section rules: a shell glob of which the kernel uses only `*`, for any
/// characters.
///
/// @param text the pattern, `.init.*`
public record NamePattern(String text) {
    /// Patterns from their texts.
    static List<NamePattern> list(String... texts) {
        var list = new NamePattern[texts.length];
        for (int i = 0; i < texts.length; i++) {
            list[i] = new NamePattern(texts[i]);
        }
        return List.of(list);
    }

    /// What the patterns of sections must be like, so that names can be sorted by their beginnings.
    static void needStarsAtEnd(List<NamePattern> patterns) {
        for (NamePattern p : patterns) {
            int star = p.text.indexOf('*');
            if (star >= 0 && star < p.text.length() - 1 || p.text.indexOf('+') >= 0) {
                throw new IllegalArgumentException("pattern of sections: " + p.text);
            }
        }
    }

    /// Whether one of `patterns` matches.
    public static boolean any(List<NamePattern> patterns, String name) {
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).matches(name)) {
                return true;
            }
        }
        return false;
    }

    public boolean matches(String name) {
        return matches(0, name, 0);
    }

    private boolean matches(int p, String name, int n) {
        for (; p < text.length(); p++, n++) {
            if (text.charAt(p) == '*') {
                if (p + 1 == text.length()) {
                    return true;
                }
                for (int from = n; from <= name.length(); from++) {
                    if (matches(p + 1, name, from)) {
                        return true;
                    }
                }
                return false;
            }
            if (n == name.length() || name.charAt(n) != text.charAt(p)) {
                return false;
            }
        }
        return n == name.length();
    }
}
