import PolicyEngine
import Testing

/// A mistake in a table ends the build with its line, so each kind has one.
@Suite struct TableTests {
  static let ports = "service\tport\tprotocol\tplatform\tsource\n"
  static let services = "name\taliases\tports\tshared\tcarriers\timages\topened\tsource\n"

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
    (services + "ssh\tsftp\t22,x\t\t\t\t\t\n", 2, "'x' is no port"),
    (services + "ssh\t\t22\ty\t\t\t\t\n", 2, "'y' is no port"),
    (services + "ssh\t\t22\t\thttp\t\t\t\n", 2, "'http' is no service of the table"),
    (services + "ssh\t\t22\t\t\t\t\t\nsftp\tssh\t22\t\t\t\t\t\n", 3, "the name 'ssh' stands twice"),
    (services + "ssh\t\t22\t\t\tsshd\t22,y\t\n", 2, "'y' is no port"),
    (services + "ssh\t\t22\t\t\tsshd\tssh=22\t\n", 2, "'ssh' is no image of the service"),
  ])
  func aMistakeAmongTheKnownServicesIsSaid(_ text: String, line: Int, message: String) {
    let problem = #expect(throws: TableProblem.self) { try decodeKnownServices(text) }
    #expect(problem?.line == line)
    #expect(problem?.message == message)
  }

  static let exposed =
    "service\tport\tprotocol\timages\tby-number\tofficial\tasks\tguarded\topen\tunguarded\tsource\n"

  @Test(arguments: [
    ("\t1\ttcp\ta\t\t\tnever\t\t\t\t\n", "the service is missing"),
    ("A\tx\ttcp\ta\t\t\tnever\t\t\t\t\n", "'x' is no port"),
    ("A\t1\ttpc\ta\t\t\tnever\t\t\t\t\n", "'tpc' is none of tcp, udp and sctp"),
    ("A\t1\ttcp\ta\tno\t\tnever\t\t\t\t\n", "'no' is neither 'yes' nor nothing"),
    ("A\t1\ttcp\ta\t\t\tnow\t\t\t\t\n", "'now' is no version, 'never' or 'always'"),
  ])
  func aMistakeAmongTheExposedServicesIsSaid(_ row: String, message: String) {
    let problem = #expect(throws: TableProblem.self) { try decodeExposedServices(Self.exposed + row) }
    #expect(problem?.line == 2)
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
