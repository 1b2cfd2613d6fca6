package dev.verge.sandbox.host;

import java.util.List;

/** ISO-2022-JP (Encoding Standard §12.2.1). Its state between chunks is a text of a character for each part. */
final class Iso2022JpDecoder {
    private enum State {
        ASCII,
        ROMAN,
        KATAKANA,
        LEAD,
        TRAIL,
        ESCAPE_START,
        ESCAPE
    }

    private static final List<State> STATES = List.of(State.values());
    private static final int END = -1;

    private State state = State.ASCII;
    private State output = State.ASCII;
    private boolean switched;
    private int lead;

    Iso2022JpDecoder(String rest) {
        if (rest.length() == 4) {
            state = STATES.get(rest.charAt(0) % STATES.size());
            output = STATES.get(rest.charAt(1) % STATES.size());
            switched = rest.charAt(2) == 1;
            lead = rest.charAt(3);
        }
    }

    /** Decodes all, and gives the state that is left. */
    String decode(byte[] in, DecodedText out, boolean last) {
        int at = 0;
        while (at < in.length) {
            int next = in[at++] & 0xff;
            // A byte that a broken escape sequence gives back comes after those before it, which are ASCII.
            if (!step(next, out)) {
                at--;
            }
        }
        if (last) {
            end(out);
        }
        return new String(new char[] {
            (char) STATES.indexOf(state), (char) STATES.indexOf(output), (char) (switched ? 1 : 0), (char) lead
        });
    }

    private void end(DecodedText out) {
        while (state == State.TRAIL || state == State.ESCAPE_START || state == State.ESCAPE) {
            step(END, out);
        }
    }

    /** Takes a byte; false when it is to be taken again. */
    private boolean step(int next, DecodedText out) {
        boolean escape = next == 0x1b;
        switch (state) {
            case ASCII, ROMAN, KATAKANA, LEAD -> {
                if (escape) {
                    state = State.ESCAPE_START;
                    return true;
                }
                switched = false;
                character(next, out);
            }
            case TRAIL -> {
                if (escape) {
                    state = State.ESCAPE_START;
                    out.wrong();
                    return true;
                }
                state = State.LEAD;
                String found = next >= 0x21 && next <= 0x7e ? CharacterTables.jis0208(lead + 0x80, next + 0x80) : "";
                if (found.isEmpty()) {
                    out.wrong();
                } else {
                    out.add(found);
                }
            }
            case ESCAPE_START -> {
                if (next == 0x24 || next == 0x28) {
                    lead = next;
                    state = State.ESCAPE;
                    return true;
                }
                broken(out);
                return false;
            }
            case ESCAPE -> {
                return escape(next, out);
            }
        }
        return true;
    }

    private boolean escape(int next, DecodedText out) {
        int begun = lead;
        lead = 0;
        State wanted = null;
        if (begun == 0x28) {
            wanted = next == 0x42 ? State.ASCII : next == 0x4a ? State.ROMAN : next == 0x49 ? State.KATAKANA : null;
        } else if (next == 0x40 || next == 0x42) {
            wanted = State.LEAD;
        }
        if (wanted != null) {
            state = output = wanted;
            if (switched) {
                out.wrong();
            }
            switched = true;
            return true;
        }
        broken(out);
        // The byte after ESC was no escape: it is a character of the state before.
        step(begun, out);
        return false;
    }

    private void broken(DecodedText out) {
        switched = false;
        state = output;
        out.wrong();
    }

    private void character(int next, DecodedText out) {
        boolean printable = next <= 0x7f && next != 0x0e && next != 0x0f;
        switch (state) {
            case ASCII -> addOr(printable, next, out);
            case ROMAN -> addOr(printable, next == 0x5c ? 0xa5 : next == 0x7e ? 0x203e : next, out);
            case KATAKANA -> addOr(next >= 0x21 && next <= 0x5f, 0xff61 - 0x21 + next, out);
            default -> {
                if (next >= 0x21 && next <= 0x7e) {
                    lead = next;
                    state = State.TRAIL;
                } else {
                    out.wrong();
                }
            }
        }
    }

    private static void addOr(boolean right, int character, DecodedText out) {
        if (right) {
            out.add(character);
        } else {
            out.wrong();
        }
    }
}
