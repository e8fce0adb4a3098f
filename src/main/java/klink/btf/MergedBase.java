package klink.btf;

/// Base BTF among the shapes of all workers; without types, where none is continued.
///
/// @param types  null for none
/// @param merged by shape of its worker: the merged one
record MergedBase(BaseTypes types, int[] merged) {
    static MergedBase none() {
        return new MergedBase(null, new int[1]);
    }

    /// Ids up to this are the base's.
    int lastId() {
        return types == null ? 0 : types.lastId();
    }

    /// 0 for functions and variables.
    int shape(int id) {
        return merged[types.shape(id)];
    }

    int[] references(int id) {
        return types.references(id);
    }
}
