package dev.verge.sandbox.url;

import java.util.ArrayList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The basic URL parser (URL Standard §4.4): its state machine, state by state. */
final class UrlParser {
    enum State {
        SCHEME_START,
        SCHEME,
        NO_SCHEME,
        SPECIAL_RELATIVE_OR_AUTHORITY,
        PATH_OR_AUTHORITY,
        RELATIVE,
        RELATIVE_SLASH,
        SPECIAL_AUTHORITY_SLASHES,
        SPECIAL_AUTHORITY_IGNORE_SLASHES,
        AUTHORITY,
        HOST,
        HOSTNAME,
        PORT,
        FILE,
        FILE_SLASH,
        FILE_HOST,
        PATH_START,
        PATH,
        OPAQUE_PATH,
        QUERY,
        FRAGMENT
    }

    private static final int EOF = -1;

    private enum Step {
        GO_ON,
        STOP,
        FAIL
    }

    private final int[] input;
    private final @Nullable WebUrl base;
    private final WebUrl url;
    private final boolean overriding;
    private State state;
    private int pointer;
    private final StringBuilder buffer = new StringBuilder();
    private boolean atSignSeen;
    private boolean insideBrackets;
    private boolean passwordTokenSeen;

    private UrlParser(String input, @Nullable WebUrl base, WebUrl url, State state, boolean overriding) {
        this.input = input.codePoints()
                .filter(c -> c != '\t' && c != '\n' && c != '\r')
                .toArray();
        this.base = base;
        this.url = url;
        this.state = state;
        this.overriding = overriding;
    }

    static @Nullable WebUrl parse(String input, @Nullable WebUrl base) {
        int start = 0;
        int end = input.length();
        while (start < end && input.charAt(start) <= ' ') {
            start++;
        }
        while (end > start && input.charAt(end - 1) <= ' ') {
            end--;
        }
        UrlParser parser = new UrlParser(input.substring(start, end), base, new WebUrl(), State.SCHEME_START, false);
        return parser.run() ? parser.url : null;
    }

    /** Parses a part into an existing URL, as the API's setters do; what was set before a failure stays. */
    static boolean override(WebUrl url, String input, State state) {
        return new UrlParser(input, null, url, state, true).run();
    }

    private boolean run() {
        for (pointer = 0; ; pointer++) {
            int c = pointer < input.length ? input[pointer] : EOF;
            switch (step(c)) {
                case FAIL -> {
                    return false;
                }
                case STOP -> {
                    return true;
                }
                case GO_ON -> {}
            }
            if (pointer >= input.length) {
                return true;
            }
        }
    }

    private Step step(int c) {
        return switch (state) {
            case SCHEME_START -> schemeStart(c);
            case SCHEME -> scheme(c);
            case NO_SCHEME -> noScheme(c);
            case SPECIAL_RELATIVE_OR_AUTHORITY ->
                c == '/' && at(1) == '/' ? goOver(State.SPECIAL_AUTHORITY_IGNORE_SLASHES) : again(State.RELATIVE);
            case PATH_OR_AUTHORITY -> c == '/' ? go(State.AUTHORITY) : again(State.PATH);
            case RELATIVE -> relative(c);
            case RELATIVE_SLASH -> relativeSlash(c);
            case SPECIAL_AUTHORITY_SLASHES ->
                c == '/' && at(1) == '/'
                        ? goOver(State.SPECIAL_AUTHORITY_IGNORE_SLASHES)
                        : again(State.SPECIAL_AUTHORITY_IGNORE_SLASHES);
            case SPECIAL_AUTHORITY_IGNORE_SLASHES -> c == '/' || c == '\\' ? Step.GO_ON : again(State.AUTHORITY);
            case AUTHORITY -> authority(c);
            case HOST, HOSTNAME -> host(c);
            case PORT -> port(c);
            case FILE -> file(c);
            case FILE_SLASH -> fileSlash(c);
            case FILE_HOST -> fileHost(c);
            case PATH_START -> pathStart(c);
            case PATH -> path(c);
            case OPAQUE_PATH -> opaquePath(c);
            case QUERY -> query(c);
            case FRAGMENT -> fragment(c);
        };
    }

