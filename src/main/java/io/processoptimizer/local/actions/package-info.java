/** Which actions of AWS clients ask for, and on what: requests enter, names as IAM's policies have them leave; nothing is judged here. */
@NullMarked
package io.processoptimizer.local.actions;

import org.jspecify.annotations.NullMarked;
