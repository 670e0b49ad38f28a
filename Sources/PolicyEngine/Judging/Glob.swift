#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension String {
  /// Whether the text matches a shell's pattern, as libc's `fnmatch` does without flags.
  func matches(glob: String) -> Bool {
    fnmatch(glob, self, 0) == 0
  }
}
