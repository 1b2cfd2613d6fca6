package dev.verge.load.jmh.traces;

/** Body sizes of a trace's objects; the traces state none. */
enum Sizes {
    /** All alike, and large enough that a hundredth of a small trace is more than the least that a tier takes. */
    EQUAL {
        @Override
        int bodyBytes(int object) {
            return 16 << 10;
        }
    },
    /** Between 1 KiB and 64 KiB, each doubling equally likely, by a hash of the object's number. */
    HASHED {
        @Override
        int bodyBytes(int object) {
            long mixed = (object + 1) * 0x9E3779B97F4A7C15L;
            mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
            double unit = (mixed >>> 11) * 0x1.0p-53;
            return (int) (SMALLEST * Math.pow((double) LARGEST / SMALLEST, unit));
        }
    };

    private static final int SMALLEST = 1 << 10;
    private static final int LARGEST = 64 << 10;

    abstract int bodyBytes(int object);
}
