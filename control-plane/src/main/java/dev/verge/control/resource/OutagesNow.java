package dev.verge.control.resource;

import java.util.List;

/**
 * Origins that nodes do not use at a moment: the data of an event {@code outages}.
 *
 * @param outages those that last, newest first, 500 at most
 */
public record OutagesNow(List<Outage> outages) {}
