"""Imports that kill themselves: forks one for each line it reads, answers with its end and its memory.

A line holds the folder and the number of the database statement before which the child dies by
SIGKILL; one of 0 never dies. Forking saves the seconds that a new process takes to start.
"""

import json
import os
import signal
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from mindlab.importer.management.commands import import_documents  # noqa: E402, F401


class Executioner:
    def __init__(self, number):
        self.left = number

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def run(folder, number):
    with (
        Path(os.devnull).open("w", encoding="utf-8") as null,
        connection.execute_wrapper(Executioner(number)),
    ):
        call_command("import_documents", folder, stdout=null, stderr=null)


# The settings of the tests make a folder for each process; all of these write to the test's.
settings.MEDIA_ROOT = os.environ["MEDIA_ROOT"]

for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child == 0:
        run(**asked)
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    sys.stdout.write(json.dumps([status, used.ru_maxrss]) + "\n")
    sys.stdout.flush()
