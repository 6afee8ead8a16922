/** A handler that dials the server's socket and attacks it: its container is thrown away, the server keeps its memory, others answer. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import testAny, { type TestFn } from 'ava'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { type OwnDocker, startOwnDocker } from '../helpers/own-docker.ts'
import { until } from '../helpers/wait.ts'
import { containersOf, createFunction, execute, seed } from './stage.ts'

const test = testAny as TestFn<{ server: LiveServer; own: OwnDocker }>
const maxGrownMiB = 256

const hostile = `import os, socket, time
LARGE = b"0," * (10 << 20)
def dial():
    dialled = socket.socket(socket.AF_UNIX)
    dialled.connect("/run/dispatch/engine.sock")
    return dialled
def frame(header, missing=0):
    return b"".join(((len(header) + 4 + missing).to_bytes(4, "big"), len(header).to_bytes(4, "big"), header))
def attack(what):
    held = []
    if what == "parts":
        dial().sendall(frame(b'{"type":"x","parts":[' + LARGE + b"0]}"))
    for _ in range(200 if what == "connections" else 0):
        held.append(dial())
        held[-1].sendall(frame(LARGE, 1))
    if what == "bytes":
        dialled = dial()
        for byte in frame(LARGE, 1):
            dialled.send(bytes((byte,)))
def handle(ctx, payload):
    what = payload.get("do")
    if what:
        try:
            attack(what)
        except OSError:
            pass
        time.sleep(600)
    return os.uname().nodename
`

test.before(async t => {
  const own = await startOwnDocker()
  t.context.own = own
  const server = await startLiveServer({ env: own.env })
  t.context.server = server
  await seed(server)
  await createFunction(server, { name: 'bad', image: 'python3', code: hostile })
  await createFunction(server, { name: 'good', image: 'nodejs', code: 'module.exports = () => "fine"\n' })
})

test.after.always(async t => {
  await t.context.server?.stop()
  await t.context.own?.close()
})

const peakMiB = async (pid: number): Promise<number> =>
  Number(/VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

for (const what of ['parts', 'connections', 'bytes']) {
  test.serial(`${what} without end over a connection of its own`, async t => {
    const { server, own } = t.context
    // The name of its machine is the beginning of its container's id.
    const { output: name } = (await execute(server, 'bad')).body
    const before = await peakMiB(server.pid)
    let over = false
    const attacked = execute(server, 'bad', { do: what }).finally(() => {
      over = true
    })
    let answered = 0
    for (; !over || answered < 10; answered += 1) t.is((await execute(server, 'good')).body.output, 'fine')
    t.like((await attacked).body, { status: 'ERROR', error: { type: 'SystemError' } })
    const grownMiB = Math.round((await peakMiB(server.pid)) - before)
    t.true(grownMiB < maxGrownMiB, `${grownMiB} MiB more than before`)
    const dataDir = join(server.directory, 'dispatch-data')
    await until('its container is thrown away', async () => {
      return !(await containersOf(own, dataDir)).some(id => id.startsWith(name))
    })
    t.is(typeof (await execute(server, 'bad')).body.output, 'string')
    t.log(`${grownMiB} MiB more memory at most, ${answered} calls of a neighbour answered`)
  })
}
