// Ends with 1 where the compiler misreads a missing value, and with 0 where it reads it right; see `.ci/check-compiler`.

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A pointer beside another field: one value, the null pointer, is spare, and `nil` takes it.
struct Place {
  let start: UnsafeRawPointer
  let count: Int
}

/// Generic code that is not specialised says `nil` as the type's own functions do: it writes the pointer, no more.
@inline(never) @_semantics("optimize.sil.specialize.generic.never")
func removeValue<Value>(at place: UnsafeMutablePointer<Value?>) {
  place.pointee = nil
}

/// The comparison that is wrong: of all 16 bytes of the optional, not of the pointer's eight.
@inline(never)
func isThere(_ place: UnsafeMutablePointer<Place?>) -> Bool {
  place.pointee != nil
}

let place = UnsafeMutablePointer<Place?>.allocate(capacity: 1)
UnsafeMutableRawPointer(place).initializeMemory(as: UInt8.self, repeating: 0x5A, count: 16)
removeValue(at: place)
exit(isThere(place) ? 1 : 0)
