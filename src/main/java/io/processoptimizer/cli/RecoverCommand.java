package io.processoptimizer.cli;

import picocli.CommandLine.Command;

/** Commands around what survives a failure. */
@Command(
        name = "recover",
        description = "What survives a failure: see where it stands, and try it.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RecoverStatusCommand.class,
            RecoverSavepointsCommand.class,
            RecoverRewindCommand.class,
            RecoverEvictCommand.class,
            RedriveCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            CloneCommand.class,
            RehearseCommand.class
        })
final class RecoverCommand {}
