import PortModel
import Reporters
import Testing
import Workspace

/// A table on a terminal is as wide as that.
@Suite struct FittingTableTests {
  private static func table(
    of manifest: String = "services: {web: {image: a, ports: ['8080:80', '443:443']}}\n", width: Int?
  ) -> [String] {
    let path = "environments/production/applications/shop/compose.yaml"
    let files = WrittenFiles([path: Array(manifest.utf8)])
    let report = Workspace(.recommended(), files: files, workers: 1).lint([Candidate(path, .found)])
    var options = ReportOptions(version: "1")
    options.columns = width
    var text = ""
    writeInventory(report, as: .text, options: options, to: &text)
    return text.split(separator: "\n").map(String.init)
  }

  @Test(arguments: [120, 100, 80, 62]) func fits(_ width: Int) {
    let lines = Self.table(width: width)
    #expect(lines.allSatisfy { $0.count <= width })
    #expect(lines.count == 3)
    #expect(lines[1].contains(":1:37  "))
    #expect(lines[1].contains("8080/tcp"))
  }

  /// Columns that are all long leave none of them a line's breadth.
  @Test func longColumnsFitTogether() {
    let pod = """
      apiVersion: v1
      kind: Service
      metadata: {name: the-storefront-of-the-shop}
      spec: {selector: {a: b}, ports: [{name: plain-http-for-all, port: 8080, targetPort: http-of-the-pod}]}

      """
    let lines = Self.table(of: pod, width: 80)
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines)")
    #expect(lines[0].hasSuffix("NAME"))
  }

  @Test func saysAllWhereThereIsRoom() {
    #expect(Self.table(width: 200) == Self.table(width: nil))
    #expect(Self.table(width: 100)[0].contains("NAME") == false)
    #expect(Self.table(width: 80)[1].hasPrefix("…"))
    #expect(Self.table(width: 80)[1].contains("shop/compose.yaml:1:37  "))
    // Nothing is made so narrow that it says nothing.
    #expect(Self.table(width: 10)[1].contains("8080/tcp"))
  }
}
