package io.processoptimizer.aws;

import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Why a call of AWS failed, for a person: what it was and what mends it. */
public final class Failures {
    private static final int FORBIDDEN = 403;

    private static final Set<String> DENIED =
            Set.of("AccessDeniedException", "AccessDenied", "AuthorizationError", "UnauthorizedOperation", "Forbidden");

    private static final Set<String> NOT_KNOWN = Set.of(
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidAccessKeyId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "ExpiredToken",
            "ExpiredTokenException",
            "RequestExpired");

    private Failures() {}

    /** What is wrong. */
    public enum Kind {
        /** Nobody says who we are, or AWS does not know that one. */
        CREDENTIALS,
        DENIED,
        UNREACHABLE,
        /** The endpoint has no such operation. */
        NOT_OFFERED,
        OTHER
    }

    /**
     * A failure in words.
     *
     * @param text one sentence without its end
     * @param remedy what to do
     */
    public record Said(Kind kind, String text, String remedy) {}

    /** Whatever was thrown by a call. */
    public static Said of(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
        if (thrown instanceof AwsServiceException service) {
            String code = service.awsErrorDetails() == null
                    ? ""
                    : String.valueOf(service.awsErrorDetails().errorCode());
            if (NotOffered.says(service)) {
                return new Said(Kind.NOT_OFFERED, "this endpoint has no such operation", "nothing, in an emulator");
            }
            if (NOT_KNOWN.contains(code)) {
                return new Said(
                        Kind.CREDENTIALS,
                        "AWS does not take the credentials (" + code + ")",
                        "renew them (aws sso login, or new keys), and look at the clock of this host");
            }
            if (DENIED.contains(code) || service.statusCode() == FORBIDDEN) {
                return new Said(
                        Kind.DENIED,
                        message,
                        "allow that in the role; deploy/access.yaml has the policies for each use");
            }
            return new Said(Kind.OTHER, message, "look at the message of AWS");
        }
        if (message.contains("Unable to load credentials")) {
            return new Said(
                    Kind.CREDENTIALS,
                    "no AWS credentials were found",
                    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile with AWS_PROFILE, or run with an"
                            + " instance or task role");
        }
        boolean unreachable = message.contains("Connection refused")
                || message.contains("Acquire operation took longer")
                || message.contains("UnknownHost")
                || message.contains("no answer from AWS")
                || message.contains("did not complete before the specified timeout")
                || message.contains("Request cancelled");
        return unreachable
                ? new Said(
                        Kind.UNREACHABLE,
                        "no answer: " + message,
                        "check aws.region, aws.endpoint and the network (in a VPC without NAT: its endpoints)")
                : new Said(Kind.OTHER, message, "look at the message of AWS");
    }
}
