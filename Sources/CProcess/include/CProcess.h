// What a process owes to the system it runs on, where only C will do: code that runs before Swift's, and in a signal
// handler.

#ifndef CPROCESS_H
#define CPROCESS_H

/// Opens a folder to look names up in, never through a link; answers -1 and sets `errno` where it cannot.
int folder_open(int parent, const char *name);

/// Opens a file below the current folder to read it, with no link on the way, and never waits; answers -1 and sets
/// `errno` where it cannot: `ELOOP` or `EXDEV` for links, `ENOSYS` where the system has no such call.
int file_open_without_links(const char *path);

/// Says that a file in a folder is not whole yet: it is taken away if a signal ends the process before
/// `unfinished_file_end`.
void unfinished_file_begin(int folder, const char *name);

/// Says that no file is unfinished.
void unfinished_file_end(void);

/// Starts a program that PATH leads to, with nothing to read; answers its process, or -1 and sets `errno` where it cannot.
///
/// `output` is set to a descriptor of what it writes: to standard output, and where `with_errors` to standard error too,
/// which else is thrown away.
int program_start(const char *const arguments[], int with_errors, int *output);

#endif
