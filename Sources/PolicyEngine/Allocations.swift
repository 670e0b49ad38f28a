import PortModel

/// The ports that a team has given away, found by ports.
package struct Allocations: Sendable {
  /// In the order in which they are written.
  package let all: [Allocation]
  /// Their ports, run by run, in rising order.
  private let runs: [Run]
  /// The highest port of each run and all before it.
  private let reach: [UInt16]

  /// Ports that follow one another, and the number of the allocation that they are of.
  package struct Run: Sendable {
    package var ports: PortRange
    package var number: Int
  }

  package init(_ all: [Allocation]) {
    self.all = all
    runs = all.indices.flatMap { number in all[number].ports.runs.map { Run(ports: $0, number: number) } }
      .sorted { ($0.ports, $0.number) < ($1.ports, $1.number) }
    var reach: [UInt16] = []
    for run in runs { reach.append(max(reach.last ?? 0, run.ports.last)) }
    self.reach = reach
  }

  package var isEmpty: Bool { all.isEmpty }

  /// The runs that have a port of a range, in the order of their allocations.
  package func overlapping(_ ports: PortRange) -> [Run] {
    let start = reach.indices.firstBehind { reach[$0] < ports.first }
    return runs[start...].prefix { $0.ports.first <= ports.last }.filter { $0.ports.overlaps(ports) }
      .sorted { ($0.number, $0.ports) < ($1.number, $1.ports) }
  }
}

/// Texts with commas between them; of very many, the first.
func listed(_ texts: some Sequence<String>) -> String {
  let longest = 512
  var list = ""
  for text in texts {
    if list.utf8.count > longest { return list + ", ..." }
    list += (list.isEmpty ? "" : ", ") + text.shortened
  }
  return list
}
