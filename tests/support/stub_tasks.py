"""Lambda and Glue on loopback: what each call answers is told beforehand, what came is kept."""

import json
import re
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Tasks:
    """Scripted answers by name: of a function's calls and of a job's runs, the last one repeats."""

    def __init__(self, functions, jobs):
        self.functions, self.jobs = functions, jobs
        self.calls = []  # (name, payload or arguments), in order
        self._runs = {}

    def invoke(self, name, payload):
        """A function's status, headers and body; an `Error` is one that its code raised."""
        self.calls.append((name, payload))
        answer = _next(self.functions[name])
        raised = isinstance(answer, Error)
        body = {"errorType": answer.name, "errorMessage": "told so"} if raised else answer
        return 200, {"X-Amz-Function-Error": "Unhandled"} if raised else {}, body

    def start_job_run(self, JobName, Arguments=None):  # noqa: N803
        self.calls.append((JobName, Arguments or {}))
        outcome = _next(self.jobs[JobName])
        if isinstance(outcome, Error):
            return 400, {}, {"__type": outcome.name, "message": "told so"}
        run = f"jr_{len(self.calls)}"
        self._runs[run] = ["RUNNING", outcome]
        return 200, {}, {"JobRunId": run}

    def get_job_run(self, JobName, RunId, **_):  # noqa: N803
        state = _next(self._runs[RunId])
        run = {"Id": RunId, "JobName": JobName, "JobRunState": state, "ErrorMessage": "told so"}
        return 200, {}, {"JobRun": run}


class Error:
    """An error by the name that a state machine may retry or catch it by."""

    def __init__(self, name):
        self.name = name


def _next(answers):
    return answers.pop(0) if len(answers) > 1 else answers[0]


@contextmanager
def stub_tasks(monkeypatch, functions, jobs):
    """The tasks, at the addresses where boto3 looks for Lambda and Glue."""
    tasks = Tasks(functions, jobs)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(tasks))
    Thread(target=server.serve_forever, daemon=True).start()
    for service in ("LAMBDA", "GLUE"):
        address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", address)
    try:
        yield tasks
    finally:
        server.shutdown()
        server.server_close()


def _handler(tasks):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if name := re.search(r"/functions/([^/]+)/invocations", self.path):
                status, headers, answer = tasks.invoke(name[1], body)
            elif self.headers["X-Amz-Target"] == "AWSGlue.StartJobRun":
                status, headers, answer = tasks.start_job_run(**body)
            else:
                status, headers, answer = tasks.get_job_run(**body)
            self.send_response(status)
            data = json.dumps(answer).encode()
            for key, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    return Handler
