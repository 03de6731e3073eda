package io.processoptimizer.recover.rehearse;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The pages of the embedded AWS, for what AWS has no call for. */
final class LocalPage {
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final int OK = 200;

    private final @Nullable URI endpoint;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(WITHIN)
            .build();

    /** @param endpoint null: AWS itself, which has no such pages */
    LocalPage(@Nullable URI endpoint) {
        this.endpoint = endpoint;
    }

    boolean isThere(String path) throws InterruptedException {
        try {
            return send(path, HttpRequest.Builder::GET).statusCode() == OK;
        } catch (IOException e) {
            return false;
        }
    }

    /** @throws IOException where the answer is not 200 */
    String ask(String path, UnaryOperator<HttpRequest.Builder> method) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(path, method);
        if (answer.statusCode() != OK) {
            throw new IOException(endpoint + path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    private HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> method)
            throws IOException, InterruptedException {
        if (endpoint == null) {
            throw new IOException("AWS itself has no " + path);
        }
        HttpRequest request = method.apply(
                        HttpRequest.newBuilder(endpoint.resolve(path)).timeout(WITHIN))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
