#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

// NB: Swift 6.3.1 writes the length of the absolute path of the file into the program where a closure may not escape, so
// that two releases of one commit, built in two folders, differed. Here it is that of the name below.
#sourceLocation(file:"Threads",line:12)

/// Threads whose stacks are large enough for the deepest nesting that is read, whatever the process was given: what
/// recurses has a limit of some hundred levels, each of which takes a few kilobytes.
package enum Threads {
  /// The size of a stack, in bytes; little of it is ever touched.
  private static let stackSize = 8 << 20

  /// Runs work several times side by side, and once where the system gives no thread.
  ///
  /// Threads and no dispatch queue: those take descriptors of the process, and end it where there are none.
  package static func perform(times: Int, _ body: @Sendable () -> Void) {
    withoutActuallyEscaping(body) { body in
      let threads = (1..<max(times, 1)).compactMap { _ in start(body) }
      body()
      for thread in threads { pthread_join(thread, nil) }
    }
  }

  /// Runs work on a stack that is large enough: the process's own, unless it was given less.
  package static func performOnLargeStack(_ body: @Sendable () -> Void) {
    withoutActuallyEscaping(body) { body in
      guard !isOwnStackLarge, let thread = start(body) else { return body() }
      pthread_join(thread, nil)
    }
  }

  private static var isOwnStackLarge: Bool {
    var limit = rlimit()
    #if canImport(Glibc)
      let failure = getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &limit)
    #else
      let failure = getrlimit(RLIMIT_STACK, &limit)
    #endif
    return failure == 0 && limit.rlim_cur >= rlim_t(stackSize)
  }

  /// What a thread is to do.
  private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
      self.body = body
    }
  }

  /// Starts a thread; nothing where the system gives none.
  private static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return nil }
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    let work = Unmanaged.passRetained(Work(body))
    var thread: pthread_t?
    #if canImport(Darwin)
      let failure = pthread_create(&thread, &attributes, { Threads.run($0) }, work.toOpaque())
    #else
      var started = pthread_t()
      let failure = pthread_create(&started, &attributes, { $0.flatMap { Threads.run($0) } }, work.toOpaque())
      thread = started
    #endif
    guard failure == 0 else {
      work.release()
      return nil
    }
    return thread
  }

  private static func run(_ work: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
    return nil
  }
}
