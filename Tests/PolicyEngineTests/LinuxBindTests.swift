import Testing

/// Sockets of one host meet as Linux's `bind` says: the table was measured on a kernel 6.18, both sockets of one user.
@Suite struct LinuxBindTests {
  struct Row: CustomTestStringConvertible {
    var transport: String
    var reuse: String
    var first: String
    var second: String
    var result: String

    var testDescription: String {
      "\(transport) \(reuse): \(first), then \(second)"
    }

    var manifest: String {
      """
      portlint: 1
      services:
        - {name: first, port: 5000, protocol: \(transport), reuse: \(reuse), \(fields(of: first))}
        - {name: second, port: 5000, protocol: \(transport), reuse: \(reuse), \(fields(of: second))}

      """
    }

    private func fields(of socket: String) -> String {
      let parts = socket.split(separator: " ")
      return "address: \"\(parts[0])\", v6only: \(parts.dropFirst().first == "v6only=1")"
    }
  }

  static let rows = fixture("linux-bind-matrix.tsv").map { columns in
    let options = ["ra=1": "address", "rp=1": "port"]
    let reuse = columns[1].split(separator: " ").compactMap { options[String($0)] }
    return Row(
      transport: columns[0], reuse: "[\(reuse.joined(separator: ", "))]", first: columns[2], second: columns[3],
      result: columns[4])
  }

  @Test(arguments: rows)
  func bindsAsTheKernelDoes(_ row: Row) throws {
    #expect(try conflicts(in: row.manifest) == (row.result == "EADDRINUSE" ? 1 : 0))
  }

  /// SCTP asks the same of its sockets as TCP does (Linux `net/sctp/socket.c`, `sctp_get_port_local`).
  @Test(arguments: rows.filter { $0.transport == "tcp" })
  func bindsSCTPLikeTCP(_ row: Row) throws {
    var row = row
    row.transport = "sctp"
    #expect(try conflicts(in: row.manifest) == (row.result == "EADDRINUSE" ? 1 : 0))
  }

  @Test func theTableIsWhole() {
    #expect(Self.rows.count == 216)
    #expect(Self.rows.count { $0.result == "EADDRINUSE" } == 66)
  }
}

/// What two sockets of one port and address must have in common to share it.
@Suite struct SharingTests {
  static let rows: [(transport: String, first: String, second: String, conflicts: Int)] = [
    // One side only.
    ("tcp", "reuse: port", "", 1),
    ("tcp", "", "reuse: port", 1),
    ("udp", "reuse: port", "", 1),
    ("udp", "reuse: address", "", 1),
    ("udp", "", "reuse: address", 1),
    ("sctp", "reuse: port", "", 1),
    // Different options.
    ("tcp", "reuse: port", "reuse: address", 1),
    ("udp", "reuse: port", "reuse: address", 1),
    ("tcp", "reuse: [address, port]", "reuse: port", 0),
    ("udp", "reuse: [address, port]", "reuse: address", 0),
    ("tcp", "reuse: [address, port]", "reuse: address", 1),
    // SO_REUSEPORT asks for one user.
    ("tcp", "reuse: port, user: a", "reuse: port, user: a", 0),
    ("tcp", "reuse: port, user: a", "reuse: port, user: b", 1),
    ("udp", "reuse: port, user: a", "reuse: port, user: b", 1),
    ("sctp", "reuse: port, user: a", "reuse: port, user: b", 1),
    ("tcp", "reuse: port, user: a", "reuse: port", 0),
    ("tcp", "reuse: port, user: 101", "reuse: port, user: 102", 1),
    ("tcp", "reuse: port, user: root", "reuse: port, user: 0", 0),
    ("tcp", "reuse: port, user: root", "reuse: port, user: a", 1),
    ("tcp", "reuse: port, user: 0", "reuse: port, user: a", 1),
    // The name may be the number's.
    ("tcp", "reuse: port, user: a", "reuse: port, user: 101", 0),
    // SO_REUSEADDR does not ask for it.
    ("udp", "reuse: address, user: a", "reuse: address, user: b", 0),
    ("udp", "reuse: [address, port], user: a", "reuse: [address, port], user: b", 0),
    ("tcp", "reuse: [address, port], user: a", "reuse: [address, port], user: b", 1),
  ]

  @Test(arguments: rows)
  func isDecidedByOptionsAndUsers(
    _ row: (transport: String, first: String, second: String, conflicts: Int)
  ) throws {
    let manifest = """
      portlint: 1
      services:
        - {name: first, port: 5000, protocol: \(row.transport), \(row.first)}
        - {name: second, port: 5000, protocol: \(row.transport), \(row.second)}

      """
    #expect(try conflicts(in: manifest) == row.conflicts, "\(row)")
  }

  static let messages: [(services: String, expected: [String])] = [
    (
      "[{name: a, port: 53}, {name: b, port: 53}]",
      ["port-conflict: 'b' binds 53/tcp on every address, and so does 'a'"]
    ),
    (
      "[{name: a, port: 53}, {name: b, port: 53, address: 127.0.0.1}]",
      ["port-conflict: 'b' binds 53/tcp on 127.0.0.1, and 'a' on every address"]
    ),
    (
      "[{name: a, port: 443, reuse: port, user: www}, {name: b, port: 443, reuse: port, user: root}]",
      ["port-conflict: 'b' binds 443/tcp on every address, and 'a' on every address, but as another user"]
    ),
    (
      "[{name: a, ports: [7000-7009, 7005]}]",
      ["port-conflict: 'a' binds 7005/tcp on every address twice"]
    ),
    (
      "[{name: a, ports: [{port: 7000, address: 0.0.0.0}, {port: 7000, address: '::'}]}]",
      ["port-conflict: 'a' binds 7000/tcp on ::, and on 0.0.0.0"]
    ),
    (
      "[{name: a, ports: [{port: 7000, address: 0.0.0.0}, {port: 7000, address: '::', v6only: true}]}]",
      []
    ),
    // One entry is one finding, in however many protocols.
    (
      "[{name: a, port: 53, protocol: [udp, tcp]}, {name: b, port: 53, protocol: [tcp, udp]}]",
      ["port-conflict: 'b' binds 53/tcp and 53/udp on every address, and so does 'a'"]
    ),
    (
      "[{name: a, port: 53, protocol: udp}, {name: c, port: 53}, {name: b, port: 53, protocol: [tcp, udp]}]",
      [
        "port-conflict: 'b' binds 53/tcp on every address, and so does 'c'",
        "port-conflict: 'b' binds 53/udp on every address, and so does 'a'",
      ]
    ),
  ]

  @Test(arguments: messages)
  func isSaidInWords(_ row: (services: String, expected: [String])) throws {
    let manifest = "portlint: 1\nservices: \(row.services)\n"
    #expect(try findings(in: manifest).filter { $0.hasPrefix("port-conflict:") }.sorted() == row.expected)
  }

  @Test func isPerHost() throws {
    let host = "[{name: a, port: 53}]"
    #expect(try conflicts(in: "portlint: 1\nhosts:\n  x: {services: \(host)}\n  y: {services: \(host)}\n") == 0)
    // The documents of a file share its hosts.
    let document = "portlint: 1\nhosts:\n  x: {services: \(host)}\n"
    #expect(try conflicts(in: "\(document)---\n\(document)") == 1)
    let nameless = "portlint: 1\nservices: \(host)\n"
    #expect(try conflicts(in: "\(nameless)---\n\(nameless)---\n\(document)") == 1)
  }
}
