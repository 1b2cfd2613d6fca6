package dev.verge.load.jmh.decisions;

import dev.verge.load.jmh.SampleSite;
import dev.verge.node.rules.RequestFacts;
import java.net.InetAddress;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A page that a browser asks for, as rules see it. */
record BrowserRequest(String path) implements RequestFacts {

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String scheme() {
        return "https";
    }

    @Override
    public String host() {
        return SampleSite.HOST;
    }

    @Override
    public @Nullable String query() {
        return null;
    }

    @Override
    public List<String> header(String lowerCaseName) {
        return SampleSite.BROWSER.all(lowerCaseName);
    }

    @Override
    public void eachField(BiConsumer<String, String> action) {
        SampleSite.BROWSER.forEach(action);
    }

    @Override
    public InetAddress clientAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public String country() {
        return "";
    }

    @Override
    public String requestId() {
        return "686897696a7c876b7e";
    }
}
