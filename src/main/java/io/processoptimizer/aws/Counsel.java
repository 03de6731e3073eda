package io.processoptimizer.aws;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.processoptimizer.advise.AdviceRequest;
import io.processoptimizer.advise.Answer;
import io.processoptimizer.advise.Briefing;
import io.processoptimizer.advise.Prompt;
import io.processoptimizer.aws.AdviceBudget.Taken;
import io.processoptimizer.aws.LanguageModel.Reply;
import io.processoptimizer.emit.Advice;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.Consultation;
import io.processoptimizer.emit.Consultation.Fallback;
import io.processoptimizer.emit.Consultation.Reason;
import io.processoptimizer.emit.Consultation.Stripped;
import io.processoptimizer.emit.Efficiency;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/**
 * Asks models about the windows of all shards of a worker. Whatever becomes of it, there is an answer within the deadline: what was
 * recorded before, what the model said as far as the guardrails let it through, or what the rules say. Nobody waits for it: who asks
 * takes a future. Thread safe.
 */
public final class Counsel {
    private static final Logger LOG = LoggerFactory.getLogger(Counsel.class);
    private static final String BEDROCK = "bedrock";
    private static final String FALLBACK = "fallback";
    private static final String ANSWERED = "answered";

    /** A service that fails is named in the log so often, not once a window. */
    private static final long REPORT_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Half of the last 20 calls failed: it is left alone for half a minute, then tried with three. */
    private static final CircuitBreakerConfig BREAKER = CircuitBreakerConfig.custom()
            .slidingWindowSize(20)
            .minimumNumberOfCalls(5)
            .failureRateThreshold(50)
            .waitDurationInOpenState(Duration.ofSeconds(30))
            .permittedNumberOfCallsInHalfOpenState(3)
            .maxWaitDurationInHalfOpenState(Duration.ofMinutes(1))
            .build();

    private final Settings settings;
    private final Models models;
    private final AdviceTable table;
    private final Clock clock;
    private final Semaphore room;
    private final Flights languageFlights;
    private final Flights efficiencyFlights;
    private final CircuitBreaker languageBreaker = CircuitBreaker.of(BEDROCK, BREAKER);
    private final CircuitBreaker efficiencyBreaker = CircuitBreaker.of("sagemaker", BREAKER);
    private final Set<Question> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> tally = new ConcurrentHashMap<>();
    private final AtomicLong lastReport = new AtomicLong(System.nanoTime() - REPORT_EVERY_NANOS);
    private volatile boolean stopping;

    /**
     * @param timeout longest wait for an answer, in the queue and from the models together
     * @param queueCapacity questions that may be open, ≥ 1; of one more the rules speak at once
     * @param languageCalls calls of Bedrock under way at a time, ≥ 1
     * @param efficiencyCalls calls of SageMaker under way at a time, ≥ 1
     */
    public record Settings(Duration timeout, int queueCapacity, int languageCalls, int efficiencyCalls) {
        /** An endpoint that hangs leaves the language model, which is asked next, most of the time. */
        Duration efficiencyTimeout() {
            return timeout.dividedBy(3);
        }
    }

    /** Who is asked, and how often; null: nobody. */
    record Models(
            @Nullable EfficiencyEndpoint efficiency,
            @Nullable LanguageModel language,
            AdviceBudget budget) {}

    Counsel(Settings settings, Models models, AdviceTable table, Clock clock) {
        this.settings = settings;
        this.models = models;
        this.table = table;
        this.clock = clock;
        room = new Semaphore(settings.queueCapacity());
        languageFlights = new Flights(settings.languageCalls());
        efficiencyFlights = new Flights(settings.efficiencyCalls());
    }

    /** One request on its way: no record, since the whole analysis would be its hash. */
    private static final class Question {
        final AdviceRequest request;
        final Briefing briefing;
        final CompletableFuture<AdviceRecord> answer = new CompletableFuture<>();

        Question(AdviceRequest request, Briefing briefing) {
            this.request = request;
            this.briefing = briefing;
        }
    }

