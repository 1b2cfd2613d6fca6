package dev.verge.sync.binding;

/** Stands in the place of a value that is not there. */
enum Mark {
    /** The value could not be made; its problem has been added. */
    MISTAKE,
    /** The field may be absent, and is. */
    NOTHING;

    boolean is(Object value) {
        return equals(value);
    }
}
