package dev.verge.sandbox.host;

import dev.verge.sandbox.url.WebUrl;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The host's functions for text: UTF-8 and URLs. They hold nothing between calls. */
final class TextPrimitives {
    /** Adds them under the names the scripts of the web API know. */
    void addTo(Map<String, Object> host) {
        Bindings.add(host, "utf8", a -> ByteBuffer.wrap(a[0].asString().getBytes(StandardCharsets.UTF_8)));
        Bindings.add(host, "text", a -> new String(Bindings.bytes(a[0], a[1], a[2]), StandardCharsets.UTF_8));
        Bindings.add(host, "latin1", a -> new String(Bindings.bytes(a[0], a[1], a[2]), StandardCharsets.ISO_8859_1));
        Bindings.add(host, "latin1Bytes", a -> ByteBuffer.wrap(a[0].asString().getBytes(StandardCharsets.ISO_8859_1)));
        Bindings.add(host, "btoa", a -> Base64Text.encode(a[0].asString()));
        Bindings.add(host, "atob", a -> Base64Text.decode(a[0].asString()));
        Bindings.add(
                host, "parseUrl", a -> WebUrl.parseForScript(a[0].asString(), a[1].isNull() ? null : a[1].asString()));
        Bindings.add(host, "setUrl", a -> WebUrl.setForScript(a[0].asString(), a[1].asString(), a[2].asString()));
    }
}
