package dev.verge.sync.binding;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * For a record of a sealed interface: its fields stand under this key, {@code {redirect: {to: …, status: …}}}. Without it, the
 * record's first component is the key that tells the records apart, {@code {pool: app}}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Keyed {
    /** The key. */
    String value();
}