    /**
     * Never fails, and comes within the deadline.
     *
     * @param before nobody is asked until this has ended, well or not; it counts for the deadline
     */
    CompletableFuture<AdviceRecord> ask(AdviceRequest request, CompletableFuture<?> before) {
        Briefing briefing = request.briefing();
        boolean asksLanguage = models.language() != null && request.wantsAdvice();
        if (briefing == null || !(asksLanguage || models.efficiency() != null)) {
            return CompletableFuture.completedFuture(request.unaided());
        }
        Fallback obstacle = obstacle(request);
        if (obstacle != null) {
            return CompletableFuture.completedFuture(counted(unasked(request, obstacle)));
        }
        Question question = new Question(request, briefing);
        open.add(question);
        CompletableFuture<AdviceRecord> answer = question.answer;
        CompletableFuture<?> unusedRelease = answer.whenComplete((record, failure) -> {
            open.remove(question);
            room.release();
        });
        // Composed, so that a client that throws instead of failing its future ends here, too.
        CompletableFuture<?> unusedAsking = before.handle((done, failure) -> request.result())
                .thenCompose(table::recorded)
                .thenCompose(recorded -> recorded.advice() != null
                        ? CompletableFuture.completedFuture(recorded.advice())
                        : consult(question, recorded))
                .whenComplete((record, failure) -> answer.complete(
                        failure == null && record != null ? record : unasked(request, failed(failure))));
        CompletableFuture<?> unusedTimer = answer.completeOnTimeout(
                fallback(
                        request,
                        new Fallback(
                                Reason.TIMEOUT,
                                "no answer within " + settings.timeout().toMillis() + " ms"),
                        unexpected(request)),
                settings.timeout().toMillis(),
                TimeUnit.MILLISECONDS);
        if (stopping) {
            hurry();
        }
        return answer.thenApply(this::counted);
    }

    private @Nullable Fallback obstacle(AdviceRequest request) {
        if (request.withheld()) {
            return new Fallback(Reason.REPROCESSED, "the window was decided before, and the shard has been rewound");
        }
        if (table.isTooLate(request, clock.millis())) {
            return new Fallback(Reason.TOO_LATE, "the window closed longer ago than adjustment.max_age");
        }
        if (stopping) {
            return new Fallback(Reason.STOPPING, "the worker was about to end");
        }
        return room.tryAcquire()
                ? null
                : new Fallback(
                        Reason.QUEUE_FULL, settings.queueCapacity() + " questions were open (advice.queue_capacity)");
    }

    private AdviceRecord counted(AdviceRecord record) {
        if (record.outcome() instanceof Given given) {
            Consultation consultation = given.consultation();
            Fallback fallback = consultation == null ? null : consultation.fallback();
            if (fallback != null) {
                tally.merge(fallback.reason().label(), 1L, Long::sum);
            } else if (consultation != null) {
                tally.merge(ANSWERED, 1L, Long::sum);
            }
        }
        return record;
    }

    /** The language model that is asked, or that none is. */
    public String languageModel() {
        return models.language() == null ? "none" : models.language().name();
    }

    /** What may be spent on the language model in a day. */
    public AdviceBudget.Limits budget() {
        return models.budget().limits();
    }

    /** What is spent on it today; fails where the table does not answer. */
    public CompletableFuture<AdviceBudget.Spent> spent() {
        return models.budget().spent();
    }

    /** Questions so far by what came of them: answered, or why not. */
    public Map<String, Long> tally() {
        return new TreeMap<>(tally);
    }

    // ---- one question

    private CompletableFuture<AdviceRecord> consult(Question question, AdviceTable.Recorded recorded) {
        return expectation(question).thenCompose(expected -> {
            LanguageModel language = models.language();
            AdviceRequest request = question.request;
            if (language == null || !request.wantsAdvice()) {
                return CompletableFuture.completedFuture(
                        new AdviceRecord(request.result(), request.unaided().outcome(), expected));
            }
            return advice(question, language, question.briefing.expecting(expected), recorded);
        });
    }

