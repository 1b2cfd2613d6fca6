package dev.verge.control.resource;

import java.util.List;

/**
 * A function in a list.
 *
 * @param name its name in the account
 * @param version the newest version
 * @param revision the log position of the last deployment; 0 when none was ever made
 * @param deployment what takes traffic now
 */
public record FunctionSummary(String name, int version, long revision, List<Share> deployment) {}
