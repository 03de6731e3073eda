package io.processoptimizer.status;

import io.processoptimizer.analyse.oee.Factors;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.OeeStatus;
import org.jspecify.annotations.Nullable;

/**
 * The newest that is known of one process.
 *
 * @param endMillis end of the window, event time
 * @param isFinal false where the window was closed without the process's own records
 * @param factors NaN where not known
 * @param lossMicros of the largest loss, or 0
 * @param adjustment the last one in a few words, or null
 * @param effect of the last adjustment that it was measured of, in a few words, or null
 * @param silent no record comes any more
 * @param seenMillis when it came, wall clock
 */
record ProcessRow(
        String processId,
        long endMillis,
        boolean isFinal,
        Factors factors,
        OeeStatus status,
        @Nullable String constraint,
        @Nullable Loss loss,
        long lossMicros,
        @Nullable String adjustment,
        @Nullable String effect,
        boolean silent,
        long seenMillis) {
    ProcessRow withAdvice(@Nullable String lastAdjustment, @Nullable String lastEffect) {
        return with(lastAdjustment, lastEffect, silent);
    }

    ProcessRow fallenSilent() {
        return with(adjustment, effect, true);
    }

    private ProcessRow with(@Nullable String lastAdjustment, @Nullable String lastEffect, boolean isSilent) {
        return new ProcessRow(
                processId,
                endMillis,
                isFinal,
                factors,
                status,
                constraint,
                loss,
                lossMicros,
                lastAdjustment,
                lastEffect,
                isSilent,
                seenMillis);
    }
}
