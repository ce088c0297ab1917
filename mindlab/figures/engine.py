"""The drawing engine in a process of its own: the one place that knows how mermaidx works inside.

The engine runs JavaScript without a time limit, keeps about 70 MB while loaded, and serves one thread. A
child process can be killed when a source keeps it busy, gives its memory back when idle, and never sees the
site's secrets. This file is both sides: `Engine` in the site, `serve` in the child (run as a script, so it
imports nothing of the site).
"""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import threading
import time
from typing import IO, Any, cast

DRAW_SECONDS = 12.0
BOOT_SECONDS = 60.0
IDLE_SECONDS = 120.0

_CHILD_ENVIRONMENT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "TMPDIR",
    "VIRTUAL_ENV",
)

# The shim around Mermaid reads and parses its whole stylesheet again for each property of each element, which
# makes drawing quadratic. The sheet is fixed before the layout begins: parsed once, it gives the same answers
# six (15 nodes) to twenty times (120 nodes) faster.
_REMEMBER_STYLES = """
(function () {
  const readRules = globalThis.__getCssRules;
  let rules = null;
  const byProperty = new Map();
  globalThis.__getCssRules = () => {
    if (rules) return rules;
    const found = readRules();
    if (found.length) rules = found;
    return found;
  };
  const parsed = (property) => __getCssRules()
    .filter((rule) => property in rule.decls)
    .map((rule) => ({
      value: rule.decls[property],
      chains: __splitTopLevel(rule.selectors.trim(), (c) => c === ",")
        .map(([part]) => __parseComplex(part.trim())).filter((chain) => chain.length),
    }))
    .reverse();
  globalThis.__resolveCssProp = (element, property) => {
    if (!byProperty.has(property)) {
      const list = parsed(property);
      if (!rules) return null;
      byProperty.set(property, list);
    }
    const rule = byProperty.get(property)
      .find(({ chains }) => chains.some((chain) => __matchesChain(element, chain, chain.length - 1)));
    return rule ? rule.value : null;
  };
})();
"""

# Without HTML labels Mermaid splits a label into words by a pattern that loses every < and >, so that
# "p > 0.05" would be drawn as "p 0.05". Labels carry no HTML here: whatever is not a space is a word.
_KEEP_COMPARISONS = r"""
(function () {
  const match = String.prototype.match;
  const losing = "<[^>]+>|[^\\s<>]+";
  String.prototype.match = function (pattern) {
    return match.call(this, pattern instanceof RegExp && pattern.source === losing ? /\S+/g : pattern);
  };
})();
"""

# Mermaid's own understanding of a source: nodes and edges as its parser sees them, so that text equivalents
# and limits never rest on a second parser of ours.
_READ_MODEL = """
globalThis.__model = null;
globalThis.__fault = null;
mermaid.mermaidAPI.getDiagramFromText(%s).then((diagram) => {
  const db = diagram.db;
  const ask = (name) => (typeof db[name] === "function" ? db[name]() : undefined);
  const list = (value) => (value instanceof Map ? Array.from(value.values()) : value || []);
  const data = ["sequence", "pie"].includes(diagram.type) ? {} : ask("getData") || {};
  const vertices = diagram.type.startsWith("flowchart") ? list(ask("getVertices")) : [];
  globalThis.__model = JSON.stringify({
    kind: diagram.type,
    direction: ask("getDirection") || "",
    title: ask("getDiagramTitle") || "",
    accessibleTitle: ask("getAccTitle") || "",
    accessibleDescription: ask("getAccDescription") || "",
    links: vertices.some((v) => v.link || v.haveCallback),
    nodes: (data.nodes || []).map((n) => ({
      id: String(n.id), domId: n.domId || "", parent: n.parentId || "", group: !!n.isGroup,
      label: String(n.label ?? ""), markdown: n.labelType === "markdown", shape: String(n.shape || ""),
    })),
    edges: (data.edges || []).map((e) => ({
      source: String(e.start), target: String(e.end),
      label: String(e.label ?? ""), markdown: e.labelType === "markdown",
      head: String(e.arrowTypeEnd || ""), tail: String(e.arrowTypeStart || ""),
    })),
    actors: diagram.type === "sequence"
      ? list(ask("getActors")).map((a) => ({ id: String(a.name), label: String(a.description) })) : [],
    messages: diagram.type === "sequence"
      ? list(ask("getMessages")).map((m) => ({ source: String(m.from || ""), target: String(m.to || ""),
          text: String(m.message || ""), type: m.type })) : [],
    shares: diagram.type === "pie"
      ? Array.from(ask("getSections").entries()).map(([label, value]) => ({ label, value })) : [],
  });
}).catch((error) => {
  globalThis.__fault = String((error && error.message) || error || "no reason given");
});
"""


class EngineError(Exception):
    """Raised with Mermaid's own message when it cannot read or draw a source."""


class EngineStoppedError(EngineError):
    """Raised when the engine does not start, or ended while it was drawing."""


