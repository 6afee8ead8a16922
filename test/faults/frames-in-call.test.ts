/** A worker turns hostile during its call: its container is thrown away, the server keeps its memory, another function answers. */
import { readFileSync } from 'node:fs'
import test from 'ava'
import { becomeReady, createPlayedDocker, type Line, playedImage } from '../helpers/played-runtime.ts'
import { createTestEngine } from '../helpers/test-engine.ts'
import { until } from '../helpers/wait.ts'
import { brokenFrames, framed } from './broken-frames.ts'
import { renderCounts } from './load.ts'
import { createRandom } from './random.ts'

const rounds = 1_000
const randomSeed = 20_260_811
const atOnce = 4
const mebibyte = 1024 * 1024
const maxGrownMiB = 512

const random = createRandom(randomSeed)
const small = Object.values(brokenFrames)
const pickSmall = () => small[random.below(small.length)]?.(random) ?? Buffer.alloc(0)
/** Shared by all rounds, since what attacks lives in the process that is measured. */
const filler = Buffer.alloc(17 * mebibyte, '0,')
const headers = {
  parts: framed(`{"type":"x","parts":[${'0,'.repeat(8 * mebibyte)}0]}`),
  objects: framed(`{"type":"x","of":[${'{},'.repeat(6 * mebibyte)}0],"parts":[]}`),
  nested: framed(`{"type":${'['.repeat(16 * mebibyte)}`),
}

/** Announces a frame that fits the limits, and leaves out its last byte. */
function stall(line: Line): void {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(filler.length + 1)
  line.write(head)
  line.write(filler)
}

async function writeByteByByte(line: Line, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    line.write(Buffer.from([byte]))
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** What a worker does instead of answering its call. */
const attacks: Record<string, (line: Line) => void> = {
  'a broken frame': line => line.write(pickSmall()),
  'a broken frame over a connection of its own': line => line.dial().write(pickSmall()),
  'a broken frame byte by byte': line => void writeByteByByte(line, pickSmall().subarray(0, 2000)),
  'millions of parts': line => line.write(headers.parts),
  'a header of millions of objects': line => line.write(headers.objects),
  'a header nested millions deep': line => line.write(headers.nested),
  'a frame that never ends': stall,
  'frames that never end over 100 connections of its own': line => {
    for (let left = 100; left > 0; left -= 1) stall(line.dial())
  },
}

const peakMiB = (): number => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024

test(`${rounds} x a worker that breaks the protocol during its call`, async t => {
  t.timeout(10 * 60_000, 'many containers on a machine that may be busy')
  const kinds = Object.keys(attacks)
  const done: Record<string, number> = {}
  const attackers = new Set<string>()
  const docker = createPlayedDocker({
    control: becomeReady,
    worker: ({ header, parts: [, payload] }, line) => {
      if (header.type !== 'call') return
      const kind = String(payload && JSON.parse(payload.toString()))
      if (attacks[kind]) {
        attackers.add(line.container)
        done[kind] = (done[kind] ?? 0) + 1
        attacks[kind](line)
      } else line.send({ type: 'result', id: header.id, ok: true }, ['"fine"', '', ''])
    },
  })
  const limits = { poolSize: 0, graceMs: 50, turnMs: 0 }
  const { engine, revision, call } = createTestEngine(t, { docker, limits })
  const neighbour = revision(playedImage, {})
  await engine.load(neighbour)
  const before = peakMiB()
  let [begun, answered, over] = [0, 0, false]
  const attack = async () => {
    const hostile = revision(playedImage, {})
    while (begun < rounds) {
      begun += 1
      const kind = kinds[random.below(kinds.length)] ?? ''
      const outcome = await call(hostile, kind, 1000)
      t.false(outcome.ok, kind)
    }
  }
  const callNeighbour = async () => {
    while (!over) {
      t.like(await call(neighbour, 'good'), { ok: true, outputJson: '"fine"' })
      answered += 1
    }
  }
  const calling = callNeighbour()
  await Promise.all(Array.from({ length: atOnce }, attack))
  over = true
  await calling
  await until('every container that attacked is thrown away', async () => {
    return (await docker.listContainers({})).every(({ name }) => !attackers.has(name))
  })
  const grownMiB = Math.round(peakMiB() - before)
  t.true(grownMiB < maxGrownMiB, `${grownMiB} MiB more than before`)
  t.true(answered > rounds, 'the neighbour is called all the while')
  const told = `${attackers.size} containers thrown away, ${answered} calls of a neighbour answered, ${grownMiB} MiB more memory at most`
  t.log(
    `seed ${randomSeed}: ${Object.values(done).reduce((sum, count) => sum + count, 0)} attacks, ${told}; ${renderCounts(done)}`,
  )
})
