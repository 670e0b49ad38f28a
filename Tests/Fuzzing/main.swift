/// libFuzzer's loop, which calls `test` with each input and reads libFuzzer's flags from the arguments.
@_silgen_name("LLVMFuzzerRunDriver")
func runLibFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

var count = CommandLine.argc
var arguments = CommandLine.unsafeArgv
_ = runLibFuzzer(&count, &arguments) { start, count in
  fuzz(Entry.named, Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
