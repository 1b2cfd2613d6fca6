package dev.verge.node;

import static dev.verge.node.StrictRequest.HOST;

import dev.verge.node.StrictRequest.Cases;

/** The part of {@link StrictRequests} about content, and about fields that ask for something. */
final class StrictContent {
    private static final String END = "\r\n0\r\n\r\n";

    private StrictContent() {}

    static void chunks(Cases c) {
        c.refusedChunks(400, "an empty size", "\r\nhello" + END);
        c.refusedChunks(400, "a negative size", "-5\r\nhello" + END);
        c.refusedChunks(400, "a signed size", "+5\r\nhello" + END);
        c.refusedChunks(400, "0x", "0x5\r\nhello" + END);
        c.refusedChunks(400, "no hexadecimal digit", "g\r\nhello" + END);
        c.refusedChunks(400, "a space before the size", " 5\r\nhello" + END);
        c.refusedChunks(400, "a space after the size", "5 \r\nhello" + END);
        c.refusedChunks(400, "a tab after the size", "5\t\r\nhello" + END);
        c.refusedChunks(400, "a vertical tab after the size", "5\u000b\r\nhello" + END);
        c.refusedChunks(400, "NUL after the size", "5\0\r\nhello" + END);
        c.refusedChunks(400, "an underscore in the size", "0_5\r\nhello" + END);
        c.refusedChunks(400, "a comma", "5,\r\nhello" + END);
        c.refusedChunks(413, "16 digits", "ffffffffffffffff\r\nhello" + END);
        c.refusedChunks(413, "17 digits that overflow", "10000000000000005\r\nhello" + END);
        c.refusedChunks(400, "17 digits, most of them zeros", "00000000000000005\r\nhello" + END);
        c.refusedChunks(413, "a chunk of 2 GiB", "80000000\r\nhello" + END);
        c.refusedChunks(400, "a bare LF after the size", "5\nhello" + END);
        c.refusedChunks(400, "a bare CR after the size", "5\rhello" + END);
        c.refusedChunks(400, "CR and text after the size", "5\rX\nhello" + END);
        c.refusedChunks(400, "a bare LF after the data", "5\r\nhello\n0\r\n\r\n");
        c.refusedChunks(400, "a bare CR after the data", "5\r\nhello\r0\r\n\r\n");
        c.refusedChunks(400, "data longer than its size", "4\r\nhello" + END);
        c.refusedChunks(400, "data shorter than its size", "6\r\nhello" + END);
        c.refusedChunks(400, "two bytes in place of the line's end", "5\r\nhelloXX0\r\n\r\n");
        c.refusedChunks(400, "a bare LF after the last chunk", "5\r\nhello\r\n0\n\r\n");
        c.refusedChunks(400, "a bare LF ends the message", "5\r\nhello\r\n0\r\n\n");
        c.refusedChunks(400, "a bare CR ends the message", "5\r\nhello\r\n0\r\n\rx");
        c.passesChunks("one chunk", "5\r\nhello" + END, "\ncontent-length: 5\n", "\n\nhello");
        c.passesChunks("two chunks", "2\r\nhe\r\n3\r\nllo" + END, "\n\nhello");
        c.passesChunks("leading zeros in a size", "000005\r\nhello\r\n000\r\n\r\n", "\n\nhello");
        c.passesChunks(
                "hexadecimal digits in both cases", "a\r\n0123456789\r\nA\r\nabcdefghij" + END, "0123456789abcdefghij");
        c.passesChunks("no content at all", "0\r\n\r\n", "POST / ");
        c.passesChunks("line ends within data", "7\r\na\r\n0\r\n\r" + END, "\n\na\r\n0\r\n\r");
    }

