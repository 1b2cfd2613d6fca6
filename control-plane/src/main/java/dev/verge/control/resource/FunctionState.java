package dev.verge.control.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function as the API tells it.
 *
 * @param name its name in the account
 * @param version the newest version
 * @param sha256 of that version's bundle
 * @param revision the log position of the last deployment; 0 when none was ever made
 * @param deployment what takes traffic now; empty before the first deployment
 * @param vars values set for the function as a whole; they stand above the version's own
 * @param secrets names of its secrets
 * @param metadata the newest version's metadata with every default filled in
 * @param rollout the last deployment that was staged or watched; null when there was none
 */
public record FunctionState(
        String name,
        int version,
        String sha256,
        long revision,
        List<Share> deployment,
        Map<String, String> vars,
        List<String> secrets,
        JsonNode metadata,
        @Nullable Rollout rollout) {}
