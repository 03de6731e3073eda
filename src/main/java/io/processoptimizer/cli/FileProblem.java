package io.processoptimizer.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says what is wrong with a file: Java's own exceptions give a bare path as their message. */
final class FileProblem {
    private FileProblem() {}

    /** Why a file cannot be used, for the end of a sentence. */
    static String why(IOException e) {
        if (!(e instanceof FileSystemException problem)) {
            return String.valueOf(e.getMessage());
        }
        String file = String.valueOf(problem.getFile());
        if (e instanceof NoSuchFileException) {
            return file + " does not exist, or its directory does not";
        }
        if (e instanceof AccessDeniedException) {
            return "no permission to use " + file;
        }
        String reason = problem.getReason();
        return reason == null ? file + ": " + e.getClass().getSimpleName() : file + ": " + reason;
    }
}
