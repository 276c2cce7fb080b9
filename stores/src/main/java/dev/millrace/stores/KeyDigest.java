package dev.millrace.stores;

/** 128 bits that stand for a key. Two keys that share them are not to be expected. */
public record KeyDigest(long high, long low) {}
