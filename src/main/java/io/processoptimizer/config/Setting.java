package io.processoptimizer.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says of a record component what a person needs to know of the setting. The shipped file, the JSON Schema, {@code config show}
 * and the validation are all derived from it, so name, meaning, unit, range and default stand together once.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** The default as it would be written in the file; empty: there is none, the value must be given. */
    String value();

    /** One or two sentences: what it does, and why one would change it. */
    String about();

    /** Smallest value allowed, written like a value; empty: no bound. */
    String min() default "";

    /** Largest value allowed, written like a value; empty: no bound. */
    String max() default "";

    /** Whether a number counts bytes and may be written as 512KiB or 1MiB. */
    boolean bytes() default false;

    /** Whether the word {@code off} is allowed, and read as null. */
    boolean orOff() default false;
}
