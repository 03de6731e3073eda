package io.processoptimizer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The endpoint serves what a training job has left, and its role reaches no further. */
class ModelEndpointTest {
    private final Template template = Template.read("model-endpoint.yaml");

    ModelEndpointTest() throws IOException {}

    @Test
    void theEndpointHasTheNameThatIsAskedByDefault() {
        assertThat(template.byDefault(template.properties("Endpoint").path("EndpointName"))
                        .asText())
                .isEqualTo("process-efficiency-endpoint");
        assertThat(template.properties("EndpointLog")
                        .at("/LogGroupName/Fn::Sub")
                        .asText())
                .isEqualTo("/aws/sagemaker/Endpoints/${EndpointName}");
    }

    @Test
    void theModelIsBelowWhatTheServingRoleReadsAndWhereATrainingJobLeavesIt() throws IOException {
        assertThat(template.properties("Model")
                        .at("/PrimaryContainer/ModelDataUrl/Fn::Sub")
                        .asText())
                .isEqualTo("s3://${Bucket}/${ModelPrefix}/${TrainingJobName}/output/model.tar.gz");
        JsonNode read = statement("ServingRole", "ReadModels");
        assertThat(read.path("Action").asText()).isEqualTo("s3:GetObject");
        assertThat(read.at("/Resource/Fn::Sub").asText()).endsWith(":s3:::${Bucket}/${ModelPrefix}/*");
        assertThat(statement("TrainingRole", "LeaveModel").path("Resource")).isEqualTo(read.path("Resource"));

        JsonNode job = new ObjectMapper()
                .readTree(Template.FOLDER.resolve("model/training-job.json").toFile());
        assertThat(job.at("/OutputDataConfig/S3OutputPath").asText())
                .isEqualTo("s3://${BUCKET}/"
                        + template.parameter("ModelPrefix").path("Default").asText());
        assertThat(job.at("/InputDataConfig/0/DataSource/S3DataSource/S3Uri").asText())
                .isEqualTo("s3://${BUCKET}/"
                        + template.parameter("TrainingPrefix").path("Default").asText() + "/");
    }

    @Test
    void theImageIsTheOneThatTheRolesPull() {
        assertThat(template.properties("Model")
                        .at("/PrimaryContainer/Image/Fn::Sub")
                        .asText())
                .endsWith("/${ImageRepository}:${ImageTag}");
        for (String role : new String[] {"ServingRole", "TrainingRole"}) {
            assertThat(statement(role, "PullImage").at("/Resource/Fn::Sub").asText())
                    .endsWith(":repository/${ImageRepository}");
            assertThat(statement(role, "WriteMetrics")
                            .at("/Condition/StringEquals/cloudwatch:namespace")
                            .asText())
                    .startsWith("/aws/sagemaker/");
        }
    }

    @Test
    void thereIsNoEndpointBeforeThereIsAModel() {
        for (String resource : new String[] {"Model", "EndpointConfig", "Endpoint", "EndpointLog"}) {
            assertThat(template.resource(resource).path("Condition").asText())
                    .as(resource)
                    .isEqualTo("HasModel");
        }
        assertThat(template.parameter("TrainingJobName").path("Default").asText())
                .isEmpty();
    }

    @Test
    void aParameterChoosesBetweenServerlessAndInstances() {
        JsonNode choice = template.properties("EndpointConfig").at("/ProductionVariants/0/Fn::If");
        assertThat(choice.path(0).asText()).isEqualTo("Serverless");
        assertThat(template.byDefault(choice.at("/1/ServerlessConfig/MemorySizeInMB"))
                        .asInt())
                .isEqualTo(2048);
        assertThat(choice.path(1).has("InstanceType")).isFalse();
        assertThat(template.byDefault(choice.at("/2/InstanceType")).asText()).startsWith("ml.");
        assertThat(choice.path(2).has("ServerlessConfig")).isFalse();
        assertThat(template.properties("Model").at("/EnableNetworkIsolation/Fn::If"))
                .isEqualTo(new ObjectMapper()
                        .createArrayNode()
                        .add("Serverless")
                        .add(false)
                        .add(true));
    }

    private JsonNode statement(String role, String sid) {
        for (JsonNode statement : template.properties(role).at("/Policies/0/PolicyDocument/Statement")) {
            if (statement.path("Sid").asText().equals(sid)) {
                return statement;
            }
        }
        throw new AssertionError(role + " has no statement " + sid);
    }
}
