package dev.verge.sandbox;

/** One header line. Names keep the case they came in and are compared without it. */
public record HeaderField(String name, String value) {}
