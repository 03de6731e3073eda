package io.processoptimizer.analyse.oee;

import io.processoptimizer.event.ProcessDefinition.Profile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process in one window. Times, losses and factors are those of its basis; the parts are those of its output step.
 *
 * @param profile how the factors were formed
 * @param basis {@code constraint}, {@code rollup} or {@code step:<id>}: what they stand on
 * @param outputStep the step whose parts and throughput are the process's; null where no step is known
 * @param targetOeeNano billionths
 * @param reasons in the order of the constants
 */
public record ProcessOee(
        Profile profile,
        String basis,
        @Nullable String outputStep,
        StateTimes times,
        PartTotals parts,
        Factors factors,
        long targetOeeNano,
        OeeStatus status,
        List<Reason> reasons,
        Losses losses,
        Kpis kpis) {}
