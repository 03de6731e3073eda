package io.processoptimizer.cli;

import picocli.CommandLine.Command;

/** Commands around what survives a failure. */
@Command(
        name = "recover",
        description = "What survives a failure: try it.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RedriveCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            CloneCommand.class,
            RehearseCommand.class
        })
final class RecoverCommand {}
