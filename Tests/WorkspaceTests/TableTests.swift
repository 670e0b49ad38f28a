import PolicyEngine
import Testing

/// A mistake in a table ends the build with its line, so each kind has one.
@Suite struct TableTests {
  static let ports = "service\tport\tprotocol\tplatform\tsource\n"
  static let services = "name\taliases\tports\tcarriers\tsource\n"

  @Test(arguments: [
    ("service\tport\n", 1, "expected the headings service, port, protocol, platform, source"),
    (ports + "SSH\t22\ttcp\n", 2, "expected 5 columns, not 3"),
    (ports + "SSH\t22\ttcp\t\t\n\n\t22\ttcp\t\t\n", 4, "the service is missing"),
    (ports + "SSH\t70000\ttcp\t\t\n", 2, "'70000' is neither a port nor a range such as 7000-7099"),
    (ports + "SSH\t23-22\ttcp\t\t\n", 2, "'23-22' is neither a port nor a range such as 7000-7099"),
    (ports + "SSH\t22\ttpc\t\t\n", 2, "'tpc' is none of tcp, udp and sctp"),
    (ports + "SSH\t22\ttcp\tlinus\t\n", 2, "'linus' is no platform"),
  ])
  func aMistakeInATableOfPortsIsSaid(_ text: String, line: Int, message: String) {
    let problem = #expect(throws: TableProblem.self) { try decodePortTable(text) }
    #expect(problem?.line == line)
    #expect(problem?.message == message)
  }

  @Test(arguments: [
    (services + "ssh\tsftp\t22,x\t\t\n", 2, "'x' is no port"),
    (services + "ssh\t\t22\thttp\t\n", 2, "'http' is no service of the table"),
    (services + "ssh\t\t22\t\t\nsftp\tssh\t22\t\t\n", 3, "the name 'ssh' stands twice"),
  ])
  func aMistakeAmongTheKnownServicesIsSaid(_ text: String, line: Int, message: String) {
    let problem = #expect(throws: TableProblem.self) { try decodeKnownServices(text) }
    #expect(problem?.line == line)
    #expect(problem?.message == message)
  }

  @Test func rangesAndEmptyColumnsAreRead() throws {
    let table = try decodePortTable(Self.ports + "DHCP\t67-68\tudp\t\tRFC 2131\nAirPlay\t7000\t\tmacos\t\n")
    #expect(
      table.rows.map { "\($0.service) \($0.ports) \($0.transport?.name ?? "-") \($0.platform?.rawValue ?? "-")" } == [
        "DHCP 67-68 udp -", "AirPlay 7000 - macos",
      ])
  }
}
