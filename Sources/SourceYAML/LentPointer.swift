/// A pointer into what is lent, whose `nil` an optional keeps in a byte of its own.
///
/// NB: Swift 6.3.1 misreads optionals that take the last spare value of what they hold, as those of a plain pointer
/// beside other fields do: of a `nil` that generic code made it compares also the bytes that nobody wrote, so that
/// `== nil` says no. Nothing here has exactly one spare value, so that no optional is hit; `.ci/check-compiler` asks
/// whether a toolchain has the fault, which https://github.com/swiftlang/swift/pull/90374 mends.
@frozen
@usableFromInline
struct LentPointer<Pointee>: BitwiseCopyable {
  /// Never `nil`: an optional pointer has no spare value.
  @usableFromInline let stored: UnsafePointer<Pointee>?

  @inlinable
  init(_ pointer: UnsafePointer<Pointee>) {
    stored = pointer
  }

  @inlinable
  var pointer: UnsafePointer<Pointee> {
    stored.unsafelyUnwrapped
  }
}
