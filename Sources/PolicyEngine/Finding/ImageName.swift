/// The name of an image, taken apart: `docker.io/bitnami/redis:7.4`.
struct ImageName: Hashable {
  /// Without a registry, `library/`, a tag and a digest, in lower case: `bitnami/redis`.
  let path: String
  /// Nothing where none is written.
  let tag: String?
  /// The words of the path, also without a number at their end.
  let words: Set<String>

  /// - Parameter text: As it is written; of variables nothing is known.
  init(_ text: String) {
    let known = ImageName.withoutVariables(text)
    var parts = known.prefix { $0 != "@" }.split(separator: "/", omittingEmptySubsequences: true)
    let last = parts.popLast() ?? ""
    let colon = last.firstIndex(of: ":")
    tag = colon.map { String(last[last.index(after: $0)...]) }
    if let first = parts.first, first.contains(".") || first.contains(":") || first == "localhost" {
      parts.removeFirst()
    }
    if parts == ["library"] { parts = [] }
    path = (parts + [last[..<(colon ?? last.endIndex)]]).joined(separator: "/").lowercased()
    var words: Set<String> = []
    for word in path.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
      words.insert(String(word))
      words.insert(String(word.reversed().drop(while: \.isNumber).reversed()))
    }
    self.words = words
  }

  /// Whether the image is called as a service is: `mongo-express` by all of its words.
  func names(_ service: String) -> Bool {
    service.lowercased().split { !$0.isLetter && !$0.isNumber }.allSatisfy { words.contains(String($0)) }
  }

  /// Whether the last part of the path is a service's name.
  func isCalled(_ service: String) -> Bool {
    path.split(separator: "/").last.map { $0 == service.lowercased() } ?? false
  }

  /// Whether the image runs one of some programs, by a word of its name.
  func runs(anyOf programs: [String]) -> Bool {
    programs.contains(where: words.contains)
  }

  /// Whether the name and the version are the same, as far as they are written.
  func isSame(as other: ImageName) -> Bool {
    path == other.path && tag ?? "latest" == other.tag ?? "latest"
  }

  /// The first number of the tag, if it begins with one: that of the major version.
  var majorVersion: Int? {
    tag.flatMap { Int($0.drop { $0 == "v" }.prefix(while: \.isNumber)) }
  }

  private static func withoutVariables(_ text: String) -> String {
    var known = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      known += rest[..<dollar]
      rest = rest[dollar...].dropFirst()
      if rest.first == "{" {
        rest = rest.drop { $0 != "}" }.dropFirst()
      } else {
        rest = rest.drop { $0.isLetter || $0.isNumber || $0 == "_" }
      }
    }
    return known + rest
  }
}
