/**
 * What leaves the product: window results, advice, adjustments and dead letters, their ids and their one JSON schema, and the
 * port they leave through. Analyses and decisions enter; where outputs are stored is not known here.
 */
@NullMarked
package io.processoptimizer.emit;

import org.jspecify.annotations.NullMarked;
