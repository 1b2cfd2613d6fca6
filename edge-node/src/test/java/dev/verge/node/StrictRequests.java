package dev.verge.node;

import static dev.verge.node.StrictRequest.HOST;

import dev.verge.node.StrictRequest.Cases;
import java.util.List;

/** Requests that are read in one way or not at all: RFC 9110, RFC 9112, and what has let requests be smuggled elsewhere. */
public final class StrictRequests {
    private StrictRequests() {}

    public static List<StrictRequest> all() {
        Cases cases = new Cases();
        requestLines(cases);
        targets(cases);
        hosts(cases);
        fields(cases);
        lengths(cases);
        codings(cases);
        StrictContent.chunks(cases);
        StrictContent.extensions(cases);
        StrictContent.trailers(cases);
        StrictContent.meanings(cases);
        return cases.all();
    }

    private static String line(String line) {
        return line + "\r\n" + HOST + "\r\n";
    }

    private static void requestLines(Cases c) {
        c.passes("a plain request", line("GET /plain HTTP/1.1"), "GET /plain HTTP/1.1\n");
        c.passes("one empty line before a request", "\r\n" + line("GET /x HTTP/1.1"), "GET /x HTTP/1.1\n");
        c.passes("four empty lines before a request", "\r\n\r\n\r\n\r\n" + line("GET /x HTTP/1.1"), "GET /x ");
        c.refused(400, "five empty lines", "\r\n\r\n\r\n\r\n\r\n" + line("GET / HTTP/1.1"));
        c.refused(400, "a bare LF before a request", "\n" + line("GET / HTTP/1.1"));
        c.refused(400, "a bare CR before a request", "\r" + line("GET / HTTP/1.1"));
        c.refused(400, "a space before the method", line(" GET / HTTP/1.1"));
        c.refused(400, "a tab before the method", line("\tGET / HTTP/1.1"));
        c.refused(400, "NUL before the method", line("\0GET / HTTP/1.1"));
        c.refused(400, "two spaces after the method", line("GET  / HTTP/1.1"));
        c.refused(400, "a tab after the method", line("GET\t/ HTTP/1.1"));
        c.refused(400, "two spaces before the version", line("GET /  HTTP/1.1"));
        c.refused(400, "a tab before the version", line("GET /\tHTTP/1.1"));
        c.refused(400, "a space after the version", line("GET / HTTP/1.1 "));
        c.refused(400, "a tab after the version", line("GET / HTTP/1.1\t"));
        c.refused(400, "a vertical tab between", line("GET\u000b/ HTTP/1.1"));
        c.refused(400, "a form feed between", line("GET /\fHTTP/1.1"));
        c.refused(400, "a fourth word", line("GET / HTTP/1.1 x"));
        c.refused(400, "a bare LF ends the line", "GET / HTTP/1.1\n" + HOST + "\r\n");
        c.refused(400, "a bare CR ends the line", "GET / HTTP/1.1\r" + HOST + "\r\n");
        c.refused(400, "two CRs end the line", "GET / HTTP/1.1\r\r\n" + HOST + "\r\n");
        c.refused(400, "a CR inside the line", line("GET /\rx HTTP/1.1"));
        c.refused(400, "HTTP/0.9", "GET /\r\n\r\n");
        c.refused(400, "HTTP/0.9 with a space", "GET / \r\n\r\n");
        c.refused(505, "HTTP/0.9 by name", line("GET / HTTP/0.9"));
        c.refused(505, "HTTP/1.2", line("GET / HTTP/1.2"));
        c.refused(505, "HTTP/2.0", line("GET / HTTP/2.0"));
        c.refused(505, "HTTP/3.0", line("GET / HTTP/3.0"));
        c.refused(505, "the beginning of an HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
        c.refused(400, "lower-case http/1.1", line("GET / http/1.1"));
        c.refused(400, "HTTP/1", line("GET / HTTP/1"));
        c.refused(400, "HTTP/1.10", line("GET / HTTP/1.10"));
        c.refused(400, "HTTP/01.1", line("GET / HTTP/01.1"));
        c.refused(400, "HTTP/1,1", line("GET / HTTP/1,1"));
        c.refused(400, "HTTP 1.1", line("GET / HTTP 1.1"));
        c.refused(400, "HTTPS/1.1", line("GET / HTTPS/1.1"));
        c.refused(400, "a method with a slash", line("GE/T / HTTP/1.1"));
        c.refused(400, "a method with a control byte", line("GE\u0001T / HTTP/1.1"));
        c.refused(400, "a method with an 8-bit byte", line("G\u00cbT / HTTP/1.1"));
        c.refused(400, "a method in brackets", line("(GET) / HTTP/1.1"));
        c.refused(501, "a method without end", line("G".repeat(60) + " / HTTP/1.1"));
        c.refused(405, "TRACE", line("TRACE / HTTP/1.1"));
        c.refused(405, "CONNECT", line("CONNECT a.example:443 HTTP/1.1"));
        c.passes("an unknown method", line("BREW /pot HTTP/1.1"), "BREW /pot HTTP/1.1\n");
        c.passes("a lower-case method is another method", line("get /x HTTP/1.1"), "get /x HTTP/1.1\n");
        c.passes("a method of odd letters", line("M-SEARCH /x HTTP/1.1"), "M-SEARCH /x ");
        c.passes("HTTP/1.0", line("GET /old HTTP/1.0"), "GET /old HTTP/1.1\n");
        c.refused(414, "an overlong target", line("GET /" + "a".repeat(9000) + " HTTP/1.1"));
    }

    private static void targets(Cases c) {
        c.refused(400, "no target", line("GET HTTP/1.1"));
        c.refused(400, "a space in the target", line("GET /a b HTTP/1.1"));
        c.refused(400, "a control byte in the target", line("GET /\u0007 HTTP/1.1"));
        c.refused(400, "NUL in the target", line("GET /a\0b HTTP/1.1"));
        c.refused(400, "DEL in the target", line("GET /a\u007fb HTTP/1.1"));
        c.refused(400, "an 8-bit byte in the target", line("GET /\u00e4 HTTP/1.1"));
        c.refused(400, "a fragment", line("GET /a#b HTTP/1.1"));
        c.refused(400, "a relative target", line("GET a HTTP/1.1"));
        c.refused(400, "a query alone", line("GET ?a HTTP/1.1"));
        c.refused(400, "an asterisk for GET", line("GET * HTTP/1.1"));
        c.refused(400, "an asterisk with a query", line("OPTIONS *?a HTTP/1.1"));
        c.refused(400, "an authority for GET", line("GET a.example:80 HTTP/1.1"));
        c.refused(400, "a path for CONNECT", line("CONNECT / HTTP/1.1"));
        c.refused(400, "an unknown scheme", line("GET ftp://a.example/ HTTP/1.1"));
        c.refused(400, "a scheme without authority", line("GET http:/x HTTP/1.1"));
        c.refused(400, "an empty authority", line("GET http:///x HTTP/1.1"));
        c.refused(400, "a user in the target", line("GET http://u@a.example/ HTTP/1.1"));
        c.refused(400, "another host in the target", line("GET http://b.example/ HTTP/1.1"));
        c.refused(400, "another port in the target", line("GET http://a.example:81/ HTTP/1.1"));
        c.refused(400, "a target with host, and no Host", "GET http://a.example/ HTTP/1.1\r\n\r\n");
        c.refused(400, "a percent sign alone", line("GET /100% HTTP/1.1"));
        c.refused(400, "an escape of one digit", line("GET /a%2 HTTP/1.1"));
        c.refused(400, "an escape that is none", line("GET /%zz/a HTTP/1.1"));
        for (char each : "\"<>\\`{}".toCharArray()) {
            c.refused(400, each + " in a path", line("GET /a" + each + "b HTTP/1.1"));
        }
        c.passes("brackets, bars and carets in a path", line("GET /[a]|^b HTTP/1.1"), "GET /[a]|^b HTTP/1.1\n");
        c.passes(
                "all that is visible in a query",
                line("GET /q?\"<>\\^`{|}[]%zz% HTTP/1.1"),
                "GET /q?\"<>\\^`{|}[]%zz% ");
        c.passes("two slashes and dots in a path", line("GET //a/../b;c=d HTTP/1.1"), "GET //a/../b;c=d HTTP/1.1\n");
        c.answered(421, "https in clear text", line("GET https://a.example/ HTTP/1.1"));
        c.answered(204, "OPTIONS of a server in absolute form", line("OPTIONS http://a.example HTTP/1.1"));
        c.passes("OPTIONS in absolute form", line("OPTIONS http://a.example/o HTTP/1.1"), "OPTIONS /o HTTP/1.1\n");
        c.passes("the absolute form", line("GET http://a.example/abs?q HTTP/1.1"), "GET /abs?q HTTP/1.1\n");
        c.passes("the absolute form, default port", line("GET http://a.example:80/abs HTTP/1.1"), "GET /abs ");
        c.passes("the absolute form, other case", line("GET HTTP://A.Example/abs HTTP/1.1"), "GET /abs ");
        c.passes("the absolute form without path", line("GET http://a.example HTTP/1.1"), "GET / HTTP/1.1\n");
        c.passes("escapes stay as they are", line("GET /%2f%00%C3%a4 HTTP/1.1"), "GET /%2f%00%C3%a4 HTTP/1.1\n");
        c.passes("a colon and slashes in a path", line("GET /a://b HTTP/1.1"), "GET /a://b HTTP/1.1\n");
        c.answered(204, "OPTIONS *", line("OPTIONS * HTTP/1.1"));
    }

    private static void host(Cases c, String name, String lines) {
        c.refused(400, name, "GET / HTTP/1.1\r\n" + lines + "\r\n");
    }

    private static void hosts(Cases c) {
        host(c, "no Host", "");
        host(c, "an empty Host", "Host:\r\n");
        host(c, "a blank Host", "Host: \t \r\n");
        host(c, "two equal Hosts", HOST + HOST);
        host(c, "two Hosts", HOST + "Host: b.example\r\n");
        host(c, "two Hosts in other cases", HOST + "hOST: b.example\r\n");
        host(c, "a list of hosts", "Host: a.example, b.example\r\n");
        host(c, "hosts with a space", "Host: a.example b.example\r\n");
        host(c, "a user in Host", "Host: u@a.example\r\n");
        host(c, "a path in Host", "Host: a.example/x\r\n");
        host(c, "a query in Host", "Host: a.example?x\r\n");
        host(c, "a fragment in Host", "Host: a.example#x\r\n");
        host(c, "a scheme in Host", "Host: http://a.example\r\n");
        host(c, "a port of letters", "Host: a.example:x\r\n");
        host(c, "a signed port", "Host: a.example:+80\r\n");
        host(c, "a port above all", "Host: a.example:65536\r\n");
        host(c, "two ports", "Host: a.example:80:80\r\n");
        host(c, "an open bracket", "Host: [::1\r\n");
        host(c, "text behind a bracket", "Host: [::1]x\r\n");
        host(c, "an escape in Host", "Host: a%2eexample\r\n");
        host(c, "a quoted Host", "Host: \"a.example\"\r\n");
        host(c, "an 8-bit byte in Host", "Host: \u00e4.example\r\n");
        host(c, "NUL in Host", "Host: a.example\0\r\n");
        c.refused(400, "HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n");
        c.passes("Host with port", "GET /p HTTP/1.1\r\nHost: a.example:8080\r\n\r\n", "\nhost: a.example\n");
        c.passes("Host in capitals", "GET /p HTTP/1.1\r\nHOST: A.EXAMPLE\r\n\r\n", "\nhost: a.example\n");
        c.passes("Host with a last dot", "GET /p HTTP/1.1\r\nHost: a.example.\r\n\r\n", "\nhost: a.example\n");
        c.passes("Host without space", "GET /p HTTP/1.1\r\nHost:a.example\r\n\r\n", "\nhost: a.example\n");
    }

    private static void fields(Cases c) {
        c.refusedField("a space before the colon", "X : y");
        c.refusedField("a tab before the colon", "X\t: y");
        c.refusedField("no colon", "X");
        c.refusedField("an empty name", ": y");
        c.refusedField("a space in a name", "X Y: z");
        c.refusedField("NUL in a name", "X\0: y");
        c.refusedField("a control byte in a name", "X\u0001: y");
        c.refusedField("an 8-bit byte in a name", "X\u00e4: y");
        c.refusedField("a delimiter in a name", "X(y): z");
        c.refusedField("a slash in a name", "X/y: z");
        c.refusedField("DEL in a name", "X\u007f: z");
        c.refusedField("NUL in a value", "X: a\0b");
        c.refusedField("a control byte in a value", "X: a\u0007b");
        c.refusedField("an escape byte in a value", "X: \u001b[2J");
        c.refusedField("DEL in a value", "X: a\u007f");
        c.refusedField("a vertical tab in a value", "X: a\u000bb");
        c.refusedField("a bare CR in a value", "X: a\rY: b");
        c.refusedField("a bare LF in a value", "X: a\nY: b");
        c.refusedField("a CR at the end of a value", "X: a\r");
        c.refusedField("a folded line", "X: a\r\n b");
        c.refusedField("a line folded by a tab", "X: a\r\n\tb");
        c.refusedField("an empty folded line", "X: a\r\n ");
        c.refused(400, "a space before the first field", "GET / HTTP/1.1\r\n " + HOST + "\r\n");
        c.refused(400, "a tab before the first field", "GET / HTTP/1.1\r\n\t" + HOST + "\r\n");
        c.refused(400, "a bare LF ends the head", "GET / HTTP/1.1\r\n" + HOST + "\n");
        c.refused(400, "a bare CR ends the head", "GET / HTTP/1.1\r\n" + HOST + "\rx");
        c.refused(431, "an overlong field", "GET / HTTP/1.1\r\n" + HOST + "X: " + "x".repeat(40_000) + "\r\n\r\n");
        c.refused(431, "an overlong name", "GET / HTTP/1.1\r\n" + HOST + "x".repeat(40_000) + ": y\r\n\r\n");
        c.refused(431, "too many fields", "GET / HTTP/1.1\r\n" + HOST + "X: y\r\n".repeat(200) + "\r\n");
        c.passes("an empty value", "GET /v HTTP/1.1\r\n" + HOST + "X-Empty:\r\n\r\n", "\nx-empty:");
        c.passes("white space around a value", "GET /v HTTP/1.1\r\n" + HOST + "X-V: \t v \t\r\n\r\n", "\nx-v: v\n");
        c.passes("a tab in a value", "GET /v HTTP/1.1\r\n" + HOST + "X-V: a\tb\r\n\r\n", "\nx-v: a\tb\n");
        c.passes("8-bit bytes in a value", "GET /v HTTP/1.1\r\n" + HOST + "X-V: \u00e4\r\n\r\n", "\nx-v: \u00e4\n");
        c.passes(
                "a name of odd letters",
                "GET /v HTTP/1.1\r\n" + HOST + "!#$%&'*+-.^`|~9: v\r\n\r\n",
                "\n!#$%&'*+-.^`|~9: v\n");
        c.passes(
                "priorities are end to end",
                "GET /v HTTP/1.1\r\n" + HOST + "Priority: u=1, i\r\n\r\n",
                "\npriority: u=1, i\n");
        c.passes(
                "fields of one hop stay here",
                "GET /v HTTP/1.1\r\n" + HOST
                        + "Connection: keep-alive, X-Mine, TE\r\nX-Mine: 1\r\nTE: trailers\r\nKeep-Alive: 5\r\n"
                        + "Proxy-Connection: keep-alive\r\nTrailer: X\r\n\r\n",
                "!x-mine",
                "!\nte:",
                "!keep-alive: 5",
                "!proxy-connection",
                "!\ntrailer:");
    }

    private static void lengths(Cases c) {
        c.refusedFraming(400, "two lengths", "Content-Length: 5\r\nContent-Length: 6");
        c.refusedFraming(400, "two equal lengths", "Content-Length: 5\r\nContent-Length: 5");
        c.refusedFraming(400, "a list of lengths", "Content-Length: 5, 6");
        c.refusedFraming(400, "a list of equal lengths", "Content-Length: 5, 5");
        c.refusedFraming(400, "a length with a comma", "Content-Length: 5,");
        c.refusedFraming(400, "a positive sign", "Content-Length: +5");
        c.refusedFraming(400, "a negative length", "Content-Length: -5");
        c.refusedFraming(400, "an empty length", "Content-Length:");
        c.refusedFraming(400, "a blank length", "Content-Length:  ");
        c.refusedFraming(400, "a space within a length", "Content-Length: 1 5");
        c.refusedFraming(400, "a hexadecimal length", "Content-Length: 0x5");
        c.refusedFraming(400, "hexadecimal digits", "Content-Length: a");
        c.refusedFraming(400, "a fraction", "Content-Length: 5.0");
        c.refusedFraming(400, "an exponent", "Content-Length: 5e0");
        c.refusedFraming(400, "an underscore", "Content-Length: 1_0");
        c.refusedFraming(400, "a vertical tab", "Content-Length: \u000b5");
        c.refusedFraming(400, "a digit of another script", "Content-Length: \u00b2");
        c.refusedFraming(400, "quotes", "Content-Length: \"5\"");
        c.refusedFraming(413, "more than 63 bits", "Content-Length: 92233720368547758085");
        c.refusedFraming(413, "2 to the 64", "Content-Length: 18446744073709551621");
        c.refusedFraming(413, "more than is taken", "Content-Length: 99999999999");
        c.refusedFraming(400, "a space before its colon", "Content-Length : 5");
        c.refusedFraming(400, "written with an underscore", "Content_Length: 5");
        c.refusedFraming(400, "length and coding", "Content-Length: 5\r\nTransfer-Encoding: chunked");
        c.refusedFraming(400, "coding and length", "Transfer-Encoding: chunked\r\nContent-Length: 5");
        c.passes(
                "content by length",
                "POST /l HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nhello",
                "\ncontent-length: 5\n",
                "\n\nhello");
        c.passes(
                "leading zeros",
                "POST /l HTTP/1.1\r\n" + HOST + "Content-Length: 0005\r\n\r\nhello",
                "\ncontent-length: 5\n",
                "\n\nhello");
        c.passes(
                "no content",
                "POST /l HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n",
                "\ncontent-length: 0\n",
                "!transfer-encoding");
        c.passes("POST without length has no content", line("POST /l HTTP/1.1"), "\ncontent-length: 0\n");
        c.passes(
                "GET with content",
                "GET /l HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nhello",
                "GET /l ",
                "\ncontent-length: 5\n",
                "\n\nhello");
        c.passes(
                "DELETE with content",
                "DELETE /l HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nhello",
                "DELETE /l ",
                "\n\nhello");
    }

    private static void codings(Cases c) {
        c.refusedFraming(501, "gzip before chunked", "Transfer-Encoding: gzip, chunked");
        c.refusedFraming(400, "gzip alone", "Transfer-Encoding: gzip");
        c.refusedFraming(400, "identity", "Transfer-Encoding: identity");
        c.refusedFraming(400, "chunked, identity", "Transfer-Encoding: chunked, identity");
        c.refusedFraming(400, "identity, chunked", "Transfer-Encoding: identity, chunked");
        c.refusedFraming(400, "chunked twice in a list", "Transfer-Encoding: chunked, chunked");
        c.refusedFraming(400, "chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked");
        c.refusedFraming(400, "chunked and identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity");
        c.refusedFraming(400, "identity and chunked", "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked");
        c.refusedFraming(400, "xchunked", "Transfer-Encoding: xchunked");
        c.refusedFraming(400, "chunkedx", "Transfer-Encoding: chunkedx");
        c.refusedFraming(400, "chunked with a parameter", "Transfer-Encoding: chunked;q=1");
        c.refusedFraming(400, "quoted", "Transfer-Encoding: \"chunked\"");
        c.refusedFraming(400, "a leading comma", "Transfer-Encoding: ,chunked");
        c.refusedFraming(400, "a last comma", "Transfer-Encoding: chunked,");
        c.refusedFraming(400, "an empty coding", "Transfer-Encoding:");
        c.refusedFraming(400, "a vertical tab before", "Transfer-Encoding: \u000bchunked");
        c.refusedFraming(400, "a form feed after", "Transfer-Encoding: chunked\f");
        c.refusedFraming(400, "NUL after", "Transfer-Encoding: chunked\0");
        c.refusedFraming(400, "an 8-bit space before", "Transfer-Encoding: \u00a0chunked");
        c.refusedFraming(400, "a space within a coding", "Transfer-Encoding: chun ked");
        c.refusedFraming(400, "a space before the colon of a coding", "Transfer-Encoding : chunked");
        c.refusedFraming(400, "a coding with an underscore", "Transfer_Encoding: chunked");
        c.refusedFraming(400, "a folded coding", "Transfer-Encoding:\r\n chunked");
        c.refusedFraming(400, "a bare CR before", "X: y\rTransfer-Encoding: chunked");
        c.refusedFraming(400, "a bare LF before", "X: y\nTransfer-Encoding: chunked");
        c.refused(
                400,
                "a coding in HTTP/1.0",
                "POST / HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        c.passes(
                "chunked in capitals, with white space",
                "POST /c HTTP/1.1\r\n" + HOST + "TRANSFER-ENCODING: \tCHUNKED \r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "\ncontent-length: 5\n",
                "!transfer-encoding",
                "\n\nhello");
    }
}
