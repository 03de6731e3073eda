package io.processoptimizer.kinesis;

/** Mistakes in the ports and the outside, planted to see whether the simulation finds them. */
enum PlantedBug {
    NONE,
    /** A tenure that is over can still move the pointer. */
    COMMITS_ARE_NOT_FENCED,
    /** A commit is reported before it is durable, and lost with its worker. */
    CHECKPOINT_BEFORE_SNAPSHOT,
    /** A state counts before its outputs are durable. */
    OUTPUTS_ARE_NOT_AWAITED,
    /** A child takes over all processes of its parents. */
    HASH_FILTER_IS_FORGOTTEN,
    /** A child starts empty. */
    PARENTS_ARE_FORGOTTEN,
    /** Of two parents only the first is taken over. */
    SECOND_PARENT_IS_FORGOTTEN,
    /** Records that the state holds already are processed again. */
    POSITION_IS_FORGOTTEN,
    /** The state before the last is loaded. */
    STALE_STATE_IS_LOADED,
    /** A parent's state is deleted with the first child's commit. */
    PARENTS_ARE_RETIRED_EARLY,
    /** A parent without a lease is taken for one that was never ours. */
    LINEAGE_IS_FORGOTTEN,
    /** The end of a shard does not say who goes on. */
    SEALS_ARE_FORGOTTEN,
    /** The store keeps the last write, not the one of the highest rank. */
    RANKS_ARE_IGNORED,
    /** Of the outputs only the last is awaited. */
    ONLY_THE_LAST_OUTPUT_IS_AWAITED,
    /** The way back to a savepoint leaves KCL where it is. */
    KCL_IS_NOT_SET_BACK,
    /** How often a record could not be processed is not kept. */
    FAILURES_ARE_FORGOTTEN,
    /** A rewind leaves the pointer to who holds it. */
    REWINDS_DO_NOT_FENCE,
    /** A rewind moves the leases before the pointers, and workers leave KCL where it is. */
    LEASES_ARE_REWOUND_FIRST,
    /** The pointer does not say that there is no state for where the shard is sent. */
    WITHOUT_STATE_IS_FORGOTTEN,
    /** What a rewind decides again is published. */
    REPROCESSING_PUBLISHES,
    /** Processes that come up after a rewind's target keep their generation. */
    LATER_PROCESSES_KEEP_THEIR_GENERATION,
    /** A rewind of some processes forgets what an earlier one gave to others. */
    EARLIER_GENERATIONS_ARE_FORGOTTEN,
    /** A rewind past a reshard leaves the children where they are. */
    CHILDREN_ARE_NOT_REWOUND,
    /** An import leaves the pointer to who holds it. */
    IMPORTS_DO_NOT_FENCE,
    /** An import moves the pointers only, and workers leave KCL where it is. */
    IMPORTED_LEASES_STAY,
    /** An import writes states that nothing names until the pointers do. */
    IMPORTED_STATES_ARE_NOT_KEPT,
    /** What a rewind after the export gave to processes is forgotten with the import. */
    IMPORTS_FORGET_LATER_GENERATIONS,
    /** An import goes back in a shard that has ended since, and from which others go on. */
    IMPORTS_GO_BEHIND_A_RESHARD,
    /** Shards that have ended are not copied. */
    COPIES_FORGET_ENDED_PARENTS,
    /** The pointers of a copy say that each state is one part. */
    COPIED_PARTS_ARE_MISCOUNTED,
    /** The application is copied while a rewind has moved a part of it. */
    COPIED_DURING_A_REWIND,
    /** The copy takes over before the old workers have come to where it is. */
    SWITCHED_TOO_EARLY,
    /** Leases are given back before the last commits. Harmless: a commit that comes too late is fenced, and only repeats work. */
    LEASES_ARE_RELEASED_FIRST,
    /** An older lease can claim the state from a later one. Harmless: who claims last loads what counts, and alone moves the pointer. */
    CLAIMS_ARE_NOT_FENCED,
    /** A processor takes the shard without looking whose lease it is, under an epoch of its own making. Harmless for the same reason. */
    LEASES_ARE_NOT_CHECKED
}