    private int at(int ahead) {
        return pointer + ahead < input.length ? input[pointer + ahead] : EOF;
    }

    private Step go(State next) {
        state = next;
        return Step.GO_ON;
    }

    private Step goOver(State next) {
        pointer++;
        return go(next);
    }

    private Step again(State next) {
        pointer--;
        return go(next);
    }

    private Step schemeStart(int c) {
        if (alpha(c)) {
            buffer.append((char) Character.toLowerCase(c));
            return go(State.SCHEME);
        }
        return overriding ? Step.FAIL : again(State.NO_SCHEME);
    }

    private Step scheme(int c) {
        if (alpha(c) || digit(c) || c == '+' || c == '-' || c == '.') {
            buffer.append((char) Character.toLowerCase(c));
            return Step.GO_ON;
        }
        if (c != ':') {
            if (overriding) {
                return Step.FAIL;
            }
            buffer.setLength(0);
            state = State.NO_SCHEME;
            pointer = -1;
            return Step.GO_ON;
        }
        String name = buffer.toString();
        if (overriding) {
            boolean kindChanges = url.special() != WebUrl.SPECIAL.containsKey(name);
            boolean toFile = name.equals("file") && (url.credentials() || url.port >= 0);
            boolean fromFile = url.scheme.equals("file") && (url.host == null || url.host.isEmpty());
            if (kindChanges || toFile || fromFile) {
                return Step.STOP;
            }
            url.scheme = name;
            dropDefaultPort();
            return Step.STOP;
        }
        url.scheme = name;
        buffer.setLength(0);
        if (name.equals("file")) {
            return go(State.FILE);
        }
        if (url.special()) {
            return go(
                    base != null && base.scheme.equals(name)
                            ? State.SPECIAL_RELATIVE_OR_AUTHORITY
                            : State.SPECIAL_AUTHORITY_SLASHES);
        }
        if (at(1) == '/') {
            return goOver(State.PATH_OR_AUTHORITY);
        }
        url.opaquePath = "";
        return go(State.OPAQUE_PATH);
    }

    private Step noScheme(int c) {
        if (base == null || (base.opaquePath != null && c != '#')) {
            return Step.FAIL;
        }
        if (base.opaquePath != null) {
            url.scheme = base.scheme;
            url.opaquePath = base.opaquePath;
            url.query = base.query;
            url.fragment = "";
            return go(State.FRAGMENT);
        }
        return again(base.scheme.equals("file") ? State.FILE : State.RELATIVE);
    }

    private WebUrl base() {
        if (base == null) {
            throw new IllegalStateException("These states are entered with a base only");
        }
        return base;
    }

    private Step relative(int c) {
        url.scheme = base().scheme;
        if (c == '/' || (url.special() && c == '\\')) {
            return go(State.RELATIVE_SLASH);
        }
        copyAuthority();
        return relativeRest(c);
    }

    private Step relativeRest(int c) {
        url.path = new ArrayList<>(base().path);
        url.query = base().query;
        if (c == '?') {
            url.query = "";
            return go(State.QUERY);
        }
        if (c == '#') {
            url.fragment = "";
            return go(State.FRAGMENT);
        }
        if (c != EOF) {
            url.query = null;
            if (url.scheme.equals("file")) {
                if (drivePrefix(pointer)) {
                    url.path = new ArrayList<>();
                } else {
                    shorten();
                }
            } else if (!url.path.isEmpty()) {
                url.path.removeLast();
            }
            return again(State.PATH);
        }
        return Step.GO_ON;
    }

    private void copyAuthority() {
        url.username = base().username;
        url.password = base().password;
        url.host = base().host;
        url.port = base().port;
    }

    private Step relativeSlash(int c) {
        if (url.special() && (c == '/' || c == '\\')) {
            return go(State.SPECIAL_AUTHORITY_IGNORE_SLASHES);
        }
        if (c == '/') {
            return go(State.AUTHORITY);
        }
        copyAuthority();
        return again(State.PATH);
    }

    private boolean endsAuthority(int c) {
        return c == EOF || c == '/' || c == '?' || c == '#' || (url.special() && c == '\\');
    }

