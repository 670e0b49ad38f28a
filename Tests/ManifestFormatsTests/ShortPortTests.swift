import PortModel
import Testing

@testable import ManifestFormats

/// The grammar of short entries against the reference parser's answers (`compose-short-syntax.tsv`).
@Suite struct ShortPortTests {
  private static let rows = table("compose-short-syntax")

  /// Each accepted input, with the mappings it expands to: `address published target protocol`.
  static let accepted: [(String, [String])] = {
    var inputs: [(String, [String])] = []
    for row in rows where row[1] == "ok" {
      let mapping = row[3...6].map { $0.isEmpty ? "-" : $0 }.joined(separator: " ")
      if inputs.last?.0 == row[0] {
        inputs[inputs.count - 1].1.append(mapping)
      } else {
        inputs.append((row[0], [mapping]))
      }
    }
    return inputs
  }()

  static let rejected = rows.filter { $0[1] == "error" }.map { ($0[0], $0[7]) }

  @Test func theTableIsWhole() {
    #expect(Self.rows.count == 85)
    #expect(Self.accepted.count == 35)
    #expect(Self.rejected.count == 45)
  }

  @Test(arguments: accepted)
  func expands(_ input: String, _ mappings: [String]) throws {
    let port = try ShortPort(Array(input.utf8))
    let target = try #require(port.targetPorts)
    let found = (0..<target.count).map { index in
      var published = port.publishedPorts?.description ?? "-"
      if let ports = port.publishedPorts, !target.isSingle { published = "\(Int(ports.first) + index)" }
      let transport = port.transportValue?.name ?? "-"
      return "\(port.addressText ?? "-") \(published) \(Int(target.first) + index) \(transport)"
    }
    #expect(found == mappings)
    #expect((port.addressText == nil) == (port.addressValue == nil))
  }

  /// The reference's message names the part at fault; ours must be the same characters, under the rule it belongs to.
  @Test(arguments: rejected)
  func rejects(_ input: String, _ message: String) throws {
    let text = Array(input.utf8)
    let failure = try #require(throws: ShortPort.Failure.self) { try ShortPort(text) }
    let part = String(decoding: text[failure.part], as: UTF8.self)
    let named = message.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? ""
    switch failure.cause {
    case .invalidPort(.notAPort(let value)), .invalidPort(.outOfRange(let value)),
      .invalidPort(.reversedRange(let value)):
      #expect(message.hasPrefix("invalid containerPort: ") || message.hasPrefix("invalid hostPort: "))
      #expect([value, part] == [named, named])
    case .invalidPort(.noContainerPort(let value)):
      #expect(message == "no port specified: \(value)<empty>")
      #expect(part == input)
    case .invalidPort(.unequalRanges(let host, let container)):
      #expect(message == "invalid ranges specified for container and host Ports: \(container) and \(host)")
      #expect(part == "\(host):\(container)")
    case .invalidProtocol(.unknown(let value, _)):
      #expect(message.hasPrefix("invalid proto: "))
      #expect([value, part] == [named, named])
    case .invalidAddress(let value, _):
      #expect(message.hasPrefix("invalid IP address"))
      // The reference names an address in brackets without them, and a broken one with its reason.
      #expect(value == part)
      #expect(part == named || part == "[\(named)]" || message.hasPrefix("invalid IP address \(part): "))
    default: Issue.record("\(failure.cause)")
    }
  }

  @Test(
    arguments: [
      ("70000:80", "outOfRange"), ("80:70000", "outOfRange"), ("80-65536:80", "outOfRange"), ("9999999", "outOfRange"),
      ("8090-8080:80", "reversedRange"), ("65536", "outOfRange"), ("99999999999999999999:80", "outOfRange"),
      ("-1", "notAPort"), ("80-", "notAPort"), ("80--90", "notAPort"), ("80-90-100", "notAPort"), ("http", "notAPort"),
      ("70000a", "notAPort"), ("+", "notAPort"), ("++80", "notAPort"), ("+-80", "notAPort"), ("-", "notAPort"),
      ("90-80", "reversedRange"), ("70000-x", "outOfRange"), ("x-70000", "notAPort"),
      ("localhost:8080:80", "hostName"), ("[fe80::1%eth0]:80:80", "zone"), ("127.000.0.1:80:80", "leadingZeros"),
      ("127.0.0.256:80:80", "malformed"), ("*:80:80", "malformed"), ("127.0.0:8080:80", "malformed"),
      ("1:2:3:4", "malformed"), ("a:b:c:d", "malformed"), ("[:80:80", "malformed"),
    ])
  func saysWhatIsWrong(_ input: String, _ kind: String) throws {
    let failure = try #require(throws: ShortPort.Failure.self) { try ShortPort(Array(input.utf8)) }
    switch failure.cause {
    case .invalidPort(let problem): #expect("\(problem)".hasPrefix("\(kind)("))
    case .invalidAddress(_, let problem): #expect("\(problem)" == kind)
    default: Issue.record("\(failure.cause)")
    }
  }

  @Test(
    arguments: [
      ("80", "dynamic"), (":80", "dynamic"), ("0:80", "dynamic"), ("00:80", "dynamic"), ("127.0.0.1::80", "dynamic"),
      ("8080:80", "8080 all"), ("8080-8081:80-81", "8080-8081 all"), ("8080-8090:80", "8080-8090 any"),
      ("8080-8080:80", "8080 all"), ("8080-8080:80-80", "8080 all"), ("3000-3005", "dynamic"),
    ])
  func claims(_ input: String, _ claim: String) throws {
    let found =
      switch try ShortPort(Array(input.utf8)).claim {
      case .fixed(let ports, let pick): "\(ports) \(pick)"
      case .dynamic: "dynamic"
      case .unresolved: "unresolved"
      }
    #expect(found == claim)
  }
}
