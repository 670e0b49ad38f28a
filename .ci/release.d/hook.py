"""Makes of this repository the Python package that pre-commit installs for a hook of `language: python`.

It holds nothing, and depends on the wheel of portlint of its version.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import project  # noqa: E402
import wheel  # noqa: E402

# The oldest time that a zip file knows.
EPOCH = 315532800


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    version = project.version()
    name = f"{project.NAME}-hook"
    metadata = wheel.metadata(name, version, [f"Requires-Dist: {project.NAME}=={version}"])
    file = f"{project.NAME}_hook-{version}-py3-none-any.whl"
    contents = wheel.wheel(name, version, ["py3-none-any"], {}, metadata, EPOCH)
    (pathlib.Path(wheel_directory) / file).write_bytes(contents)
    return file
