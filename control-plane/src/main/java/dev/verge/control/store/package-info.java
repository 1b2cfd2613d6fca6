/**
 * The store: the data folder and its lock, the SQL database with its migrations, blobs as files.
 *
 * <p>May enter: how rows, transactions and files are kept. SQL is written to run on PostgreSQL as well as on SQLite; what only one
 * of them needs stays in its {@link dev.verge.control.store.Engine}. Never here: what a row means; each feature's package holds its own
 * statements.
 *
 * <p>Threads: everything blocks, so callers are virtual threads, never an event loop.
 */
@NullMarked
package dev.verge.control.store;

import org.jspecify.annotations.NullMarked;
