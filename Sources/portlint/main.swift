import ArgumentParser
import Workspace

// A synchronous main: an asynchronous one costs a static binary more than ten milliseconds at each start.
survivePipesAndLimits()
Threads.performOnLargeStack { exit(with: runPortlint(Array(CommandLine.arguments.dropFirst()))) }
