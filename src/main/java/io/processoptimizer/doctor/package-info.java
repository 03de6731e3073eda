/**
 * What is said of an installation: checks side by side within a bound ({@code Examination}), telemetry and outputs judged, the usual
 * complaints by name ({@code Complaints}), what a month costs. What was seen enters as values; nothing here calls AWS.
 */
@NullMarked
package io.processoptimizer.doctor;

import org.jspecify.annotations.NullMarked;
