package io.processoptimizer.aws;

import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Tells the answer of an endpoint that lacks an operation, as emulators lack some, from one of an operation that failed. */
public final class NotOffered {
    private static final int NOT_IMPLEMENTED = 501;

    private static final Set<String> CODES = Set.of(
            "UnknownOperationException",
            "UnknownOperation",
            "NotImplemented",
            "NotImplementedException",
            "InvalidAction",
            "UnsupportedOperation",
            "UnsupportedOperationException");

    private NotOffered() {}

    /** Whether the endpoint has no such operation, or no such service at all. */
    public static boolean says(AwsServiceException e) {
        return e.statusCode() == NOT_IMPLEMENTED
                || (e.awsErrorDetails() != null
                        && CODES.contains(String.valueOf(e.awsErrorDetails().errorCode())));
    }
}
