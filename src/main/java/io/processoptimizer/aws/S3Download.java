package io.processoptimizer.aws;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The objects below a prefix, as files.
 *
 * @param names what the last part of a key must match
 */
public record S3Download(S3AsyncClient s3, String bucket, String prefix, Pattern names) {
    private static final Pattern LOCATION = Pattern.compile("s3://([^/]+)/?(.*)");
    private static final Duration LIST_WITHIN = Duration.ofSeconds(20);

    /** At 20 Mbit/s an object of 1.5 GB. */
    private static final Duration OBJECT_WITHIN = Duration.ofMinutes(10);

    /** @throws IllegalArgumentException where the location is none of S3 */
    public static S3Download of(S3AsyncClient s3, String location, String names) {
        Matcher parts = LOCATION.matcher(location);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + location + "' is no place in S3; write s3://BUCKET/PREFIX");
        }
        return new S3Download(s3, parts.group(1), parts.group(2), Pattern.compile(names));
    }

    /**
     * Downloads them, by number, so that no key of the bucket names a file elsewhere.
     *
     * @throws IOException where there is none, or the folder cannot be written
     */
    public void to(Path folder) throws IOException, InterruptedException {
        int found = 0;
        String token = null;
        do {
            String next = token;
            ListObjectsV2Response page = Calls.await(
                    s3.listObjectsV2(r -> r.bucket(bucket).prefix(prefix).continuationToken(next)), LIST_WITHIN);
            for (S3Object object : wanted(page.contents())) {
                found++;
                Path numbered = Files.createDirectory(folder.resolve(Integer.toString(found)));
                Path file = numbered.resolve(lastPart(object.key()));
                Calls.await(s3.getObject(r -> r.bucket(bucket).key(object.key()), file), OBJECT_WITHIN);
            }
            token = page.nextContinuationToken();
        } while (token != null);
        if (found == 0) {
            throw new IOException("no object " + names + " below s3://" + bucket + "/" + prefix);
        }
    }

    private List<S3Object> wanted(List<S3Object> objects) {
        return objects.stream()
                .filter(object -> names.matcher(lastPart(object.key())).matches())
                .toList();
    }

    private static String lastPart(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }
}
