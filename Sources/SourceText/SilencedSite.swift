#if DEBUG
  #if canImport(Darwin)
    import Darwin
  #elseif canImport(Musl)
    import Musl
  #else
    import Glibc
  #endif

  /// The place in the sources that is to be silent, `Module/File.swift:12`.
  private let silencedSite = getenv("PORTLINT_BREAK").map { String(cString: $0) }
#endif

/// Whether a place in the sources is to say nothing of what is wrong there: one may be chosen, in debug builds only, to see
/// whether a test notices.
package func isSilenced(_ file: StaticString, _ line: UInt) -> Bool {
  #if DEBUG
    silencedSite.map { $0 == "\(file):\(line)" } ?? false
  #else
    false
  #endif
}
