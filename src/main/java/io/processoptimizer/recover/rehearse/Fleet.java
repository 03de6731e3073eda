package io.processoptimizer.recover.rehearse;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The worker processes of a rehearsal. Thread safe. */
final class Fleet implements AutoCloseable {
    /** A worker that has not begun to read after this is slow, or in trouble. */
    private static final Duration STARTING = Duration.ofSeconds(30);

    private static final String NAME = "rehearsal-";

    private final Path directory;
    private final Evidence evidence;
    private final Ended ended;
    private final List<Member> members = new ArrayList<>();
    private List<String> command;
    private int ids;
    private int starts;
    private boolean closed;

    /** Is told of a worker that ended without having been asked to. */
    interface Ended {
        void byItself(Member worker, int exitCode);
    }

    /**
     * @param command starts a worker, without its id
     * @param directory in which it runs
     */
    Fleet(List<String> command, Path directory, Evidence evidence, Ended ended) {
        this.command = List.copyOf(command);
        this.directory = directory;
        this.evidence = evidence;
        this.ended = ended;
    }

    /** One process. */
    static final class Member {
        private final String workerId;
        private final Process process;
        private final Path log;
        private final long startedNanos = System.nanoTime();
        private volatile boolean asked;

        Member(String workerId, Process process, Path log) {
            this.workerId = workerId;
            this.process = process;
            this.log = log;
        }

        String workerId() {
            return workerId;
        }

        long pid() {
            return process.pid();
        }

        Path log() {
            return log;
        }

        /** Whether it may still not have begun to read. */
        boolean isStarting() {
            return uptime().compareTo(STARTING) < 0;
        }

        Duration uptime() {
            return Duration.ofNanos(System.nanoTime() - startedNanos);
        }

        @Override
        public String toString() {
            return workerId + " (pid " + process.pid() + ")";
        }

        /** kill -9. */
        void kill() {
            asked = true;
            process.destroyForcibly();
        }

        /** SIGTERM; returns at once. */
        void stop() {
            asked = true;
            process.destroy();
        }

        /** @return its exit code, or -1 where it did not end in time */
        int awaitEnd(Duration within) throws InterruptedException {
            return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
        }
    }

    /** From now on workers are started by this command, without their ids. */
    synchronized void deploy(List<String> next) {
        command = List.copyOf(next);
    }

    /** Starts one under an id that was never used. */
    Member startNew() throws IOException {
        return start(NAME + nextId());
    }

    private synchronized int nextId() {
        return ++ids;
    }

    /** Starts one under this id, which no running one may have. */
    synchronized Member start(String workerId) throws IOException {
        if (closed) {
            throw new IOException("the rehearsal is over");
        }
        Path log = evidence.log(workerId + "-start" + ++starts);
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("--set", "application.worker_id=" + workerId));
        Process process = new ProcessBuilder(all)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Member member = new Member(workerId, process, log);
        members.add(member);
        var unused = process.onExit().thenAcceptAsync(exited -> {
            remove(member);
            if (!member.asked) {
                ended.byItself(member, exited.exitValue());
            }
        });
        return member;
    }

    private synchronized void remove(Member member) {
        members.remove(member);
    }

    /** Those that run and were not asked to end, in the order of their starts. */
    synchronized List<Member> running() {
        return members.stream()
                .filter(member -> !member.asked && member.process.isAlive())
                .toList();
    }

    /**
     * SIGTERM to all that run.
     *
     * @param within what each may take
     * @return those that ended otherwise than with 0
     */
    List<String> stopAll(Duration within) throws InterruptedException {
        List<Member> running = running();
        running.forEach(Member::stop);
        List<String> unclean = new ArrayList<>();
        for (Member worker : running) {
            int code = worker.awaitEnd(within);
            if (code != 0) {
                unclean.add(worker + " ended with " + code + " after SIGTERM (-1: not in time); see " + worker.log());
            }
        }
        return unclean;
    }

    /** Ends what still runs, without ado. */
    @Override
    public synchronized void close() {
        closed = true;
        List.copyOf(members).forEach(Member::kill);
    }
}
