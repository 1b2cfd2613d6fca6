package dev.verge.balancer.choice;

/**
 * What a method may depend on besides the origins.
 *
 * @param clientIp address of the client as text, for {@code ip-hash}
 * @param hashKey value that {@code consistent-hash} looks at
 * @param ticket running number of this choice in its pool, for {@code round-robin}
 */
public record Traits(String clientIp, String hashKey, long ticket) {}
