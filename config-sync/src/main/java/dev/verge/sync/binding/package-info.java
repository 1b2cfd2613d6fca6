/**
 * Strict binding of JSON and YAML to records, from one declaration per setting.
 *
 * <p>A setting is a record component with a type, a default, a range and a description. From it come the check, the default, the
 * JSON Schema and the reference table. Every mistake of a document is reported together, each with its path, value, rule and
 * fix. Nothing here knows what a setting means: that is said where its record stands.
 */
@NullMarked
package dev.verge.sync.binding;

import org.jspecify.annotations.NullMarked;
