package io.processoptimizer.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A comparison as JSON, in {@code summary.json} and in the report. */
final class ComparisonJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ComparisonJson() {}

    /** One object a variant, the base first. */
    static ArrayNode summary(Comparison comparison) {
        ArrayNode sides = JSON.createArrayNode();
        for (Comparison.Side side : comparison.sides()) {
            ObjectNode node = sides.addObject();
            node.put("name", side.name());
            node.put("windows", side.windows);
            putRatio(node, "oee_median", side.medianOee());
            node.put("below_target", side.belowTarget);
            node.put("meeting_target", side.meetingTarget);
            node.put("bottlenecks_flagged", side.bottlenecksFlagged);
            node.put("adjustments", side.adjustments);
            node.put("changed_status", side.changedStatus);
            node.put("changed_constraint", side.changedConstraint);
            node.put("changed_bottlenecks", side.changedBottlenecks);
            node.put("adjustments_added", side.adjustmentsAdded);
            node.put("adjustments_removed", side.adjustmentsRemoved);
            node.put("only_in_base", side.onlyInBase);
            node.put("only_in_variant", side.onlyInVariant);
        }
        return sides;
    }

    static void putRatio(ObjectNode node, String field, double ratio) {
        if (Double.isNaN(ratio)) {
            node.putNull(field);
        } else {
            node.put(field, ratio);
        }
    }
}
