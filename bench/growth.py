"""What a growing site costs: time and CPU of every kind of page at several sizes, as ratios to the smallest.

    python bench/growth.py [--sizes 100,10000,100000] [--postgres URL] [--only WORDS] [--plain] [--rounds N]

The sites are made once, by copying the rows of the sample library with SQL, and kept as databases: in
``--folder`` on SQLite; on PostgreSQL as ``growth_SIZE`` beside the database that the URL names. One process
for each size asks for each address in turn with those of the other sizes, so that whatever else the machine
does falls on all alike. The figures are medians, first without and then with statistics (``ANALYZE``). A
ratio above its bound (1.1 for pages, 1.2 for lists and search) is marked with "!"; the status is 1 when
one is above 1.5. ``--plain`` prints milliseconds, statements and, on SQLite, instructions beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

WORST = 1.5
PATIENCE = 30
"""Seconds that one answer may take before it counts as none."""


def main() -> int:
    """Make what is missing, measure, and print a line for each kind."""
    options = _options()
    sizes = [int(size) for size in options.sizes.split(",")]
    site = Sites(options.folder, options.postgres)
    worst = 0.0
    for analysed in (False, True):
        addresses = [site.address(size, analysed=analysed) for size in sizes]
        answering = [Answering(url, size) for url, size in zip(addresses, sizes, strict=True)]
        try:
            print(f"\n{'with' if analysed else 'without'} statistics, {site.vendor}, sizes {sizes}")
            for name in answering[0].names:
                if options.only in name:
                    worst = max(worst, measure(name, answering, options))
        finally:
            for each in answering:
                each.stop()
    print(f"\nworst ratio: {worst:.2f}; the bound is {WORST}: {'kept' if worst <= WORST else 'NOT kept'}")
    return 0 if worst <= WORST else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", default="100,10000,100000")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "growth")
    parser.add_argument("--postgres", default="", help="a database whose server the sites are made on")
    parser.add_argument("--only", default="", help="kinds whose name holds these words")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--answer", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--make", type=int, default=-1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer:
        answer(options.answer)
        sys.exit()
    if options.make >= 0:
        make(options.make)
        sys.exit()
    return options


def measure(name: str, answering: Sequence[Answering], options: argparse.Namespace) -> float:
    """Ask all sites in turn, print their line, and return the worst ratio."""
    costs: list[list[dict[str, Any]]] = [[] for _ in answering]
    for number in range(options.rounds + 2):
        for place, each in enumerate(answering):
            # What is hopeless is asked for three times and no more.
            slow = bool(costs[place]) and costs[place][0]["wall"] > 1000
            if number < 2 or not (slow and len(costs[place]) > 1):
                cost = each.ask(name)
                if number >= 1:
                    costs[place].append(cost)
    walls = [statistics.median(cost["wall"] for cost in each) for each in costs]
    cpus = [statistics.median(cost["cpu"] for cost in each) for each in costs]
    bound = answering[0].names[name]
    ratios = [max(wall / walls[0], cpu / cpus[0]) for wall, cpu in zip(walls, cpus, strict=True)]
    line = f"{name:22}{walls[0]:8.1f} ms"
    for wall, cpu, ratio in zip(walls[1:], cpus[1:], ratios[1:], strict=True):
        line += f"   time {wall / walls[0]:7.2f}  CPU {cpu / cpus[0]:7.2f} {'!' if ratio > bound else ' '}"
    if options.plain:
        figures = (
            f"{wall:.1f}/{each[-1]['statements']}/{each[-1]['steps']}"
            for wall, each in zip(walls, costs, strict=True)
        )
        line += "   " + "  ".join(figures)
    print(line, flush=True)
    return max(ratios)


class Answering:
    """A process that answers for one site."""

    def __init__(self, url: str, size: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--answer", str(size)],
            env={**os.environ, **environment(url)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.names: dict[str, float] = self._read()

    def _read(self) -> Any:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError("A site has stopped answering.")
        return json.loads(line)

    def ask(self, name: str) -> dict[str, Any]:
        """Return what one answer took."""
        if self.process.stdin:
            self.process.stdin.write(f"{name}\n")
            self.process.stdin.flush()
        found: dict[str, Any] = self._read()
        return found

    def stop(self) -> None:
        """End the process."""
        self.process.communicate()


def answer(size: int) -> None:
    """Answer for the site of the environment: names of kinds come in, what they took goes out."""
    import dataclasses

    import django

    django.setup()
    from bench.growing.asking import Asker

    asker = Asker(size, patience=PATIENCE)
    print(json.dumps({name: kind.bound for name, kind in asker.kinds.items()}), flush=True)
    for line in sys.stdin:
        print(json.dumps(dataclasses.asdict(asker.ask(line.strip()))), flush=True)


def environment(url: str) -> dict[str, str]:
    """Return the settings of a site."""
    return {
        "DJANGO_SETTINGS_MODULE": "mindlab.settings.test",
        "DATABASE_URL": url,
        "SITE_URL": "http://localhost",
    }


def make(size: int) -> None:
    """Make the sample site in the database of the environment; with a size, add to the one that is there."""
    import django

    django.setup()
    from django.core.management import call_command

    from bench.growing import copies

    if size:
        copies.grow(size)
        return
    call_command("migrate", verbosity=0)
    call_command("ensure_site", verbosity=0)
    call_command("load_samples", stdout=sys.stderr)


class Sites:
    """The databases of all sizes, made when they are first asked for."""

    def __init__(self, folder: Path, postgres: str) -> None:
        self.folder, self.postgres = folder, postgres.rsplit("/", 1)[0]
        self.vendor = "PostgreSQL" if postgres else "SQLite"
        folder.mkdir(parents=True, exist_ok=True)

    def address(self, size: int, *, analysed: bool) -> str:
        """Return the address of a site of that size, with or without statistics."""
        self._ensure("base", lambda: self._run("base", 0))
        name = str(size)
        self._ensure(name, lambda: self._grow(name, size))
        if not analysed:
            return self._url(name)
        with_statistics = f"{name}_analysed"
        self._ensure(with_statistics, lambda: self._analyse(name, with_statistics))
        return self._url(with_statistics)

    def _ensure(self, name: str, making: Any) -> None:
        marker = self.folder / f"{self.vendor}-{name}.made"
        if not marker.exists():
            print(f"making {name} …", file=sys.stderr)
            making()
            marker.touch()

    def _url(self, name: str) -> str:
        return (
            f"{self.postgres}/growth_{name}" if self.postgres else f"sqlite:///{self.folder / name}.sqlite3"
        )

    def _run(self, name: str, size: int) -> None:
        if self.postgres and not size:
            self._administer(f"DROP DATABASE IF EXISTS growth_{name}", f"CREATE DATABASE growth_{name}")
        command = [sys.executable, __file__, "--make", str(size)]
        subprocess.run(command, env={**os.environ, **environment(self._url(name))}, check=True)

    def _copy(self, source: str, target: str) -> None:
        if self.postgres:
            create = f"CREATE DATABASE growth_{target} TEMPLATE growth_{source}"
            self._administer(f"DROP DATABASE IF EXISTS growth_{target}", create)
        else:
            for rest in ("-wal", "-shm"):
                (self.folder / f"{target}.sqlite3{rest}").unlink(missing_ok=True)
            shutil.copyfile(self.folder / f"{source}.sqlite3", self.folder / f"{target}.sqlite3")

    def _administer(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(
            f"{self.postgres.replace('postgres://', 'postgresql://')}/postgres", autocommit=True
        ) as server:
            for statement in statements:
                server.execute(statement)

    def _grow(self, name: str, size: int) -> None:
        self._copy("base", name)
        self._run(name, size)

    def _analyse(self, source: str, name: str) -> None:
        self._copy(source, name)
        if self.postgres:
            import psycopg

            with psycopg.connect(
                self._url(name).replace("postgres://", "postgresql://"), autocommit=True
            ) as database:
                database.execute("ANALYZE")
            return
        import sqlite3

        with sqlite3.connect(self.folder / f"{name}.sqlite3") as database:
            database.execute("ANALYZE")


if __name__ == "__main__":
    sys.exit(main())