    private Step authority(int c) {
        if (c == '@') {
            if (atSignSeen) {
                buffer.insert(0, "%40");
            }
            atSignSeen = true;
            StringBuilder username = new StringBuilder(url.username);
            StringBuilder password = new StringBuilder(url.password);
            buffer.codePoints().forEach(code -> {
                if (code == ':' && !passwordTokenSeen) {
                    passwordTokenSeen = true;
                } else {
                    PercentCoding.encode(passwordTokenSeen ? password : username, code, PercentCoding.Set.USERINFO);
                }
            });
            url.username = username.toString();
            url.password = password.toString();
            buffer.setLength(0);
            return Step.GO_ON;
        }
        if (endsAuthority(c)) {
            if (atSignSeen && buffer.isEmpty()) {
                return Step.FAIL;
            }
            pointer -= buffer.codePointCount(0, buffer.length()) + 1;
            buffer.setLength(0);
            return go(State.HOST);
        }
        buffer.appendCodePoint(c);
        return Step.GO_ON;
    }

    private Step host(int c) {
        if (overriding && url.scheme.equals("file")) {
            return again(State.FILE_HOST);
        }
        if (c == ':' && !insideBrackets) {
            if (buffer.isEmpty() || (overriding && state == State.HOSTNAME)) {
                return Step.FAIL;
            }
            return takeHost() ? go(State.PORT) : Step.FAIL;
        }
        if (endsAuthority(c)) {
            pointer--;
            if (url.special() && buffer.isEmpty()) {
                return Step.FAIL;
            }
            if (overriding && buffer.isEmpty() && (url.credentials() || url.port >= 0)) {
                return Step.FAIL;
            }
            if (!takeHost()) {
                return Step.FAIL;
            }
            return overriding ? Step.STOP : go(State.PATH_START);
        }
        insideBrackets = c == '[' || (insideBrackets && c != ']');
        buffer.appendCodePoint(c);
        return Step.GO_ON;
    }

    private boolean takeHost() {
        String host = buffer.isEmpty() ? "" : HostParser.parse(buffer.toString(), !url.special());
        if (host == null) {
            return false;
        }
        url.host = host;
        buffer.setLength(0);
        return true;
    }

    private Step port(int c) {
        if (digit(c)) {
            buffer.append((char) c);
            return Step.GO_ON;
        }
        if (!endsAuthority(c) && !overriding) {
            return Step.FAIL;
        }
        if (!buffer.isEmpty()) {
            String digits = buffer.toString().replaceFirst("^0+(?=.)", "");
            if (digits.length() > 5 || Integer.parseInt(digits) > 65535) {
                return Step.FAIL;
            }
            url.port = Integer.parseInt(digits);
            dropDefaultPort();
            buffer.setLength(0);
            if (overriding) {
                return Step.STOP;
            }
        }
        return overriding ? Step.FAIL : again(State.PATH_START);
    }

    private void dropDefaultPort() {
        if (url.port >= 0 && url.port == WebUrl.SPECIAL.getOrDefault(url.scheme, -1)) {
            url.port = -1;
        }
    }

    private Step file(int c) {
        url.scheme = "file";
        url.host = "";
        if (c == '/' || c == '\\') {
            return go(State.FILE_SLASH);
        }
        if (base != null && base.scheme.equals("file")) {
            url.host = base.host;
            return relativeRest(c);
        }
        return again(State.PATH);
    }

    private Step fileSlash(int c) {
        if (c == '/' || c == '\\') {
            return go(State.FILE_HOST);
        }
        if (base != null && base.scheme.equals("file")) {
            url.host = base.host;
            if (!drivePrefix(pointer) && !base.path.isEmpty() && normalisedDrive(base.path.getFirst())) {
                url.path.add(base.path.getFirst());
            }
        }
        return again(State.PATH);
    }

    private Step fileHost(int c) {
        if (c != EOF && c != '/' && c != '\\' && c != '?' && c != '#') {
            buffer.appendCodePoint(c);
            return Step.GO_ON;
        }
        pointer--;
        if (!overriding && drive(buffer)) {
            return go(State.PATH);
        }
        if (!takeHost()) {
            return Step.FAIL;
        }
        if ("localhost".equals(url.host)) {
            url.host = "";
        }
        return overriding ? Step.STOP : go(State.PATH_START);
    }

