package klink.report;

/// Input that cannot be read as what it claims to be: truncated, or with a field that points
/// outside its file. The one failure that is thrown where it is seen; everything else is reported to
/// [Report] and the pass goes on.
public final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long fileOffset;

    /// @param fileOffset bytes from the start of `file` (of the member, for `archive(member)` names)
    public BadInput(String file, long fileOffset, String what) {
        super(what, null, false, false);
        this.file = file;
        this.fileOffset = fileOffset;
    }

    public String file() {
        return file;
    }

    public long fileOffset() {
        return fileOffset;
    }

    /// As a finding: the fact first, then the place.
    public Finding finding() {
        return Finding.error(getMessage()).at(file + ": file offset 0x" + Long.toHexString(fileOffset));
    }
}
