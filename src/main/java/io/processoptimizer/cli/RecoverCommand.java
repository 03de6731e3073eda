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
            RecoverRedriveCommand.class,
            RecoverExportCommand.class,
            RecoverImportCommand.class,
            RecoverCloneCommand.class,
            RecoverCompareCommand.class,
            RehearseCommand.class
        })
final class RecoverCommand {}