    private Step pathStart(int c) {
        if (url.special()) {
            return c == '/' || c == '\\' ? go(State.PATH) : again(State.PATH);
        }
        if (!overriding && c == '?') {
            url.query = "";
            return go(State.QUERY);
        }
        if (!overriding && c == '#') {
            url.fragment = "";
            return go(State.FRAGMENT);
        }
        if (c != EOF) {
            return c == '/' ? go(State.PATH) : again(State.PATH);
        }
        if (overriding && url.host == null) {
            url.path.add("");
        }
        return Step.GO_ON;
    }

    private Step path(int c) {
        boolean slash = c == '/' || (url.special() && c == '\\');
        if (c != EOF && !slash && (overriding || (c != '?' && c != '#'))) {
            PercentCoding.encode(buffer, c, PercentCoding.Set.PATH);
            return Step.GO_ON;
        }
        String segment = buffer.toString();
        String dots = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
        if (dots.equals("..")) {
            shorten();
            if (!slash) {
                url.path.add("");
            }
        } else if (dots.equals(".")) {
            if (!slash) {
                url.path.add("");
            }
        } else {
            if (url.scheme.equals("file") && url.path.isEmpty() && drive(buffer)) {
                segment = segment.charAt(0) + ":";
            }
            url.path.add(segment);
        }
        buffer.setLength(0);
        if (c == '?') {
            url.query = "";
            return go(State.QUERY);
        }
        if (c == '#') {
            url.fragment = "";
            return go(State.FRAGMENT);
        }
        return Step.GO_ON;
    }

    private void shorten() {
        boolean keepsDrive = url.scheme.equals("file") && url.path.size() == 1 && normalisedDrive(url.path.getFirst());
        if (!url.path.isEmpty() && !keepsDrive) {
            url.path.removeLast();
        }
    }

    private Step opaquePath(int c) {
        if (c == '?' || c == '#') {
            String path = buffer.toString();
            // A space before the query or fragment would be lost when the serialisation is parsed again.
            url.opaquePath = path.endsWith(" ") ? path.substring(0, path.length() - 1) + "%20" : path;
            buffer.setLength(0);
            if (c == '?') {
                url.query = "";
                return go(State.QUERY);
            }
            url.fragment = "";
            return go(State.FRAGMENT);
        }
        if (c != EOF) {
            PercentCoding.encode(buffer, c, PercentCoding.Set.C0_CONTROL);
        } else {
            url.opaquePath = buffer.toString();
        }
        return Step.GO_ON;
    }

    private Step query(int c) {
        if (c == EOF || (c == '#' && !overriding)) {
            url.query = buffer.toString();
            buffer.setLength(0);
            if (c == '#') {
                url.fragment = "";
                state = State.FRAGMENT;
            }
            return Step.GO_ON;
        }
        PercentCoding.encode(buffer, c, url.special() ? PercentCoding.Set.SPECIAL_QUERY : PercentCoding.Set.QUERY);
        return Step.GO_ON;
    }

    private Step fragment(int c) {
        if (c == EOF) {
            url.fragment = buffer.toString();
        } else {
            PercentCoding.encode(buffer, c, PercentCoding.Set.FRAGMENT);
        }
        return Step.GO_ON;
    }

    private boolean drivePrefix(int from) {
        if (from + 1 >= input.length || !alpha(input[from]) || (input[from + 1] != ':' && input[from + 1] != '|')) {
            return false;
        }
        int after = from + 2 < input.length ? input[from + 2] : EOF;
        return after == EOF || after == '/' || after == '\\' || after == '?' || after == '#';
    }

    private static boolean drive(CharSequence text) {
        return text.length() == 2 && alpha(text.charAt(0)) && (text.charAt(1) == ':' || text.charAt(1) == '|');
    }

    private static boolean normalisedDrive(String text) {
        return drive(text) && text.charAt(1) == ':';
    }

    private static boolean alpha(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean digit(int c) {
        return c >= '0' && c <= '9';
    }
}
