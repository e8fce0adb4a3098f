package klink.cli;

import java.util.ArrayList;
import java.util.List;

/// Splits text into words as a shell does: white space between them; single and double quotes and the
/// backslash take what follows literally. For response files, `link.env` and the commands that kbuild
/// saves in `.vmlinux.cmd`.
final class ShellWords {
    private ShellWords() {}

    static List<String> split(String text) {
        var words = new ArrayList<String>();
        StringBuilder word = null;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c == '\\' && quote == '"' && i + 1 < text.length() ? text.charAt(++i) : c);
                }
            } else if (Character.isWhitespace(c)) {
                if (word != null) {
                    words.add(word.toString());
                    word = null;
                }
            } else {
                word = word == null ? new StringBuilder() : word;
                if (c == '"' || c == '\'') {
                    quote = c;
                } else {
                    word.append(c == '\\' && i + 1 < text.length() ? text.charAt(++i) : c);
                }
            }
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }
}
