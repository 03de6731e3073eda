/** What {@code deploy/} holds against what the program does: names, patterns, ages, rights, the container's command. */
@NullMarked
package io.processoptimizer.deploy;

import org.jspecify.annotations.NullMarked;
