package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.config.Settings;
import io.processoptimizer.kinesis.StreamInfo;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run says at its start: where things are, and how to look at them and try them. */
record RunGreeting(
        Settings settings,
        AwsConnection connection,
        StreamInfo stream,
        @Nullable SimulatedPlant plant,
        String page) {
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        URI endpoint = connection.endpoint();
        lines.add("endpoint      "
                + (endpoint == null ? "AWS, region " + settings.aws().region() : endpoint));
        lines.add("stream        " + settings.stream().name() + ", " + Plural.of(stream.openShards(), "shard"));
        lines.add("results       table " + settings.outputs().metricsTable());
        lines.add("advice        table " + settings.outputs().adviceTable() + ", events on bus '"
                + settings.eventbridge().bus() + "'");
        lines.add("dead letters  table " + settings.outputs().deadLettersTable());
        lines.add("state         " + snapshots() + "table " + settings.state().table() + ", leases in table "
                + settings.application().name());
        lines.add(page);
        if (plant != null) {
            lines.add("factory       " + plant.processes() + " simulated lines");
        }
        lines.add("");
        lines.add("Look at results, or put a record of your own (AWS CLI 2; version 1 wants no --cli-binary-format):");
        String aws = endpoint == null ? "aws" : "aws --endpoint-url " + endpoint;
        if (connection.credentials() == AwsConnection.Credentials.EMULATOR) {
            lines.add("  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION="
                    + connection.region());
        }
        lines.add("  " + aws + " dynamodb scan --max-items 1 --table-name "
                + settings.outputs().metricsTable());
        lines.add("  " + aws + " kinesis put-record --stream-name "
                + settings.stream().name()
                + " --partition-key DEMO --cli-binary-format raw-in-base64-out --data"
                + " '{\"process_id\":\"DEMO\",\"timestamp\":'$(date +%s000)',\"state\":\"RUNNING\","
                + "\"good\":1,\"ideal_cycle_time\":30}'");
        lines.add("");
        return lines;
    }

    /** Where they are, if not in the table. */
    private String snapshots() {
        Settings.State state = settings.state();
        return switch (state.store()) {
            case DYNAMODB -> "";
            case S3 -> "bucket " + state.bucket() + ", pointers in ";
            case FILE -> "folder " + state.folder() + ", pointers in ";
        };
    }
}