    /** What the endpoint expects; where it does not say, what the model in this process does. */
    private CompletableFuture<@Nullable Efficiency> expectation(Question question) {
        EfficiencyEndpoint endpoint = models.efficiency();
        Efficiency own = unexpected(question.request);
        if (endpoint == null || !efficiencyBreaker.tryAcquirePermission()) {
            return CompletableFuture.completedFuture(own);
        }
        return guarded(efficiencyBreaker, efficiencyFlights, question, () -> endpoint.expect(question.briefing))
                .orTimeout(settings.efficiencyTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .handle((expected, failure) -> {
                    if (failure != null) {
                        report("endpoint " + endpoint.name(), question.request, failure);
                    }
                    return expected == null ? own : expected;
                });
    }

    private CompletableFuture<AdviceRecord> advice(
            Question question, LanguageModel language, Briefing briefing, AdviceTable.Recorded recorded) {
        AdviceRequest request = question.request;
        Efficiency expected = briefing.expected();
        if (!languageBreaker.tryAcquirePermission()) {
            return CompletableFuture.completedFuture(fallback(
                    request,
                    new Fallback(Reason.CIRCUIT_OPEN, language.name() + " failed too often lately"),
                    expected));
        }
        String user = Prompt.user(briefing);
        return budgeted(request, language.mostTokens(user)).thenCompose(taken -> {
            String refusal = taken.refusal();
            if (refusal != null) {
                languageBreaker.releasePermission();
                return CompletableFuture.completedFuture(
                        fallback(request, new Fallback(Reason.BUDGET, refusal), expected));
            }
            return guarded(languageBreaker, languageFlights, question, () -> language.ask(user))
                    .handle((reply, failure) -> settled(question, language, briefing, recorded, taken, reply, failure));
        });
    }

    /** What may be spent on a call for which the breaker's permission is held; without it the permission goes back. */
    private CompletableFuture<Taken> budgeted(AdviceRequest request, long tokens) {
        return CompletableFuture.completedFuture(request.result().processId())
                .thenCompose(process -> models.budget().take(process, tokens))
                .whenComplete((taken, failure) -> {
                    if (failure != null) {
                        languageBreaker.releasePermission();
                    }
                });
    }

    private AdviceRecord settled(
            Question question,
            LanguageModel language,
            Briefing briefing,
            AdviceTable.Recorded recorded,
            Taken taken,
            @Nullable Reply reply,
            @Nullable Throwable failure) {
        if (reply == null) {
            if (ReliableWrites.unwrap(failure) instanceof NotWantedException) {
                CompletableFuture<?> unused = models.budget().giveBack(taken);
            } else {
                // A call that nobody answered may have been made and charged all the same.
                long spent = ReliableWrites.unwrap(failure) instanceof AwsServiceException ? 0 : taken.tokens();
                CompletableFuture<?> unused = models.budget().settle(taken, spent);
                report(language.name(), question.request, failure);
            }
            return fallback(question.request, failed(failure), briefing.expected());
        }
        CompletableFuture<?> unused = models.budget().settle(taken, reply.inputTokens() + reply.outputTokens());
        return judged(question.request, language, briefing, recorded.resting(briefing), reply);
    }

    private AdviceRecord judged(
            AdviceRequest request, LanguageModel language, Briefing briefing, Set<String> resting, Reply reply) {
        Answer.Verdict verdict = Answer.judge(reply.text(), briefing, resting);
        boolean usable = verdict instanceof Answer.Usable;
        List<Stripped> stripped =
                verdict instanceof Answer.Usable it ? it.stripped() : ((Answer.Unusable) verdict).stripped();
        Fallback fallback = verdict instanceof Answer.Unusable it
                ? new Fallback(
                        Reason.UNUSABLE_ANSWER, "the answer of " + language.name() + " was not used: " + it.why())
                : null;
        Advice advice = verdict instanceof Answer.Usable it ? it.advice() : rules(request);
        Consultation consultation = new Consultation(
                language.name(), Prompt.VERSION, reply.inputTokens(), reply.outputTokens(), stripped, fallback);
        return new AdviceRecord(
                request.result(), new Given(usable ? BEDROCK : FALLBACK, advice, consultation), briefing.expected());
    }

    // ---- calls

    /** The question was settled before its turn came. */
    private static final class NotWantedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotWantedException() {
            super("settled meanwhile", null, false, false);
        }
    }

