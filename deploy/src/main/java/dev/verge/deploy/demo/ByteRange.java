package dev.verge.deploy.demo;

/** What a {@code Range} header asks of a representation (RFC 9110 §14). */
sealed interface ByteRange {
    /** No usable range: the whole representation is sent. Several ranges are answered so too, as §14.2 allows. */
    record Whole() implements ByteRange {}

    /**
     * One part.
     *
     * @param first offset of its first byte
     * @param last offset of its last byte, inclusive
     */
    record Part(int first, int last) implements ByteRange {
        int length() {
            return last - first + 1;
        }
    }

    /** Nothing of the representation is in the range: 416 with its length. */
    record Unsatisfiable() implements ByteRange {}

    /** Reads {@code header} against a representation of {@code length} bytes. Anything malformed is ignored (§14.2). */
    static ByteRange parse(String header, int length) {
        String unit = "bytes=";
        if (!header.regionMatches(true, 0, unit, 0, unit.length()) || header.indexOf(',') >= 0) {
            return new Whole();
        }
        String range = header.substring(unit.length()).strip();
        int dash = range.indexOf('-');
        if (dash < 0 || !digits(range, 0, dash) || !digits(range, dash + 1, range.length())) {
            return new Whole();
        }
        boolean suffix = dash == 0;
        boolean open = dash == range.length() - 1;
        if (suffix && open) {
            return new Whole();
        }
        if (suffix) {
            long wanted = number(range.substring(1));
            return wanted == 0 || length == 0
                    ? new Unsatisfiable()
                    : new Part((int) Math.max(0, length - wanted), length - 1);
        }
        long first = number(range.substring(0, dash));
        long last = open ? Long.MAX_VALUE : number(range.substring(dash + 1));
        if (last < first) {
            return new Whole();
        }
        return first >= length ? new Unsatisfiable() : new Part((int) first, (int) Math.min(last, length - 1L));
    }

    private static boolean digits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** More digits than a long holds mean "past the end" just the same. */
    private static long number(String digits) {
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }
}
