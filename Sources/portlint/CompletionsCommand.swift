import ArgumentParser
import PolicyEngine
import Workspace

/// A shell whose completions portlint knows to write.
enum Shell: String, CaseIterable, ExpressibleByArgument {
  case bash
  case zsh
  case fish
}

/// `portlint completions SHELL`
struct CompletionsCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Write what completes command lines in a shell.",
    discussion: """
        eval "$(portlint completions bash)"   # in ~/.bashrc
        eval "$(portlint completions zsh)"    # in ~/.zshrc, behind compinit
        portlint completions fish | source    # in ~/.config/fish/config.fish
      """)

  @Argument(help: ArgumentHelp("bash, zsh or fish.", valueName: "shell"))
  var shell: Shell

  /// What the shell asks for each time: the words up to the cursor.
  @Argument(parsing: .postTerminator, help: .hidden)
  var words: [String] = []

  func status() throws -> ExitStatus {
    let text = words.isEmpty ? shell.script : answer(Completions(of: words, in: try .root()))
    return Console.standardOutput.write(text) ? .clean : .incomplete
  }

  /// Which paths fit, what of the word stands before the completed part, and then a word on each line.
  private func answer(_ completions: Completions) -> String {
    let lines = completions.words.map { word in
      word.description.isEmpty ? word.text : "\(word.text)\t\(word.description)"
    }
    return ([completions.paths.rawValue, completions.prefix] + lines).map { "\($0)\n" }.joined()
  }
}

extension Shell {
  /// What a shell reads once. All that it knows of portlint it asks portlint for.
  var script: String {
    switch self {
    case .bash:
      #"""
      # bash completion for portlint
      _portlint() {
        local IFS=$'\n' word words=() lines=() cut
        # Bash takes = for a word of its own.
        for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
          if ((${#words[@]})) && [[ $word == = || ${words[-1]} == *= && ${words[-1]} == [-a-z]* ]]; then
            words[-1]+=$word
          else
            words+=("$word")
          fi
        done
        mapfile -t lines < <("$1" completions bash -- "${words[@]}" 2>/dev/null)
        word=${words[-1]}
        cut=
        [[ $word == *=* && ${COMP_WORDBREAKS} == *=* ]] && cut=${word%%=*}=
        [[ $word == --*=*=* && ${COMP_WORDBREAKS} == *=* ]] && cut=${word%=*}=
        COMPREPLY=()
        local line text
        for line in "${lines[@]:2}"; do
          text=${lines[1]}${line%%$'\t'*}
          [[ $text == *= ]] && compopt -o nospace
          COMPREPLY+=("${text#"$cut"}")
        done
        local path=${word#"${lines[1]}"}
        case ${lines[0]} in
          files) compopt -o filenames; COMPREPLY+=($(compgen -f -- "$path")) ;;
          folders) compopt -o filenames; COMPREPLY+=($(compgen -d -- "$path")) ;;
        esac
      }
      complete -F _portlint portlint

      """#
    case .zsh:
      #"""
      #compdef portlint
      _portlint() {
        local -a lines open closed
        local line text
        lines=("${(@f)$("${words[1]}" completions zsh -- "${(@Q)words[2,CURRENT-1]}" "${PREFIX}" 2>/dev/null)}")
        for line in "${(@)lines[3,-1]}"; do
          text=${${lines[2]}}${line%%$'\t'*}
          [[ $line == *$'\t'* ]] && line="${text//:/\\:}:${line#*$'\t'}" || line=${text//:/\\:}
          [[ $text == *= ]] && open+=("$line") || closed+=("$line")
        done
        local ret=1
        (($#closed)) && _describe -t values portlint closed && ret=0
        (($#open)) && _describe -t values portlint open -S '' && ret=0
        if [[ -n $lines[2] && $lines[1] != none ]]; then compset -P "${(b)lines[2]}"; fi
        case $lines[1] in
          files) _files && ret=0 ;;
          folders) _files -/ && ret=0 ;;
        esac
        return ret
      }
      if [[ $funcstack[1] == _portlint ]]; then _portlint "$@"; else compdef _portlint portlint; fi

      """#
    case .fish:
      #"""
      # fish completion for portlint
      function __portlint_complete
        set -l typed (commandline -opc)
        set -l word (commandline -ct)
        set -l lines ($typed[1] completions fish -- $typed[2..-1] "$word" 2>/dev/null)
        for line in $lines[3..-1]
          printf '%s%s\n' $lines[2] $line
        end
        set -l path (string sub -s (math (string length -- "$lines[2]") + 1) -- "$word")
        switch $lines[1]
          case files
            printf "$lines[2]%s\n" (__fish_complete_path "$path")
          case folders
            printf "$lines[2]%s\n" (__fish_complete_directories "$path")
        end
      end
      complete -c portlint -e
      complete -c portlint -f -a '(__portlint_complete)'

      """#
    }
  }
}

extension CompletionKind {
  static var presets: CompletionKind { .custom { _, _, _ in BuiltIn.presetNames } }

  /// `port-conflict=`, and then the severities.
  static var ruleOverrides: CompletionKind {
    .custom { _, _, typed in
      let ids = ["*"] + BuiltIn.ruleIDs
      guard let id = ids.first(where: { typed.hasPrefix("\($0)=") }) else { return ids.map { "\($0)=" } }
      return SeverityWord.allCases.map { "\(id)=\($0.rawValue)" }
    }
  }

  static var formats: CompletionKind { .custom { _, _, _ in BuiltIn.formatIDs } }

  static var explained: CompletionKind {
    .custom { _, _, _ in BuiltIn.ruleIDs + BuiltIn.formatIDs }
  }
}
