import SourceText
import Testing

@testable import Workspace

@Suite struct FileTableTests {
  /// Files that are added take their places, and the others keep their numbers.
  @Test func numbersStayWhatTheyAre() throws {
    var table = FileTable(["b", "d", "f"].map { Candidate($0, .found) })
    let old = ["b", "d", "f"].map { table.position(ofPath: $0).map(table.id(at:)) }
    for new in [["a"], ["c", "e", "g"], ["c1", "c2", "b1"], []] {
      let hasRoom = table.add(new.map { Candidate($0, .context) })
      #expect(hasRoom)
      let ids = (0..<table.count).map(table.id(at:))
      #expect(ids == ids.sorted() && Set(ids).count == ids.count)
      #expect(table.candidates.map(\.path) == table.candidates.map(\.path).sorted())
      #expect(["b", "d", "f"].map { table.position(ofPath: $0).map(table.id(at:)) } == old)
      for position in 0..<table.count { #expect(table.position(of: table.id(at: position)) == position) }
    }
    #expect(table.count == 10)
    #expect(table[.none] == nil)
  }

  /// Where there is no room between two numbers, all are given anew, which is said.
  @Test func whereThereIsNoRoomAllIsNumberedAnew() {
    var table = FileTable(["a", "b"].map { Candidate($0, .found) })
    var path = "a"
    var hasRoom = true
    for _ in 0..<40 where hasRoom {
      path += "a"
      hasRoom = table.add([Candidate(path, .context)])
    }
    #expect(!hasRoom)
    let ids = (0..<table.count).map(table.id(at:))
    #expect(ids == ids.sorted() && Set(ids).count == ids.count)
  }
}
