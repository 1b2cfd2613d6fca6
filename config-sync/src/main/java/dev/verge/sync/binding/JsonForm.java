package dev.verge.sync.binding;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** For a type that reads itself from any JSON: what it takes, as JSON Schema written in YAML. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface JsonForm {
    /** The schema. */
    String value();
}
