"""Whatever the machine's environment holds, the lake's own Spark runs, or one line says why not."""

import re

import pytest
from py4j.protocol import Py4JError
from support.command import call
from support.paths import ROOT

from datalake.spark.errors import reason

WITHOUT_TABLES = "no table Refined.fact_title; run: datalake refined"
"""What `answers` says of an empty lake once its Spark has started and was asked for a table."""

CORE_SITE = """<configuration><property>
<name>fs.defaultFS</name><value>hdfs://localhost:9000</value>
</property></configuration>"""

FOREIGN_VARIABLES = {
    # another installation's
    "PYSPARK_SUBMIT_ARGS": "--master local[2]",
    "SPARK_HOME": "/opt/spark-3.4.1-bin-hadoop3",
    "SPARK_CONF_DIR": "{folder}",
    "SPARK_DIST_CLASSPATH": "/opt/hadoop/lib",
    "SPARK_REMOTE": "sc://nowhere",
    "HADOOP_CONF_DIR": "{folder}",
    "YARN_CONF_DIR": "{folder}",
    "MASTER": "yarn",
    # another Python
    "PYSPARK_PYTHON": "python3.9",
    "PYSPARK_DRIVER_PYTHON": "jupyter",
    # options for any Java
    "JAVA_TOOL_OPTIONS": "-Xbogus",
    "JDK_JAVA_OPTIONS": "-Xbogus",
    "_JAVA_OPTIONS": "-Xbogus",
    # an old Java, and no UTF-8
    "JAVA_HOME": "/usr/lib/jvm/8",
    "LANG": "C",
    "LC_ALL": "C",
}


def empty_lake(folder):
    """A lake with something in Raw, and no table."""
    (folder / "Raw").mkdir(parents=True)
    (folder / "Raw/a.txt").write_text("a")


@pytest.mark.slow
def test_others_variables_and_blanks_in_paths_do_not_count(tmp_path):
    (tmp_path / "spark-defaults.conf").write_text("spark.master spark://nowhere:7077\n")
    (tmp_path / "core-site.xml").write_text(CORE_SITE)
    variables = {name: text.format(folder=tmp_path) for name, text in FOREIGN_VARIABLES.items()}
    checkout = tmp_path / "Meus Projetos" / "main"
    checkout.parent.mkdir()
    checkout.symlink_to(ROOT)
    empty_lake(tmp_path / "lago ção")
    words = ("answers", "--lake", "lago ção", "--memory", "1g")
    status, output, errors = call(*words, cwd=tmp_path, PYTHONPATH=str(checkout), **variables)
    assert (status, output) == (1, "")
    assert errors.splitlines()[-1].endswith(WITHOUT_TABLES), errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("words", "variables", "cause"),
    [
        (("--memory", "100000t"), {}, "Could not reserve enough space for .* object heap"),
        (("--memory", "1g"), {"SPARK_LOCAL_DIRS": "/proc/nowhere"}, "create .*/proc/nowhere"),
        (("--memory", "1g"), {"DATALAKE_JARS": "/proc/nowhere"}, "/proc/nowhere/.*: can't write"),
    ],
)
@pytest.mark.slow
def test_a_spark_that_does_not_start_is_one_line_with_its_cause(tmp_path, words, variables, cause):
    empty_lake(tmp_path / "lake")
    status, output, errors = call("answers", *words, cwd=tmp_path, **variables)
    assert (status, output) == (1, "")
    first, last = errors.splitlines()
    assert first == "start Spark …"
    assert last.startswith("datalake: ")
    assert re.search(cause, last), last


def test_a_cause_below_the_first_line_is_told():
    worker = Py4JError(
        "An error occurred while calling o42.collectToPython.\n"
        ": org.apache.spark.SparkException: Task 0 failed (executor driver): SparkException: \n"
        "Error from python worker:\n"
        "  env: python3.9: No such file or directory\n"
        "\tat org.apache.spark.api.python.PythonWorkerFactory.create(PythonWorkerFactory.scala:5)\n"
        "Driver stacktrace:\n"
        "\tat org.apache.spark.scheduler.DAGScheduler.abort(DAGScheduler.scala:7)\n"
    )
    assert reason(worker) == (
        "org.apache.spark.SparkException: Task 0 failed (executor driver): SparkException:"
        " Error from python worker: env: python3.9: No such file or directory"
    )
    nested = Py4JError(
        "An error occurred while calling o42.save.\n"
        ": org.apache.spark.SparkException: Job aborted.\n"
        "\tat org.apache.spark.sql.Writer.write(Writer.scala:7)\n"
        "Caused by: java.lang.RuntimeException: in between\n"
        "\t... 12 more\n"
        "Caused by: java.io.IOException: No space left on device\n"
        "\t... 14 more\n"
    )
    assert reason(nested) == (
        "org.apache.spark.SparkException: Job aborted.;"
        " cause: java.io.IOException: No space left on device"
    )
    assert reason(Py4JError("no more to tell")) == "no more to tell"
