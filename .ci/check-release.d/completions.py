"""Types command lines into bash, zsh and fish, and has them completed.

    completions.py FOLDER     # that of an unpacked tarball
"""

import os
import pathlib
import re
import sys
import tempfile
import time

import pexpect

FOLDER = pathlib.Path(sys.argv[1]).resolve()
SHARE = FOLDER / "share"

# What is typed before the key, and the words that there are to be then.
CASES = [
    ("portlint expl", ["explain"]),
    ("portlint explain user-res", ["explain", "user-reserved-port"]),
    ("portlint explain prometh", ["explain", "prometheus"]),
    ("portlint deplo", ["deploy.yaml"]),
    ("portlint lint deplo", ["lint", "deploy.yaml"]),
    ("portlint ports --together deplo", ["ports", "--together", "deploy.yaml"]),
    ("portlint --quie", ["--quiet"]),
    ("portlint lint --no-suppr", ["lint", "--no-suppressions"]),
    ("portlint --fail-on warn", ["--fail-on", "warning"]),
    ("portlint --fail-on=warn", ["--fail-on=warning"]),
    ("portlint -f sar", ["-f", "sarif"]),
    ("portlint --format sarif=deplo", ["--format", "sarif=deploy.yaml"]),
    ("portlint --format=sarif=deplo", ["--format=sarif=deploy.yaml"]),
    ("portlint --preset glib", ["--preset", "glibc"]),
    ("portlint ports --platform mac", ["ports", "--platform", "macos"]),
    ("portlint ports -f mark", ["ports", "-f", "markdown"]),
    ("portlint --rule port-confl", ["--rule", "port-conflict="]),
    ("portlint --rule port-conflict=of", ["--rule", "port-conflict=off"]),
    ("portlint --rule=port-conflict=of", ["--rule=port-conflict=off"]),
    ("portlint -c deplo", ["-c", "deploy.yaml"]),
    ("portlint --tree sub", ["--tree", "sub"]),
    ("portlint completions zs", ["completions", "zsh"]),
    ("portlint schema polic", ["schema", "policy"]),
    ("portlint ports --read-as kube", ["ports", "--read-as", "kubernetes"]),
    ("portlint help por", ["help", "ports"]),
]

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], [
        "PS1=READY", "bind 'set bell-style none'", "bind 'set enable-bracketed-paste off'",
        f"source '{SHARE}/bash-completion/completions/portlint'"]),
    "zsh": (["zsh", "-f", "-i"], [
        "PS1=READY", "unsetopt zle_bracketed_paste prompt_sp", "bindkey -e", f"fpath=('{SHARE}/zsh/vendor-completions' $fpath)",
        "autoload -U compinit", "compinit -u -D"]),
    "fish": (["fish", "--no-config", "-i"], [
        "function fish_prompt; printf READY; end", "function fish_right_prompt; end", "set -g fish_autosuggestion_enabled 0",
        f"source '{SHARE}/fish/vendor_completions.d/portlint.fish'"]),
}


def words(shell, typed):
    """What a line comes to: its words are shown, each in <>, instead of being run."""
    shell.send(typed)
    shell.send("\t")
    # The shell asks portlint, and takes no notice of more keys meanwhile.
    shell.expect(r".+", timeout=10)
    time.sleep(0.6)
    shell.send("\x01")
    shell.send("printf 'WORD<%s>\\n' ")
    shell.send("\x05")
    shell.send("; echo EN''D\r")
    shell.expect("END\r?\n", timeout=10)
    found = re.findall(r"WORD<([^>%]*)>\r?\n", shell.before)
    return found


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work)
        (folder / "deploy.yaml").write_text("portlint: 1\n")
        (folder / "sub").mkdir()
        environment = os.environ | {"PATH": f"{FOLDER}:/usr/bin:/bin", "HOME": work, "TERM": "dumb", "LC_ALL": "C.UTF-8"}
        for name, (command, setup) in SHELLS.items():
            shell = pexpect.spawn(
                command[0], command[1:], cwd=work, env=environment, encoding="utf-8", dimensions=(40, 300), timeout=10)
            for line in setup:
                shell.send(line + "\r")
            shell.send("echo SET''UP\r")
            shell.expect("SETUP\r?\n")
            for typed, expected in CASES:
                # Zsh takes the slash of a folder away where no path follows it.
                found = [word.removesuffix("/") for word in words(shell, typed)]
                if found != ["portlint", *expected]:
                    failures += 1
                    print(f"{name}: '{typed}' comes to {found}, not {expected}")
            shell.close(force=True)
            print(f"{name}: {len(CASES)} lines")
    sys.exit(failures > 0)


main()