class EngineTimeoutError(EngineError):
    """Raised when a drawing took longer than `DRAW_SECONDS` and its process was ended."""


class Engine:
    """Owns one child process, starts it when needed, and lets one thread at a time use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        atexit.register(self.close)

    def ask(self, request: dict[str, object], seconds: float | None = None) -> dict[str, Any]:
        """Answer one request of `serve`, or raise `EngineError`; `seconds` bounds the work, not the start."""
        seconds = DRAW_SECONDS if seconds is None else seconds
        with self._lock:
            process = self._running()
            try:
                self._send(process, request)
                answer = self._receive(process, seconds)
            except (BrokenPipeError, EOFError) as stopped:
                self._stop()
                raise EngineStoppedError("the engine stopped while it was drawing") from stopped
            except TimeoutError as late:
                self._stop()
                raise EngineTimeoutError(f"the drawing took longer than {seconds:g} seconds") from late
        if "error" in answer:
            raise EngineError(str(answer["error"]))
        return answer

    def close(self) -> None:
        """End the child process; the next request starts a new one."""
        if self._owner == os.getpid():
            self._stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            # After a fork the pipes belong to the parent: reading from them would mix up two conversations.
            self._process, self._owner = None, os.getpid()
        if self._process is None or self._process.poll() is not None:
            self._stop()
            environment = {name: os.environ[name] for name in _CHILD_ENVIRONMENT if name in os.environ}
            self._process = subprocess.Popen(  # noqa: S603 (our own file, no shell, no outside argument)
                [sys.executable, "-P", __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
            try:
                self._receive(self._process, BOOT_SECONDS)
            except (EOFError, TimeoutError) as failed:
                self._stop()
                raise EngineStoppedError("the engine does not start: is mermaidx installed?") from failed
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    @staticmethod
    def _send(process: subprocess.Popen[bytes], request: dict[str, object]) -> None:
        pipe = cast("IO[bytes]", process.stdin)
        pipe.write(json.dumps(request).encode() + b"\n")
        pipe.flush()

    @staticmethod
    def _receive(process: subprocess.Popen[bytes], seconds: float) -> dict[str, Any]:
        descriptor = cast("IO[bytes]", process.stdout).fileno()
        deadline, received = time.monotonic() + seconds, bytearray()
        while not received.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            chunk = os.read(descriptor, 1 << 16)
            if not chunk:
                raise EOFError
            received += chunk
        return cast("dict[str, Any]", json.loads(received))


def serve() -> None:
    """Answer requests, one JSON object a line, until the pipe closes or nothing came for `IDLE_SECONDS`.

    {"source", "config", "model": true} is answered with Mermaid's model of the source, without "model" with
    {"svg"}, and with {"error"}, Mermaid's own message, where it fails. Each answer comes from a fresh
    JavaScript context, so the same source always gives the same bytes.
    """
    from mermaidx.engines.quickjs_engine import quickjs

    drawer = _drawer()
    _answer({"ready": True})
    while select.select([sys.stdin], [], [], IDLE_SECONDS)[0]:
        line = sys.stdin.buffer.readline()
        if not line:
            break
        request = json.loads(line)
        source, config = request["source"], request["config"]
        try:
            if request.get("model"):
                _answer(drawer.read_model(source, config))
            else:
                _answer({"svg": drawer.render_svg(source, None, config, None)})
        except (RuntimeError, ValueError, TypeError, quickjs.JSException) as fault:
            _answer({"error": str(fault)})


def _drawer() -> Any:
    """Start mermaidx's engine with our additions: the two mends above, and the model of a source."""
    from mermaidx.engines._common import mermaid_config
    from mermaidx.engines.quickjs_engine import Engine as QuickEngine

    class Drawer(QuickEngine):
        def _build_context(self) -> Any:
            context = super()._build_context()
            context.eval(_REMEMBER_STYLES)
            context.eval(_KEEP_COMPARISONS)
            return context

        def read_model(self, source: str, config: dict[str, object]) -> dict[str, Any]:
            return cast("dict[str, Any]", self._executor.submit(self._read, source, config).result())

        def _read(self, source: str, config: dict[str, object]) -> dict[str, Any]:
            self._ensure_fresh_context()
            self._ctx_used = True
            settings = json.dumps(mermaid_config(None, config))
            self._ctx.eval(f"__resetDocument(); mermaid.initialize({settings});")
            self._ctx.eval(_READ_MODEL % json.dumps(source))
            while not self._ctx.eval("!!__model || !!__fault"):
                if not self._run_job() and not self._ctx.eval("__runNextTimer()"):
                    return {"error": "Mermaid did not finish reading the source"}
            if self._ctx.eval("!!__fault"):
                return {"error": self._ctx.eval("__flat(__fault)")}
            return {"model": json.loads(self._ctx.eval("__flat(__model)"))}

    drawer = Drawer()
    drawer.start()
    return drawer


def _answer(reply: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(reply).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    serve()
