package io.processoptimizer.local;

import io.processoptimizer.local.wire.Service;
import io.processoptimizer.local.wire.ServiceError;
import java.util.Map;

/** The one operation of STS that scripts and the AWS CLI's users begin with. */
final class CallerIdentity {
    private CallerIdentity() {}

    static Service service() {
        return new Service(
                "STS",
                "AWSSecurityTokenServiceV20110615",
                "com.amazonaws.sts",
                "2011-06-15",
                "https://sts.amazonaws.com/doc/2011-06-15/",
                member -> ServiceError.of("ValidationError", member + " is required"),
                Map.of(
                        "GetCallerIdentity",
                        input -> Map.of(
                                "Account",
                                LocalAwsSettings.ACCOUNT,
                                "UserId",
                                "LOCAL",
                                "Arn",
                                "arn:aws:iam::" + LocalAwsSettings.ACCOUNT + ":root")));
    }
}
