package dev.verge.control.resource;

import java.time.Instant;
import java.util.List;

/**
 * What happened in about one second, over all nodes: the data of an event {@code traffic}.
 *
 * @param at when it was told
 * @param sites those with requests
 * @param functions versions with runs
 */
public record Traffic(Instant at, List<SiteUsage> sites, List<FunctionUsage> functions) {}
