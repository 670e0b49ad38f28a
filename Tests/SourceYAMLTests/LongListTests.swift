import SourceText
import Testing

@testable import SourceYAML

/// A list of objects that is too long to be kept at once is lent in parts.
@Suite struct LongListTests {
  /// What reading a text lent: the items at the documents' roots, and what stands beside them.
  private struct Lent: Equatable {
    var items: [String] = []
    var duplicates: [String] = []
    var comments: [String] = []
    /// Of each lent document, all but its items.
    var heads: [String] = []
    var parts = 0
    var documents = 0
    var failure: String?
  }

  /// - Parameter size: How many bytes of nodes the items may take.
  private static func lent(of text: String, size: Int) -> Lent {
    var limits = YAMLLimits()
    limits.items = size
    var lent = Lent()
    let file = SourceFile(id: FileID(3), path: "list.json", contents: Array(text.utf8))
    let lines = PlaceText(file)
    let outcome = readYAML(file, limits: limits, keepingCommentsWith: "mark:") { document in
      lent.parts += 1
      for entry in document.root.entries {
        if entry.key.text == "items", entry.value.isSequence {
          lent.items += entry.value.items.map { lines.tree($0) }
        } else if !document.isContinued {
          lent.heads.append("\(lines.tree(entry.key)): \(lines.tree(entry.value))")
        }
      }
      if document.isContinued {
        #expect(document.root.value("kind")?.text.hasSuffix("List") == true)
        #expect(document.root.value("apiVersion")?.text == "v1")
      }
      lent.duplicates += document.duplicateKeys.map { "\(lines.place($0.second.range))=\(lines.place($0.first.range))" }
      lent.comments += document.comments.map { lines.place($0.range) }
    }
    lent.documents = outcome.documents
    lent.failure = outcome.failure.map(lines.failure)
    return lent
  }

  private static func json(_ count: Int, _ head: String = "", _ tail: String = ", \"kind\": \"List\"") -> String {
    let items = (0..<count).map { #"{"kind": "Pod", "metadata": {"name": "a\#($0)", "note": "\u0041\#($0)"}}"# }
    return "{\"apiVersion\": \"v1\"\(head), \"items\": [\n\(items.joined(separator: ",\n"))\n]\(tail)}\n"
  }

  private static func block(_ count: Int, _ tail: String = "kind: PodList\nmetadata: {note: \"\\x41\"}\n") -> String {
    let items = (0..<count).map {
      "- kind: Pod # mark: \($0)\n  # mark: alone\n  metadata:\n    name: a\($0)\n    name: >\n      b\n"
    }
    return "apiVersion: v1\nitems:\n\(items.joined())\(tail)"
  }

  static let lists = [
    json(200), json(200, ", \"kind\": \"PodList\"", ""),
    json(200, "", ", \"metadata\": {\"k\": [\"\\u0042\"]}, \"kind\": \"List\""),
    json(200).replacing("\"name\": \"a199\"", with: "\"name\": \"a\", \"name\": \"b\""),
    block(200), block(200) + "---\n" + json(200) + "---\n" + block(3),
  ]

  /// - Parameter size: At which the last item, or the last few, stand there when what is behind them is looked for.
  @Test(arguments: lists, [8192, 16384, 20000]) func lendsPartsOfWhatIsTheSame(_ text: String, _ size: Int) {
    let whole = LongListTests.lent(of: text, size: 32 << 20)
    var inParts = LongListTests.lent(of: text, size: size)
    #expect(inParts.parts > whole.parts)
    inParts.parts = whole.parts
    #expect(inParts == whole)
  }

  /// What has a name elsewhere, is no list, or cannot be read to its end is one document, or none.
  static let others = [
    json(200, "", ""), json(200, "", ", \"kind\": \"Pod\""), json(200, "", ", \"kind\": \"List\", \"kind\": \"List\""),
    json(200, "", ", \"kind\": \"List\", \"items\": []"),
    json(200).replacing("\"name\": \"a7\"", with: "\"name\": &a a7"),
    json(200).replacing("\"name\": \"a7\"", with: "\"name\": !a a7"), json(200, "", ", \"kind\": \"List\", &a b: c"),
    json(200, "", ", \"kind\": \"List\"]"), json(200).replacing("\"items\"", with: "\"other\""),
    "[\(json(200))]", block(200, "kind: List\n\tx"),
    "x:\n" + block(200).split(separator: "\n").map { "  \($0)\n" }.joined(),
    json(200).replacing("\"apiVersion\": \"v1\", ", with: ""),
  ]

  @Test(arguments: others) func keepsOthersWhole(_ text: String) {
    #expect(LongListTests.lent(of: text, size: 8192) == LongListTests.lent(of: text, size: 32 << 20))
  }

  @Test func takesMoreItemsThanWouldHaveRoom() {
    var limits = YAMLLimits()
    limits.nodes = 1
    limits.items = 1 << 18
    let read = ReadText(LongListTests.json(10_000), limits: limits) { root, _ in "\(root.value("items")?.count ?? 0)" }
    #expect(read.failure == nil)
    #expect(read.trees.compactMap { Int($0) }.reduce(0, +) == 10_000)
    let item = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [[\(String(repeating: "a, ", count: 33_000))]]}"
    #expect(ReadText(item, limits: limits) { _, _ in "" }.failure?.hasSuffix(" nodes of more than 1 MiB") == true)
  }
}
