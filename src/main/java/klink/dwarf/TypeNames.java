package klink.dwarf;

import klink.report.BadInput;

/// Names of [TypeEntries], and where a message about them points: debug information ([TypeReader]), or types that were made
/// before.
public interface TypeNames {
    /// 64 bits of hash of a name; the same for the same bytes wherever they are.
    long nameHash(int name);

    /// The bytes that hold a name, which begins at [#nameOffset] and ends with a NUL.
    byte[] nameBytes(int name);

    int nameOffset(int name);

    /// Damage at the offset of an entry, ready to throw.
    BadInput bad(int offset, String what);
}
