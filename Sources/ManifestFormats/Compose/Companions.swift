/// Which of the files lie in a folder that a Compose file beside them may ask for: what is known not to be there need not
/// be looked for.
package struct Companions: Hashable, Sendable {
  /// A bit for each name, the first the lowest.
  private var bits: UInt16 = 0

  private static let names = [".env"] + ComposeLayout.mainNames + ComposeLayout.overrideNames

  /// - Parameter names: What lies in the folder.
  package init(among names: some Sequence<String>) {
    // Few names can be meant.
    for name in names where name.utf8.first.map({ ".cd".utf8.contains($0) }) ?? false {
      if let number = Companions.names.firstIndex(of: name) { bits |= 1 << number }
    }
  }

  /// Whether one of the names is not there.
  func lack(_ name: String) -> Bool {
    Companions.names.firstIndex(of: name).map { bits & 1 << $0 == 0 } ?? false
  }
}
