package dev.verge.deploy.nginx;

import java.util.Optional;

/** A variable that stands for one header field, cookie or client, as Verge writes such a source. */
final class Sources {
    private Sources() {}

    static Optional<String> one(String variable) {
        if (variable.equals("$binary_remote_addr") || variable.equals("$remote_addr")) {
            return Optional.of("client-ip");
        }
        if (variable.matches("\\$http_\\w+") && !variable.equals("$http_host")) {
            return Optional.of("header:" + variable.substring("$http_".length()).replace('_', '-'));
        }
        if (variable.matches("\\$cookie_\\w+")) {
            return Optional.of("cookie:" + variable.substring("$cookie_".length()));
        }
        return Optional.empty();
    }
}
