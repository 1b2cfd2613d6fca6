package dev.verge.balancer.options;

/** Whether an origin serves normally or only when no primary is usable. */
public enum OriginRole {
    PRIMARY,
    BACKUP
}
