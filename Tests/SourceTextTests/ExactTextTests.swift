import SourceText
import Testing

@Suite struct ExactTextTests {
  @Test func textsOfOtherBytesAreOthers() {
    let (composed, decomposed) = ("\u{E9}".exact, "e\u{301}".exact)
    #expect(composed.text == decomposed.text)
    #expect(composed != decomposed)
    #expect(decomposed < composed)
    #expect(!(composed < decomposed))
    #expect(Set([composed, decomposed, "\u{E9}"]).count == 2)
    #expect("a".exact < "ab" && !("ab".exact < "a") && !("a".exact < "a") && "".exact < "a")
  }

  @Test func aMarkBehindASlashIsOfTheNameBehindIt() {
    #expect("/a//\u{301}b/".pathParts == ["a", "\u{301}b"])
    #expect("".pathParts == [])
  }
}
