"""Runs the steps of action.yml as the runner of GitHub would, as far as action.yml needs it.

    runner.py ACTION_DIRECTORY NAME=VALUE…
    runner.py WORKFLOW.yml

The inputs come as arguments, `action_ref` and `action_repository` among them for what the runner knows of the action; or a
workflow says which action, which version of it, and with which inputs. Its checkout is the current directory. Steps of the
action that use other actions are printed with their inputs. At the end, the outputs of the action are printed; the status
is that of the step that failed.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml


def main() -> int:
    place = pathlib.Path(sys.argv[1])
    if place.is_dir():
        return run_action(place, dict(argument.split("=", 1) for argument in sys.argv[2:]))
    (job,) = yaml.safe_load(place.read_text())["jobs"].values()
    checkout, step = job["steps"]
    assert checkout["uses"].startswith("actions/checkout@")
    repository, _, ref = step["uses"].partition("@")
    directory = pathlib.Path(tempfile.mkdtemp(), "action")
    address = f"https://github.com/{repository}"
    subprocess.run(["git", "clone", "--quiet", "--config", "advice.detachedHead=false", "--branch", ref, address, directory], check=True)
    given = {name: yaml_text(value) for name, value in step["with"].items()}
    return run_action(directory, given | {"action_repository": repository, "action_ref": ref})


def yaml_text(value: object) -> str:
    """What the runner makes of a value in a workflow."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def run_action(directory: pathlib.Path, given: dict[str, str]) -> int:
    action = yaml.safe_load((directory / "action.yml").read_text())
    github = {
        "action_path": str(directory),
        "action_ref": given.pop("action_ref", ""),
        "action_repository": given.pop("action_repository", ""),
    }
    inputs = {name: entry.get("default", "") for name, entry in action["inputs"].items()}
    unknown = given.keys() - inputs.keys()
    assert not unknown, f"action.yml has no such input: {unknown}"
    inputs |= given
    outputs, status, path = {}, 0, os.environ["PATH"]

    def value(expression: str) -> str:
        """`inputs.x`, `github.x` and `steps.x.outputs.y`; what stands behind `||` if that is empty."""
        first, _, other = expression.partition("||")
        return known(first) or other.strip().strip("'")

    def known(expression: str) -> str:
        match expression.strip().split("."):
            case ["inputs", name]:
                return inputs[name]
            case ["github", name]:
                return github[name]
            case ["steps", step, "outputs", name]:
                return outputs.get((step, name), "")
        raise SystemExit(f"no such expression: {expression}")

    def filled(text: str) -> str:
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: value(found[1]), str(text))

    def wanted(condition: str) -> bool:
        """Comparisons joined by `&&`; without a condition, nothing may have failed."""
        condition = condition.removeprefix("${{").removesuffix("}}").strip()
        for part in condition.split("&&"):
            match re.fullmatch(r"\s*(?:(!cancelled\(\)|success\(\))|(\S+) (==|!=) '(.*)')\s*", part):
                case None:
                    raise SystemExit(f"no such condition: {part}")
                case found if found[1]:
                    met = found[1] == "!cancelled()" or status == 0
                case found:
                    met = (value(found[2]) == found[4]) == (found[3] == "==")
            if not met:
                return False
        return True

    for step in action["runs"]["steps"]:
        if not wanted(step.get("if", "success()")):
            continue
        if "uses" in step:
            arguments = " ".join(f"{name}={filled(text)}" for name, text in step["with"].items())
            print(f"uses {step['uses'].split('@')[0]} with {arguments}", flush=True)
            continue
        assert "${{" not in step["run"], "an expression in a script is code from outside"
        files = {name: tempfile.mkstemp()[1] for name in ("GITHUB_OUTPUT", "GITHUB_PATH")}
        environment = os.environ | files | {"PATH": path, "GITHUB_ACTIONS": "true"}
        environment |= {name: filled(text) for name, text in step["env"].items()}
        assert step["shell"] == "bash"
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        ended = subprocess.run(command, env=environment).returncode
        status = status or ended
        for line in pathlib.Path(files["GITHUB_OUTPUT"]).read_text().splitlines():
            name, _, text = line.partition("=")
            outputs[step["id"], name] = text
        for line in pathlib.Path(files["GITHUB_PATH"]).read_text().splitlines():
            path = f"{line}{os.pathsep}{path}"

    for name, entry in action["outputs"].items():
        print(f"output {name}: {filled(entry['value'])}")
    return status


sys.exit(main())
