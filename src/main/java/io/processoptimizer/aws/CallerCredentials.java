package io.processoptimizer.aws;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Whether credentials are found, and which, without showing them. */
public final class CallerCredentials {
    private static final int SHOWN = 4;

    private CallerCredentials() {}

    /**
     * By the SDK's default chain.
     *
     * @return the end of the access key's id
     * @throws IllegalStateException where none are found, with what was looked at
     */
    public static String endOfKeyId() {
        try (DefaultCredentialsProvider chain =
                DefaultCredentialsProvider.builder().build()) {
            AwsCredentials credentials = chain.resolveCredentials();
            String id = credentials.accessKeyId();
            return id.substring(Math.max(0, id.length() - SHOWN));
        } catch (SdkClientException e) {
            throw new IllegalStateException("Unable to load credentials", e);
        }
    }
}
