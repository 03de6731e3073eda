package io.processoptimizer.aws.provision;

import io.processoptimizer.aws.PatientCalls;
import io.processoptimizer.aws.provision.Resource.Aspect;
import java.util.List;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The bucket of states. It is only looked for: its name is taken world-wide, and it may hold more than this. */
final class BucketExamination {
    private static final int NOT_FOUND = 404;

    private final S3AsyncClient s3;
    private final String name;
    private final PatientCalls calls = new PatientCalls();

    BucketExamination(S3AsyncClient s3, String name) {
        this.s3 = s3;
        this.name = name;
    }

    Resource examine() throws InterruptedException {
        Aspect aspect;
        try {
            calls.answer(() -> s3.headBucket(r -> r.bucket(name)));
            aspect = Aspect.ok("there, and ours to list");
        } catch (S3Exception e) {
            aspect = Aspect.byHand(
                    e.statusCode() == NOT_FOUND
                            ? "does not exist; make it with 'aws s3 mb s3://" + name + "'"
                            : "cannot be used (status " + e.statusCode()
                                    + "): name a bucket of this account and region, and allow s3:ListBucket on it");
        }
        return new Resource("bucket", name, List.of(aspect));
    }
}
