package klink.script;

/// What an expression can ask of the link in progress. Layout implements it and changes its answers
/// from pass to pass; the evaluator keeps nothing.
public interface Scope {
    /// The location counter, always as an address.
    long dot();

    /// The output section whose braces the expression stands in, or [Value#ABSOLUTE] for an expression
    /// between sections, in a section's header (address, `AT`, `ALIGN`), or of `BYTE( )` and its like.
    int section();

    /// The address of an output section by id.
    long address(int section);

    /// The value of a symbol: [Value#ABSOLUTE] or in a section; null if it is not defined or its
    /// address is not known yet.
    Value symbol(String name);

    /// `DEFINED(name)`: whether an object defines it, or a statement of the script before this one.
    boolean defined(String name);

    /// What `ADDR` (in a section, offset 0), `LOADADDR` (absolute), `SIZEOF` and `ALIGNOF` (numbers) give;
    /// null if the section is nowhere in the script or not known yet. One that is in the script but not
    /// in the image has size 0.
    Value ofSection(Expr.SectionFn fn, String section);

    /// `SIZEOF_HEADERS`.
    long sizeofHeaders();

    /// `CONSTANT(name)`, MAXPAGESIZE or COMMONPAGESIZE: what `-z max-page-size` and the target say.
    long constant(String name);

    /// Takes what went wrong. The evaluation goes on, with an unknown value.
    void report(Problem problem, String what, Pos pos);

    /// ERROR is one whenever it is met. UNKNOWN is an error only once everything should be known, and
    /// FAILED_ASSERT only once values are final; before, layout ignores both.
    enum Problem { ERROR, UNKNOWN, FAILED_ASSERT }

    /// `ORIGIN` or `LENGTH` of a memory region, as a number; null if there is none of that name.
    default Value region(boolean length, String name) {
        return null;
    }

    /// What the command line says about a segment (`-Ttext-segment=`), as a number; null if nothing.
    default Value segmentStart(String segment) {
        return null;
    }

    /// `DATA_SEGMENT_ALIGN(maxPage, commonPage)`: the next address that a new page may start at with the
    /// same offset in the page, so that no page of the file is mapped twice for nothing.
    default long dataSegmentAlign(long maxPage, long commonPage) {
        long mask = maxPage - 1;
        return (dot() + mask & ~mask) + (dot() & mask);
    }

    /// `DATA_SEGMENT_RELRO_END(offset, address)`: without RELRO nothing moves.
    default long dataSegmentRelroEnd(long offset, long address) {
        return address;
    }
}
