package dev.verge.sync.document;

/** Kinds of clients, told by the {@code User-Agent} and {@code Sec-CH-UA-Mobile} fields. */
public enum DeviceType {
    DESKTOP,
    MOBILE,
    TABLET
}
