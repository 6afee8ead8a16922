"""Starts the python3 runtime of Dispatch. The environment may say where its socket and the function are; else they are as in a container."""

import os
import sys

from dispatch_runtime.zygote import Zygote


def main():
    socket_path = os.environ.get('DISPATCH_ENGINE', '/run/dispatch/engine.sock')
    directory = os.environ.get('DISPATCH_FUNCTION', '/function')
    # The function's own modules come first; the runtime's package is imported already and needs no place on the path.
    sys.path[0] = directory
    os.chdir(directory)
    Zygote(socket_path, directory).run()


if __name__ == '__main__':
    main()
