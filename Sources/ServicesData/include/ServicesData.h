#ifndef SERVICES_DATA_H
#define SERVICES_DATA_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// A table of services as UTF-8 text: one row per line, each ended by LF, columns separated by one tab, no heading.
///
/// `rebuild.py` beside the tables makes them. They lie in the read-only part of the program, last as long as the
/// process, and are searched where they lie.
typedef struct {
  /// The first byte of the first row.
  const uint8_t *bytes;
  /// How many bytes the table has; there is no NUL after them.
  size_t count;
} ServicesTable;

/// The rows by port: port, protocol, name, origin, range, description.
///
/// The port has five digits, and the rows rise by port, then by protocol. A service registered for a range of ports
/// has one row for *each* of them, so that an exact search finds everything that covers a port; `range` then has the
/// whole range (`06000-06063`), and is empty for a service of one port. Rows of one port and protocol keep IANA's
/// order, official name first, and the de-facto ones follow. The origin is `iana` or `de-facto`.
ServicesTable portlint_services_by_port(void);

/// The rows by name: lower-case name, first port, last port, protocol, origin.
///
/// The ports have five digits, and the lines rise by their bytes. A service has one row for each protocol, whatever
/// the length of its range.
ServicesTable portlint_services_by_name(void);

#pragma clang assume_nonnull end

#endif
