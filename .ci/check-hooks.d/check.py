"""Runs the action and the job for GitLab as their runners do, reads `compact` with the problem matcher, and holds what
docs/ci.md shows against what GitHub and GitLab take.

    check.py PROGRAM WHEEL
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
STORY = ROOT / "examples/compose-conflict"
program, wheel = sys.argv[1:]


def run(command, folder, variables={}):
    return subprocess.run(command, cwd=folder, env=os.environ | variables, capture_output=True, text=True)


def run_script(script, folder, variables):
    """As GitHub runs `shell: bash`, and GitLab its lines: the first failure ends it."""
    return run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], folder, variables)


def expect(condition, what, result=None):
    if not condition:
        sys.exit(what + (f": {result.stdout}{result.stderr}" if result else ""))


def scratch(work):
    folder = pathlib.Path(work) / "repository"
    folder.mkdir()
    (folder / "compose.yaml").write_text((STORY / "compose.yaml").read_text())
    return folder


def check_action():
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    inputs = {name: given["default"] for name, given in action["inputs"].items()}
    inputs |= {"wheel": wheel, "options": "--rule=reserved-port=off\n--together\n", "paths": "compose.yaml\n"}
    with tempfile.TemporaryDirectory() as work:
        folder = scratch(work)
        summary = pathlib.Path(work) / "summary"
        known = {f"inputs.{name}": value for name, value in inputs.items()} | {
            "runner.temp": work, "github.action_repository": "", "github.action_ref": "", "github.token": ""}
        results = []
        for step in action["runs"]["steps"]:
            expect("${{" not in step["run"], "an expression in a script can become part of it")
            variables = {
                name: re.sub(r"\$\{\{ (\S+) \}\}", lambda match: known[match[1]], text)
                for name, text in step["env"].items()}
            results.append(run_script(step["run"], folder, variables | {"GITHUB_STEP_SUMMARY": str(summary)}))
        expect(results[0].returncode == 0, "the action does not install the wheel", results[0])
        expect(results[1].returncode == 1 and "::error " in results[1].stdout, "the action finds nothing", results[1])
        report = json.loads((folder / "portlint.sarif").read_text())
        expect(report["runs"][0]["results"], "the action's SARIF report is empty")
        expect("port-conflict" in summary.read_text(), "the step's summary lacks the finding")


def shown(first):
    """The blocks of the page that begin with a key."""
    page = (ROOT / "docs/ci.md").read_text()
    return re.findall(rf"```yaml\n({first}:.*?)```", page, re.DOTALL)


def check_page():
    """actionlint knows the runner's words, and of an action that lies beside a workflow its inputs and outputs."""
    workflows = shown("jobs")
    expect(workflows, "the page shows no workflow")
    for workflow in workflows:
        with tempfile.TemporaryDirectory() as work:
            folder = pathlib.Path(work) / ".github/workflows"
            folder.mkdir(parents=True)
            (pathlib.Path(work) / "action.yml").write_text((ROOT / "action.yml").read_text())
            own, count = re.subn(r"uses: OWNER/portlint@\S+", "uses: ./", workflow)
            expect(count == 1, "the workflow does not use the action")
            (folder / "ports.yml").write_text("on: [pull_request]\n" + own)
            run(["git", "init", "-q"], work)
            result = run(["actionlint", "-no-color"], work)
            expect(result.returncode == 0, "the workflow is not GitHub's", result)
    includes = shown("include")
    expect(includes, "the page shows no include for GitLab")
    for include in includes:
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            file.write(include)
            file.flush()
            result = run(["check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", file.name], ROOT)
            expect(result.returncode == 0, "the include is not GitLab's", result)


def check_job():
    job = yaml.safe_load((ROOT / "docs/ci/gitlab-ci.yml").read_text())["portlint"]
    with tempfile.TemporaryDirectory() as work:
        folder = scratch(work)
        # The job has a machine of its own.
        lines = "\n".join(job["before_script"] + job["script"]).replace("/tmp/portlint", f"{work}/portlint")
        result = run_script(lines, folder, job["variables"] | {"PORTLINT": wheel})
        expect(result.returncode == 1 and "port-conflict" in result.stdout, "the job finds nothing", result)
        expect(json.loads((folder / job["artifacts"]["reports"]["codequality"]).read_text()), "the job's report is empty")


def check_matcher():
    matcher = json.loads((ROOT / "docs/ci/problem-matcher.json").read_text())["problemMatcher"][0]["pattern"][0]
    pattern = re.compile(matcher["regexp"])

    def said(format):
        command = [program, "--show-info", "--format", format, "."]
        return subprocess.run(command, cwd=ROOT / "examples/reports", capture_output=True, text=True).stdout

    matches = [match for match in map(pattern.match, said("compact").splitlines()) if match]
    keys = ("file", "line", "column", "severity", "code")
    read = [tuple(match[matcher[key]] for key in keys) for match in matches]
    findings = [
        (d["location"]["file"], str(d["location"]["start"]["line"]), str(d["location"]["start"]["column"]), d["severity"],
         d["rule"])
        for d in json.loads(said("json"))["diagnostics"]]
    expect(read == findings and read, f"the problem matcher reads {len(read)} of {len(findings)} findings")


check_action()
check_job()
check_matcher()
check_page()
print("the action, the job for GitLab and the problem matcher find what portlint finds; the pages' workflows are GitHub's and GitLab's")
