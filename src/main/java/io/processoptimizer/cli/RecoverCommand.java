package io.processoptimizer.cli;

import picocli.CommandLine.Command;

/** Commands around what survives a failure. */
@Command(
        name = "recover",
        description = "What survives a failure: see where it stands, and try it.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  Is all well, and if not, what to do:",
            "    java -jar target/process-optimizer.jar recover status",
            "  What going back two hours would mean; with --apply it is done:",
            "    java -jar target/process-optimizer.jar recover rewind --to 2h"
        },
        subcommands = {
            RecoverStatusCommand.class,
            RecoverSavepointsCommand.class,
            RecoverRewindCommand.class,
            RecoverEvictCommand.class,
            RecoverRedriveCommand.class,
            RecoverExportCommand.class,
            RecoverImportCommand.class,
            RecoverCloneCommand.class,
            RecoverCompareCommand.class,
            RehearseCommand.class
        })
final class RecoverCommand {}
