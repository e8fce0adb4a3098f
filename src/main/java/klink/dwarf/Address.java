package klink.dwarf;

/// A place of an object: in which section, at what offset there.
record Address(int section, long offset) {}
