package klink.script;

/// What fills the gaps of an output section: `=0xcccc` after x86's `.text`, so that a stray jump traps.
/// A hexadecimal number written plainly is a byte string as long as its digits (`0x90` is one byte,
/// `0x0090` two); any other expression is four bytes, most significant first (GNU ld manual, "Output
/// Section Fill"; against its word, parentheses or a unary plus around the number change nothing).
public record Fill(Expr value, Pos pos) {
    /// The bytes to repeat from the start of each gap.
    ///
    /// @param evaluated the value of [#value], not needed if that is a plain number
    public byte[] pattern(long evaluated) {
        if (value instanceof Expr.Num n && n.hexDigits() != null) {
            String hex = n.hexDigits();
            int odd = hex.length() & 1;
            byte[] bytes = new byte[(hex.length() + 1) / 2];
            for (int i = 0; i < hex.length(); i++) {
                int at = (i + odd) / 2;
                bytes[at] = (byte) (bytes[at] << 4 | Character.digit(hex.charAt(i), 16));
            }
            return bytes;
        }
        return new byte[] {
            (byte) (evaluated >> 24), (byte) (evaluated >> 16), (byte) (evaluated >> 8), (byte) evaluated
        };
    }
}
