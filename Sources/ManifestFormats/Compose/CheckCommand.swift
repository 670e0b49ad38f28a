import PortModel
import SourceText

/// Reads the words of a command that checks a container: `nc -z localhost 8080`, or those of a client that is told in
/// options whom it asks.
struct CheckCommand {
  private(set) var asked: [(host: ExactText, port: UInt16, place: SourceRange)] = []
  /// The host that the last word may be.
  private var host: ExactText?
  private var call: ClientCall?
  /// Whether the last word takes back the end of the line.
  private var isContinued = false

  /// What ends one command before the next.
  private static let ends = ASCIISet(";|&()\n`")

  /// - Parameter place: Where a part of the text is written that the word is of.
  mutating func take(_ word: ArraySlice<UInt8>, place: (Range<Int>) -> SourceRange) {
    if let known = host, let port = wholePort(word) {
      asked.append((known, port, place(word.startIndex..<word.endIndex)))
      (call, host) = (nil, nil)
    } else if call != nil {
      host = nil
      call?.take(word, place: place)
    } else if !word.isText("-p") {
      // What has a client's name may be a host.
      call = CheckClient(called: word).map { ClientCall(client: $0) }
      host =
        word.allSatisfy(ASCIISet.ofHosts.contains) ? String(decoding: word, as: UTF8.self).exact : nil
    }
    isContinued = word.isText("\\")
  }

  /// Takes notice of what stands between two words.
  mutating func take(between gap: ArraySlice<UInt8>) {
    if !isContinued, gap.contains(where: CheckCommand.ends.contains) { end() }
  }

  /// Takes notice that a command ends.
  mutating func end() {
    if let call, let port = call.port, let host = call.hostAsked { asked.append((host, port.value, port.place)) }
    (call, host) = (nil, nil)
  }
}

/// A client that is told in options which host and which port it asks.
private struct CheckClient {
  var names: [StaticString]
  var hostOptions: [StaticString]
  var portOptions: [StaticString]
  /// Whom it asks where nobody says.
  var usualHost: ExactText?
  /// Whether it takes `localhost` for the socket in the file system, and the port for nothing.
  var hasSocketForLocalhost = false

  /// - Parameter word: A program's name or path.
  init?(called word: ArraySlice<UInt8>) {
    let start = word.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? word.startIndex
    let name = word[start...]
    // Most words are no client's name, which the first letter tells.
    guard let first = name.first, CheckClient.firstLetters.contains(first) else { return nil }
    let known = CheckClient.all.first { client in
      client.names.contains { name.isText($0) }
    }
    guard let known else { return nil }
    self = known
  }

  private init(
    _ names: [StaticString], host: [StaticString], port: [StaticString], usualHost: ExactText? = nil,
    hasSocketForLocalhost: Bool = false
  ) {
    self.names = names
    hostOptions = host
    portOptions = port
    self.usualHost = usualHost
    self.hasSocketForLocalhost = hasSocketForLocalhost
  }

  private static let firstLetters = ASCIISet("mprvk")

  /// Source: the manual of each.
  private static let all = [
    CheckClient(
      ["mysqladmin", "mysql", "mariadb-admin", "mariadb"], host: ["-h", "--host"], port: ["-P", "--port"],
      hasSocketForLocalhost: true),
    CheckClient(["pg_isready", "psql"], host: ["-h", "--host"], port: ["-p", "--port"], usualHost: "localhost"),
    CheckClient(["redis-cli", "valkey-cli", "keydb-cli"], host: ["-h"], port: ["-p"], usualHost: "localhost"),
    CheckClient(["mongosh", "mongo"], host: ["--host"], port: ["--port"], usualHost: "localhost"),
  ]
}

/// What a client is told.
private struct ClientCall {
  let client: CheckClient
  private var host: ExactText?
  private(set) var port: Located<UInt16>?
  /// Whether the next word is what an option asks for.
  private var awaited: Option?

  private enum Option {
    case host, port
  }

  init(client: CheckClient) {
    self.client = client
  }

  /// Nothing where no port of a host is asked.
  var hostAsked: ExactText? {
    guard let host = host ?? client.usualHost else { return nil }
    return client.hasSocketForLocalhost && host == "localhost" ? nil : host
  }

  mutating func take(_ word: ArraySlice<UInt8>, place: (Range<Int>) -> SourceRange) {
    if let option = awaited {
      awaited = nil
      set(option, word, place: place)
    } else if let (option, value) = option(in: word) {
      if value.isEmpty { awaited = option } else { set(option, value, place: place) }
    }
  }

  private mutating func set(_ option: Option, _ value: ArraySlice<UInt8>, place: (Range<Int>) -> SourceRange) {
    switch option {
    case .host: host = String(decoding: value, as: UTF8.self).exact
    case .port: port = wholePort(value).map { Located($0, at: place(value.startIndex..<value.endIndex)) }
    }
  }

  /// The option that a word is, with the value that stands in it; an empty one where that is the next word.
  private func option(in word: ArraySlice<UInt8>) -> (Option, value: ArraySlice<UInt8>)? {
    for (option, names) in [(Option.host, client.hostOptions), (.port, client.portOptions)] {
      for name in names {
        let isLong = name.utf8CodeUnitCount > 2
        guard name.withUTF8Buffer({ word.starts(with: $0) }) else { continue }
        let value = word.dropFirst(name.utf8CodeUnitCount)
        if !isLong || value.isEmpty { return (option, value) }
        if value.first == UInt8(ascii: "=") { return (option, value.dropFirst()) }
      }
    }
    return nil
  }
}

extension ArraySlice<UInt8> {
  /// Whether the bytes are those of a text.
  fileprivate func isText(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && withUnsafeBufferPointer { $0.holds(text.bytes, at: 0) }
  }
}
