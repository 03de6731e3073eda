/**
 * What an installation needs of AWS ({@code Blueprint}), what of it is there and what is not ({@code Resource}), and making it so. Settings
 * of the product enter as plain values; nothing is changed unless {@code Provisioning.apply} is called.
 */
@NullMarked
package io.processoptimizer.aws.provision;

import org.jspecify.annotations.NullMarked;
