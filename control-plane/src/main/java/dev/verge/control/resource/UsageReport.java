package dev.verge.control.resource;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an account used.
 *
 * @param from the first minute
 * @param to the minute after the last
 * @param by function, site or account
 * @param step how long each step is, as 1m or 1h; null: the whole time is one
 * @param functions by step, name and version
 * @param sites by step and name
 * @param gaps what is missing
 */
public record UsageReport(
        Instant from,
        Instant to,
        String by,
        @Nullable String step,
        List<FunctionUsage> functions,
        List<SiteUsage> sites,
        List<UsageGap> gaps) {}
