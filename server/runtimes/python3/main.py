"""Starts the python3 runtime of Dispatch: `main.py [socket] [function directory]`; both default to the container's."""

import os
import sys

from dispatch_runtime.zygote import Zygote

SOCKET = '/run/dispatch/engine.sock'
DIRECTORY = '/function'


def main(socket_path=SOCKET, directory=DIRECTORY):
    # The function's own modules come first; the runtime's package is imported already and needs no place on the path.
    sys.path[0] = directory
    os.chdir(directory)
    Zygote(socket_path, directory).run()


if __name__ == '__main__':
    main(*sys.argv[1:])
