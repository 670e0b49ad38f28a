import ArgumentParser

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What may stand where the cursor is.
struct Completions: Equatable {
  /// What a shell is to offer beside the words.
  enum Paths: String {
    case none
    case files
    case folders
  }

  struct Word: Equatable {
    var text: String
    var description = ""
  }

  var words: [Word] = []
  var paths = Paths.none
  /// What of the current word stands before the part that is completed, as `--format=` does.
  var prefix = ""

  /// What may stand in the place of the last of the words behind the program's name, each of which stands before the cursor.
  ///
  /// - Parameter root: The command line, as ArgumentParser describes it.
  init(of typed: [String], in root: CommandOutline) {
    var rest = typed[...]
    let current = rest.popLast() ?? ""
    var command = root.subcommand(root.defaultSubcommand ?? "") ?? root
    // A subcommand stands before all else.
    var mayBeSubcommand = true
    if typed.first == CommandOutline.help, typed.count == 2 {
      words = root.commandWords
      words.removeAll { !$0.text.hasPrefix(current) }
      return
    }
    if let first = rest.first, let named = root.subcommand(first) {
      (command, mayBeSubcommand) = (named, false)
      rest = rest.dropFirst()
    }
    var pending: CommandOutline.Argument?
    var isBehindTerminator = false
    var used: Set<String> = []
    var positionals = 0
    for word in rest {
      if pending != nil {
        pending = nil
      } else if !isBehindTerminator, word == "--" {
        isBehindTerminator = true
      } else if !isBehindTerminator, word.hasPrefix("-"), word != "-" {
        let argument = command.argument(spelled: Completions.name(in: word))
        used.formUnion(argument.map { $0.isRepeating ? [] : $0.spellings } ?? [])
        if argument?.kind == .option, !word.contains("=") { pending = argument }
      } else {
        positionals += 1
      }
    }
    if let pending {
      complete(valueOf: pending, current, of: command)
    } else if !isBehindTerminator, current.hasPrefix("-"), current != "-", current.contains("=") {
      let name = Completions.name(in: current)
      guard let argument = command.argument(spelled: name), argument.kind == .option else { return }
      prefix = "\(name)="
      complete(valueOf: argument, String(current.dropFirst(prefix.count)), of: command)
    } else if !isBehindTerminator, current.hasPrefix("-") {
      words = command.arguments.filter { $0.shouldDisplay && used.isDisjoint(with: $0.spellings) }.flatMap { argument in
        argument.spellings.map { Word(text: $0, description: argument.abstract ?? "") }
      }
    } else {
      if mayBeSubcommand, rest.isEmpty {
        words = root.commandWords
      }
      complete(positional: positionals, current, of: command)
    }
    words.removeAll { !(prefix + $0.text).hasPrefix(current) }
  }

  /// `--format` of `--format=text`
  private static func name(in word: String) -> String {
    String(word.prefix { $0 != "=" })
  }

  private mutating func complete(positional number: Int, _ current: String, of command: CommandOutline) {
    let positionals = command.arguments.filter { $0.kind == .positional && $0.shouldDisplay }
    guard let argument = number < positionals.count ? positionals[number] : positionals.last(where: \.isRepeating)
    else {
      return
    }
    complete(valueOf: argument, current, of: command)
  }

  /// - Parameter current: The value as far as it is written.
  private mutating func complete(
    valueOf argument: CommandOutline.Argument, _ current: String, of command: CommandOutline
  ) {
    let values = argument.values(of: command, beginning: current)
    let head = Completions.name(in: current)
    if head != current, values.contains(head) {
      // A file may be named behind such a value.
      prefix += "\(head)="
      paths = .files
    } else {
      words += values.map { Word(text: $0) }
      if paths == .none { paths = argument.paths }
    }
  }
}

/// A command as ArgumentParser describes it for other programs (`--experimental-dump-help`).
struct CommandOutline: Decodable {
  var commandName: String
  var abstract: String?
  var shouldDisplay: Bool
  var defaultSubcommand: String?
  private var listedArguments: [Argument]?
  private var listedSubcommands: [CommandOutline]?

  var arguments: [Argument] { listedArguments ?? [] }
  var subcommands: [CommandOutline] { listedSubcommands ?? [] }

  private enum CodingKeys: String, CodingKey {
    case commandName, abstract, shouldDisplay, defaultSubcommand
    case listedArguments = "arguments"
    case listedSubcommands = "subcommands"
  }

  /// The whole command line.
  static func root() throws -> CommandOutline {
    struct Document: Decodable {
      var command: CommandOutline
    }
    return try JSONDecoder().decode(Document.self, from: Data(Portlint._dumpHelp().utf8)).command
  }

  /// The command that says more of another, which it takes for its argument; no description says so.
  static let help = "help"

  /// The subcommands as words to choose from.
  var commandWords: [Completions.Word] {
    subcommands.filter(\.shouldDisplay).map { Completions.Word(text: $0.commandName, description: $0.abstract ?? "") }
  }

  func subcommand(_ name: String) -> CommandOutline? {
    subcommands.first { $0.commandName == name }
  }

  func argument(spelled spelling: String) -> Argument? {
    arguments.first { $0.spellings.contains(spelling) }
  }
}

extension CommandOutline {
  struct Argument: Decodable {
    enum Kind: String, Decodable {
      case positional, option, flag
    }

    struct Name: Decodable {
      var kind: String
      var name: String
    }

    /// What completes a value: one of these keys, or none.
    struct Completion: Decodable {
      struct List: Decodable {
        var values: [String]
      }

      struct Other: Decodable {}

      var list: List?
      var file: Other?
      var directory: Other?
      var custom: Other?
    }

    var kind: Kind
    var abstract: String?
    var shouldDisplay: Bool
    var isRepeating: Bool
    var names: [Name]?
    var completionKind: Completion?

    /// `-q` and `--quiet`
    var spellings: [String] {
      (names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
    }

    var paths: Completions.Paths {
      if completionKind?.file != nil { return .files }
      return completionKind?.directory != nil ? .folders : .none
    }

    /// The values that are known by name.
    ///
    /// - Parameter current: What is written of the value.
    func values(of command: CommandOutline, beginning current: String) -> [String] {
      if let list = completionKind?.list { return list.values }
      guard completionKind?.custom != nil else { return [] }
      let positionals = command.arguments.filter { $0.kind == .positional }
      let number = positionals.firstIndex { $0.abstract == abstract } ?? 0
      let name = spellings.last ?? "positional@\(number)"
      // How the scripts of ArgumentParser ask for values that the program knows.
      let request = ["---completion", command.commandName, "--", name, "0", "\(current.count)", current]
      do {
        _ = try Portlint.parseAsRoot(request)
        return []
      } catch {
        return Portlint.fullMessage(for: error).split(separator: "\n").map(String.init)
      }
    }
  }
}
