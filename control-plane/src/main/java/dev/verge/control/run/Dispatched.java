package dev.verge.control.run;

import dev.verge.sync.order.OrderResult;

/** What came of an order. */
public sealed interface Dispatched {

    /** A node ran it. */
    record Ran(String node, OrderResult result) implements Dispatched {}

    /** Nothing ran: there was no node, or every node that was asked could not run it. */
    record NotRun(String reason) implements Dispatched {}

    /** A node took it and its answer never came: whether it ran is not known. */
    record Lost(String node, String reason) implements Dispatched {}
}
