"""llama.cpp's server for one model file, in a process of its own; see `LocalServer`.

``python -m bot.answering.llm.local.serve MODEL PORT`` says ``ready`` on standard output when it
serves, and ends when its standard input ends, as it does with the process that started it.
"""

from __future__ import annotations

import os
import sys

_CONTEXT = 4096
"""Tokens; a question with its instructions takes a few hundred."""
_BATCH = 64
"""Tokens read at once: a question whose patient has been answered is left after so many."""


def main(model: str, port: str) -> None:
    """Serve until standard input ends."""
    # Threads that spin while they wait for each other take the cores from the assistant itself:
    # beside one busy program, sleeping ones wrote three times as fast.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.port = int(port)
    params.n_ctx = _CONTEXT
    params.n_batch = _BATCH
    params.n_parallel = 1
    params.use_jinja = True
    params.ui = False
    params.cpuparams.n_threads = os.cpu_count() or 1
    server = xllamacpp.Server(params)
    print("ready", server.listening_address, flush=True)
    sys.stdin.read()
    # The server's own threads would hold the process.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
