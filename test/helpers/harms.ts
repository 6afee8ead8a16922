/** A python3 function that takes all it can get of what it is asked to: processes, memory, disk, lines. */

/** Values of `do` in its input; anything else is answered with "fine". */
export const harms = ['fork bomb', 'memory hog', 'disk filler', 'log flood'] as const

export const harmfulSource = `import os, sys, time
def handle(ctx, payload):
    do = payload.get("do")
    kept = []
    while do == "memory hog":
        kept.append(b"x" * (1 << 24) + bytes([len(kept) % 256]))
    while do == "fork bomb":
        try:
            if os.fork() == 0:
                while True:
                    os.fork()
        except OSError:
            pass
    while do == "disk filler":
        with open("/tmp/%d" % time.monotonic_ns(), "wb") as file:
            file.write(b"x" * (1 << 20))
    while do == "log flood":
        sys.stdout.write("x" * 10000 + "\\n")
    return "fine"
`
