package dev.verge.sandbox.host;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses what {@link Compressor} names. Input that ends early, goes on after its end or does not match its sums is wrong, as the
 * Compression Standard wants it; as a content coding, gzip may have several members one after the other (RFC 1952 §2.2).
 */
final class Decompressor implements Codec {
    private static final Wrong TRAILING = new Wrong("There is data after the end of the compressed data");
    private static final Wrong EARLY = new Wrong("The compressed data ends too early");
    private static final Wrong NOT_GZIP = new Wrong("The data is not gzip");

    /** Flags of a gzip header (RFC 1952 §2.3.1). */
    private static final int HEADER_SUM = 2;

    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private enum Place {
        FIXED_HEADER,
        EXTRA_LENGTH,
        EXTRA_FIELD,
        NAME_TEXT,
        COMMENT_TEXT,
        HEADER_CHECK,
        DATA,
        TRAILER,
        END
    }

    private final Inflater inflater;
    private final byte[] output = new byte[PIECE_BYTES];
    private final boolean gzip;
    private final boolean severalMembers;
    private final CRC32 sum = new CRC32();
    private Place place;
    private byte[] input = {};
    private int at;
    private int flags;
    /** Bytes of the present place that were read, and their value in little endian, or what is left of the extra field. */
    private int count;

    private long value;
    private int extraLeft;
    private long expectedSum;

    Decompressor(String format) {
        this(format, false);
    }

    Decompressor(String format, boolean severalMembers) {
        this.severalMembers = severalMembers;
        gzip = format.equals("gzip");
        place = gzip ? Place.FIXED_HEADER : Place.DATA;
        inflater = new Inflater(!format.equals("deflate"));
    }

    @Override
    public void feed(byte[] bytes) {
        input = bytes;
        at = 0;
        if (place == Place.DATA) {
            inflater.setInput(bytes);
        }
    }

    @Override
    public Pulled pull(boolean last) {
        while (true) {
            switch (place) {
                case DATA -> {
                    Pulled pulled = inflate(last);
                    if (!(pulled instanceof Wanting) || place == Place.DATA) {
                        return pulled;
                    }
                }
                case END -> {
                    if (at == input.length) {
                        return WANTING;
                    }
                    if (!gzip || !severalMembers) {
                        return TRAILING;
                    }
                    inflater.reset();
                    sum.reset();
                    enter(Place.FIXED_HEADER);
                }
                default -> {
                    if (at == input.length) {
                        return last ? EARLY : WANTING;
                    }
                    if (!take(input[at++] & 0xff)) {
                        return NOT_GZIP;
                    }
                }
            }
        }
    }

    private Pulled inflate(boolean last) {
        int length;
        try {
            length = inflater.inflate(output);
        } catch (DataFormatException e) {
            return new Wrong("The compressed data is damaged");
        }
        if (length > 0) {
            if (gzip) {
                sum.update(output, 0, length);
            }
            return Bytes.of(output, length);
        }
        if (inflater.needsDictionary()) {
            return new Wrong("The compressed data needs a dictionary");
        }
        if (inflater.finished()) {
            at = input.length - inflater.getRemaining();
            enter(gzip ? Place.TRAILER : Place.END);
            return WANTING;
        }
        return last ? EARLY : WANTING;
    }

    private void enter(Place next) {
        place = next;
        count = 0;
        value = 0;
        if (next == Place.DATA) {
            inflater.setInput(input, at, input.length - at);
        }
    }

    /** The next byte of a header or trailer; false when it cannot be there. */
    private boolean take(int next) {
        value |= (long) next << (8 * (count & 7));
        count++;
        switch (place) {
            case FIXED_HEADER -> {
                boolean right = switch (count) {
                    case 1 -> next == 0x1f;
                    case 2 -> next == 0x8b;
                    case 3 -> next == 8;
                    case 4 -> (next & RESERVED) == 0;
                    default -> true;
                };
                if (count == 4) {
                    flags = next;
                }
                if (count == 10) {
                    enter(after(Place.FIXED_HEADER));
                }
                return right;
            }
            case EXTRA_LENGTH -> {
                if (count == 2) {
                    extraLeft = (int) value;
                    enter(extraLeft == 0 ? after(Place.EXTRA_FIELD) : Place.EXTRA_FIELD);
                }
            }
            case EXTRA_FIELD -> {
                if (count == extraLeft) {
                    enter(after(Place.EXTRA_FIELD));
                }
            }
            case NAME_TEXT, COMMENT_TEXT -> {
                if (next == 0) {
                    enter(after(place));
                }
            }
            case HEADER_CHECK -> {
                if (count == 2) {
                    enter(Place.DATA);
                }
            }
            case TRAILER -> {
                if (count == 4) {
                    expectedSum = value;
                }
                if (count == 8) {
                    boolean right = expectedSum == sum.getValue()
                            && value >>> 32 == (inflater.getBytesWritten() & 0xffff_ffffL);
                    enter(Place.END);
                    return right;
                }
            }
            case DATA, END -> throw new IllegalStateException("no header at " + place);
        }
        return true;
    }

    /** The place after one, by the flags. */
    private Place after(Place present) {
        if (present.compareTo(Place.EXTRA_LENGTH) < 0 && (flags & EXTRA) != 0) {
            return Place.EXTRA_LENGTH;
        }
        if (present.compareTo(Place.NAME_TEXT) < 0 && (flags & NAME) != 0) {
            return Place.NAME_TEXT;
        }
        if (present.compareTo(Place.COMMENT_TEXT) < 0 && (flags & COMMENT) != 0) {
            return Place.COMMENT_TEXT;
        }
        return (flags & HEADER_SUM) != 0 ? Place.HEADER_CHECK : Place.DATA;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
