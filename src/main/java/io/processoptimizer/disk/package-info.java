/**
 * States of the shards in a folder of this host: the port of the store of snapshots leads here where nobody else needs them. Bytes
 * enter and are on the disk on return, whole or not at all; what they mean is not known here.
 */
@NullMarked
package io.processoptimizer.disk;

import org.jspecify.annotations.NullMarked;
