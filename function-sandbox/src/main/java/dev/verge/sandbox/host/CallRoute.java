package dev.verge.sandbox.host;

/** Where a call runs. */
record CallRoute(HostCall call, Isolate isolate) {}
