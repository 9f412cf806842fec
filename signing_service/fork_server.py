"""A process that imports the modules of children once and forks every child from itself.

A new Python that imports what reads PDFs needs half a second before it looks at anything; a forked one begins at once.
The server has one thread and sees no question: it is handed open files and the name of a module of ours, forks, and the
child does the rest. It ends, and ends its children, when the process that started it is gone.

One message a child on the control socket: the module's name and four files, which become the child's standard input,
output and error, and the socket on which the server says what became of it: first a handle of the process (pidfd), then
its exit code as text, negative for a signal.
"""

from __future__ import annotations

import importlib
import os
import selectors
import signal
import socket
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import NoReturn

FILES = 4
LONGEST_NAME = 200


def serve(control: socket.socket) -> None:
    """Fork children until the other end of the control socket is closed."""
    ended, told = socket.socketpair()
    ended.setblocking(False)
    told.setblocking(False)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[int, socket.socket] = {}
    with selectors.DefaultSelector() as ready:
        ready.register(control, selectors.EVENT_READ)
        ready.register(ended, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fileobj is ended:
                    ended.recv(4096)
                    _tell_who_ended(running)
                elif not _fork_one(control, running):
                    for pid in running:
                        os.kill(pid, signal.SIGKILL)
                    return


def _fork_one(control: socket.socket, running: dict[int, socket.socket]) -> bool:
    """Take one order; False when there will be no more."""
    name, files, _, _ = socket.recv_fds(control, LONGEST_NAME, FILES)
    if not name:
        return False
    *standard, status = files
    module = importlib.import_module(name.decode("ascii"))
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for wanted, given in enumerate(standard):
            os.dup2(given, wanted)
        _close_all_but_the_standard_ones()
        _run(module)
    running[pid] = socket.socket(fileno=status)
    handle = os.pidfd_open(pid)
    _say(running[pid], b"started", handle)
    for file in (*standard, handle):
        os.close(file)
    return True


def _close_all_but_the_standard_ones() -> None:
    os.closerange(3, max(int(file.name) for file in Path("/proc/self/fd").iterdir()) + 1)


def _run(module: ModuleType) -> NoReturn:
    """The child: its answer is whole only when it exits with 0."""
    code = 1
    try:
        code = module.main()
        sys.stdout.flush()
    except BaseException:  # whatever it is, it must not leave this function: above it the server goes on
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _tell_who_ended(running: dict[int, socket.socket]) -> None:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        with running.pop(pid) as wire:
            _say(wire, b"%d" % os.waitstatus_to_exitcode(status))


def _say(wire: socket.socket, word: bytes, *files: int) -> None:
    """Nobody may be listening any more: who asked has given up."""
    with suppress(OSError):
        socket.send_fds(wire, [word], files)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
