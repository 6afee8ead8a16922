/** Functions and archives that mean harm: the next call of the same and of another function is unharmed. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import testAny, { type TestFn } from 'ava'
import { packedHeader, repeat } from '../helpers/archive.ts'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { type OwnDocker, startOwnDocker } from '../helpers/own-docker.ts'
import { until } from '../helpers/wait.ts'
import { ask, containersOf, createFunction, execute, seed } from './stage.ts'

const test = testAny as TestFn<{ server: LiveServer; own: OwnDocker }>
const timeout = 10_000

const python3 = `import os, time
def handle(ctx, payload):
    do = payload.get("do")
    kept = []
    while do == "memory":
        kept.append(b"x" * (1 << 24) + bytes([len(kept) % 256]))
    while do == "fork":
        if os.fork() == 0:
            time.sleep(600)
    if do == "orphans" and os.fork() == 0:
        os.setsid()
        while True:
            try:
                if os.fork() == 0:
                    os.setsid()
                    time.sleep(600)
            except OSError:
                time.sleep(0.0001)
    while do == "orphans":
        try:
            if os.fork() == 0:
                os._exit(0)
            os.wait()
        except OSError:
            os._exit(0)
    while do == "print":
        print("x" * 1000)
    if do == "close":
        os.closerange(3, 4096)
    if do == "exit":
        os._exit(0)
    if do == "wait":
        open("/tmp/mark", "w").close()
        time.sleep(600)
    return "fine"
`
const nodejs = `const { spawn } = require('node:child_process')
const fs = require('node:fs')
module.exports = async (ctx, { do: what }) => {
  const kept = []
  while (what === 'memory') kept.push(Buffer.alloc(1 << 24, kept.length))
  while (what === 'fork') spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']).on('error', () => {})
  if (what === 'orphans') {
    const apart = { detached: true, stdio: 'ignore' }
    const fill = "setInterval(() => child_process.spawn('sleep', ['600'], " + JSON.stringify(apart) + ").on('error', () => {}), 1)"
    spawn(process.execPath, ['-e', fill], apart)
    setInterval(() => spawn('true', apart).on('error', () => process.exit(0)), 1)
    await new Promise(() => {})
  }
  while (what === 'print') console.log('x'.repeat(1000))
  for (let fd = 3; what === 'close' && fd < 4096; fd += 1) try { fs.closeSync(fd) } catch {}
  if (what === 'exit') process.exit(0)
  if (what === 'wait') {
    fs.writeFileSync('/tmp/mark', '')
    await new Promise(resolve => setTimeout(resolve, 600000))
  }
  return 'fine'
}
`

test.before(async t => {
  const own = await startOwnDocker()
  t.context.own = own
  const server = await startLiveServer({ env: own.env })
  t.context.server = server
  await seed(server)
  for (const [image, code] of Object.entries({ python3, nodejs })) {
    await createFunction(server, { name: `bad-${image}`, image, code, timeout })
    await createFunction(server, { name: `patient-${image}`, image, code })
    await createFunction(server, { name: `good-${image}`, image, code })
  }
})

test.after.always(async t => {
  await t.context.server?.stop()
  await t.context.own?.close()
})

for (const image of ['python3', 'nodejs']) {
  for (const what of ['memory', 'fork', 'orphans', 'print', 'close', 'exit']) {
    test.serial(`${image}: ${what} without end ends as a failed run and harms nobody`, async t => {
      const { server } = t.context
      const { status, body } = await execute(server, `bad-${image}`, { do: what })
      t.deepEqual([status, body.status], [200, 'ERROR'])
      t.true(body.reason[0].startsWith(`error running function: bad-${image}: `), body.reason[0])
      t.log(body.reason[0])
      t.true(JSON.stringify(body.logs).length < 3 * 1024 * 1024)
      for (const name of [`bad-${image}`, `good-${image}`]) {
        const next = await execute(server, name)
        t.is(next.body.output, 'fine', JSON.stringify(next.body.error))
      }
    })
  }

  test.serial(`${image}: a container killed during a call costs that call, which says so, and no other`, async t => {
    const { server, own } = t.context
    const cut = execute(server, `patient-${image}`, { do: 'wait' })
    const isMarked = (id: string): Promise<boolean> =>
      own.docker('exec', id, 'ls', '/tmp').then(
        listed => listed.includes('mark'),
        () => false,
      )
    const dataDir = join(server.directory, 'dispatch-data')
    const id = await until('the call is under way', async () => {
      for (const each of await containersOf(own, dataDir)) if (await isMarked(each)) return each
    })
    await own.docker('kill', id)
    t.like((await cut).body, { status: 'ERROR', error: { type: 'SystemError' } })
    for (const name of [`patient-${image}`, `good-${image}`]) t.is((await execute(server, name)).body.output, 'fine')
  })
}

const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024))

const bombs: [string, Buffer][] = [
  ['1 GiB of nothing', repeat(zeros, 16)],
  ['a file of 1 GiB', Buffer.concat([await packedHeader(1024 ** 3), repeat(zeros, 16)])],
]
const peakMiB = async (pid: number): Promise<number> =>
  Number(/VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

for (const [index, [title, archive]] of bombs.entries()) {
  test.serial(`an archive with ${title} is refused with the reason, within bounds`, async t => {
    const { server } = t.context
    const before = await peakMiB(server.pid)
    const body = { name: `bomb-${index}`, image: 'python3', source: archive.toString('base64') }
    const { status, body: answer } = await ask(server, 'POST', 'function', body)
    t.is(status, 400)
    t.regex(answer.message, /the source archive (holds more than 256 MiB|grows to more than 100 times its size)/)
    const grown = (await peakMiB(server.pid)) - before
    t.true(grown < 200, `${grown} MiB more than before`)
    const left = await readdir(join(server.directory, 'dispatch-data/containers'), { recursive: true })
    t.false(left.some(name => name.endsWith('/large')))
    t.is((await execute(server, 'good-python3')).body.output, 'fine')
  })
}