    static void extensions(Cases c) {
        c.refusedChunks(400, "an extension with a bare LF", "5;a\nhello" + END);
        c.refusedChunks(400, "an extension with a bare CR", "5;a\rb\r\nhello" + END);
        c.refusedChunks(400, "an extension without a name", "5;\r\nhello" + END);
        c.refusedChunks(400, "an extension with an empty value", "5;a=\r\nhello" + END);
        c.refusedChunks(400, "an extension with an open quote", "5;a=\"b\r\nhello" + END);
        c.refusedChunks(400, "a quote within a token", "5;a=b\"c\r\nhello" + END);
        c.refusedChunks(400, "text behind a quoted value", "5;a=\"b\"c\r\nhello" + END);
        c.refusedChunks(400, "an LF in a quoted value", "5;a=\"\n\"\r\nhello" + END);
        c.refusedChunks(400, "a control byte in a quoted value", "5;a=\"\u0001\"\r\nhello" + END);
        c.refusedChunks(400, "8-bit bytes in a quoted value", "5;a=\"\u00e4\"\r\nhello" + END);
        c.refusedChunks(400, "an 8-bit quoted pair", "5;a=\"\\\u00e4\"\r\nhello" + END);
        c.refusedChunks(400, "white space at the end of an extension", "5;a=b \r\nhello" + END);
        c.refusedChunks(400, "a control byte in an extension", "5;a\u0007\r\nhello" + END);
        c.refusedChunks(400, "an overlong extension", "5;a=" + "b".repeat(5000) + "\r\nhello" + END);
        c.refusedChunks(
                400, "many extensions together", ("1;" + "b".repeat(500) + "\r\nx\r\n").repeat(10) + "0\r\n\r\n");
        c.passesChunks("an extension", "5;a\r\nhello" + END, "\n\nhello", "!;a");
        c.passesChunks("an extension with a value", "5;a=b\r\nhello" + END, "\n\nhello", "!a=b");
        c.passesChunks("a quoted value", "5;a=\"b;\\\"c\";d\r\nhello\r\n0;e\r\n\r\n", "\n\nhello", "!;d");
        c.passesChunks("white space where it was once allowed", "5 ; a = b\r\nhello" + END, "\n\nhello");
    }

    private static void trailer(Cases c, int status, String name, String lines) {
        c.refusedChunks(status, name, "5\r\nhello\r\n0\r\n" + lines + "\r\n\r\n");
    }

    static void trailers(Cases c) {
        trailer(c, 400, "a length in the trailer", "Content-Length: 5");
        trailer(c, 400, "a coding in the trailer", "Transfer-Encoding: chunked");
        trailer(c, 400, "a host in the trailer", "Host: b.example");
        trailer(c, 400, "a disguised length in the trailer", "Content_Length: 5");
        trailer(c, 400, "no colon in the trailer", "X");
        trailer(c, 400, "a space before a colon in the trailer", "X : y");
        trailer(c, 400, "a folded trailer", "X: y\r\n z");
        trailer(c, 400, "a bare LF in the trailer", "X: y\nZ: z");
        trailer(c, 400, "a bare CR in the trailer", "X: y\rZ: z");
        trailer(c, 400, "a control byte in the trailer", "X: \u0001");
        trailer(c, 431, "too many trailer fields", "X: y\r\n".repeat(200) + "X: y");
        trailer(c, 431, "an overlong trailer", "X: " + "y".repeat(40_000));
        c.passesChunks(
                "trailer fields are never merged",
                "5\r\nhello\r\n0\r\nX-Late: 1\r\nAuthorization: late\r\n\r\n",
                "\n\nhello\nX-Late: 1",
                "!authorization");
    }

    static void meanings(Cases c) {
        String post = "POST /m HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n";
        c.refused(417, "an unknown expectation", post + "Expect: the-unexpected\r\n\r\nhello");
        c.refused(417, "two expectations", post + "Expect: 100-continue, more\r\n\r\nhello");
        c.passes("an empty expectation", post + "Expect:\r\n\r\nhello", "\n\nhello");
        c.passes("an expectation whose content is there", post + "Expect: 100-continue\r\n\r\nhello", "\n\nhello");
        c.passes(
                "an upgrade to h2c is not heard",
                "GET /m HTTP/1.1\r\n" + HOST
                        + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
                "GET /m HTTP/1.1\n",
                "!upgrade",
                "!http2-settings");
        c.passes(
                "an upgrade to h2c without settings",
                "GET /m HTTP/1.1\r\n" + HOST + "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
                "!upgrade");
        c.passes(
                "an upgrade with content",
                post + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\nhello",
                "\n\nhello",
                "!upgrade");
        c.answered(204, "OPTIONS that may go no further", "OPTIONS /m HTTP/1.1\r\n" + HOST + "Max-Forwards: 0\r\n\r\n");
        c.passes(
                "OPTIONS that may go on",
                "OPTIONS /m HTTP/1.1\r\n" + HOST + "Max-Forwards: 3\r\n\r\n",
                "\nmax-forwards: 2\n");
        c.refused(400, "OPTIONS with no number of hops", "OPTIONS /m HTTP/1.1\r\n" + HOST + "Max-Forwards: -1\r\n\r\n");
        c.passes("Max-Forwards of others", "GET /m HTTP/1.1\r\n" + HOST + "Max-Forwards: 0\r\n\r\n", "GET /m ");
        c.refused(405, "TRACE with hops", "TRACE /m HTTP/1.1\r\n" + HOST + "Max-Forwards: 0\r\n\r\n");
    }
}