    /** Makes the call when its turn comes, and tells the breaker, whose permission was taken, how it went. */
    private static <T> CompletableFuture<T> guarded(
            CircuitBreaker breaker, Flights flights, Question question, Supplier<CompletableFuture<T>> call) {
        return flights.run(() -> {
            if (question.answer.isDone()) {
                breaker.releasePermission();
                return CompletableFuture.failedFuture(new NotWantedException());
            }
            long begun = System.nanoTime();
            CompletableFuture<T> made;
            try {
                made = call.get();
            } catch (RuntimeException e) {
                made = CompletableFuture.failedFuture(e);
            }
            return made.whenComplete((answer, failure) -> {
                long took = System.nanoTime() - begun;
                if (failure == null) {
                    breaker.onSuccess(took, TimeUnit.NANOSECONDS);
                } else {
                    breaker.onError(took, TimeUnit.NANOSECONDS, failure);
                }
            });
        });
    }

    private void report(String who, AdviceRequest asked, @Nullable Throwable thrown) {
        Throwable failure = ReliableWrites.unwrap(thrown);
        if (failure instanceof NotWantedException) {
            return;
        }
        long now = System.nanoTime();
        long last = lastReport.get();
        if (now - last >= REPORT_EVERY_NANOS && lastReport.compareAndSet(last, now)) {
            LOG.warn(
                    "{} does not answer, and the built-in fallback does instead (results are not held up): {} {}",
                    who,
                    failure == null ? "no answer" : String.valueOf(failure.getMessage()),
                    asked.result().reference());
        }
    }

    // ---- without an answer

    private static Fallback failed(@Nullable Throwable thrown) {
        Throwable failure = ReliableWrites.unwrap(thrown);
        if (failure instanceof ApiCallTimeoutException) {
            return new Fallback(Reason.TIMEOUT, "the model gave no answer in time");
        }
        return new Fallback(
                Reason.UNAVAILABLE, failure == null ? "no answer came" : String.valueOf(failure.getMessage()));
    }

    private static Advice rules(AdviceRequest request) {
        if (request.unaided().outcome() instanceof Given given) {
            return given.advice();
        }
        throw new IllegalStateException(
                "no advice is wanted on " + request.result().processId());
    }

    private @Nullable Efficiency unexpected(AdviceRequest request) {
        Efficiency own = request.unaided().efficiency();
        return own == null || models.efficiency() == null
                ? own
                : new Efficiency(own.score(), own.throughput(), own.cycleTimeSeconds(), own.horizonMillis(), FALLBACK);
    }

    private AdviceRecord unasked(AdviceRequest request, Fallback fallback) {
        return fallback(request, fallback, unexpected(request));
    }

    private AdviceRecord fallback(AdviceRequest request, Fallback fallback, @Nullable Efficiency expected) {
        LanguageModel language = models.language();
        if (language == null || !request.wantsAdvice()) {
            return new AdviceRecord(request.result(), request.unaided().outcome(), expected);
        }
        return new AdviceRecord(
                request.result(),
                new Given(
                        FALLBACK,
                        rules(request),
                        new Consultation(language.name(), Prompt.VERSION, 0, 0, List.of(), fallback)),
                expected);
    }

    /** The worker is about to end: every question that is open, or comes up, is answered by the rules at once. */
    public void hurry() {
        stopping = true;
        for (Question question : open) {
            question.answer.complete(
                    unasked(question.request, new Fallback(Reason.STOPPING, "the worker was about to end")));
        }
    }
}
