/** What Docker's own builder leaves behind: nothing, however a build ends. */

import { randomUUID } from 'node:crypto'
import test, { type ExecutionContext } from 'ava'
import type { ImageBuild } from '../../../server/docker/port.ts'
import { output } from '../../helpers/network-probe.ts'
import { createRealDocker } from '../../helpers/real-docker.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { tarOf } from './builder-cases.ts'
import { uniqueReference } from './samples.ts'

const docker = createRealDocker()
const { dockerImage } = runtimeImage('python3')

/** Images without a name of which the history has the word, and containers whose command has it. */
async function leftOf(word: string): Promise<string[]> {
  const lines = async (...args: string[]) => (await output('docker', ...args)).split('\n').filter(Boolean)
  const left: string[] = []
  for (const id of await lines('images', '--quiet', '--filter', 'dangling=true'))
    if ((await output('docker', 'history', '--no-trunc', id).catch(() => '')).includes(word)) left.push(id)
  const containers = await lines('ps', '--all', '--no-trunc', '--format', '{{.ID}} {{.Command}}')
  return [...left, ...containers.filter(line => line.includes(word))]
}

interface Attempt {
  word: string
  reference: string
  build(steps: string, changes?: Partial<ImageBuild>): Promise<string>
}

function createAttempt(t: ExecutionContext): Attempt {
  const [word, reference] = [randomUUID(), uniqueReference()]
  t.teardown(() => docker.removeImage(reference))
  return {
    word,
    reference,
    build: async (steps, changes = {}) =>
      await docker.buildImage({
        context: await tarOf({ Dockerfile: steps.replaceAll('WORD', word) }),
        reference,
        args: { IMAGE: dockerImage },
        labels: {},
        network: 'none',
        instanceId: word,
        memoryBytes: 64 * 1024 * 1024,
        cpus: 1,
        onLine: () => undefined,
        signal: new AbortController().signal,
        ...changes,
      }),
  }
}

const begin = 'ARG IMAGE\nFROM $IMAGE\nENV A=WORD\nRUN echo WORD\n'

test('a build that fails late leaves neither the steps before nor a container', async t => {
  const { word, reference, build } = createAttempt(t)
  await t.throwsAsync(build(`${begin}RUN echo WORD; exit 1\n`))
  t.deepEqual(await leftOf(word), [])
  t.is(await docker.findImage(reference), undefined)
})

test('a build of several stages leaves its image alone', async t => {
  const { word, reference, build } = createAttempt(t)
  const id = await build(`${begin}FROM $IMAGE\nCOPY --from=0 /etc/passwd /copied-WORD\n`)
  t.deepEqual(await leftOf(word), [])
  t.is((await docker.findImage(reference))?.id, id)
})

test('a build that is given up ends, and leaves nothing', async t => {
  const { word, build } = createAttempt(t)
  const stop = new AbortController()
  const onLine = (_: string, line: string) => line === 'it sleeps' && stop.abort()
  const steps = `${begin}RUN echo WORD; echo it sleeps; sleep 600\n`
  await t.throwsAsync(build(steps, { signal: stop.signal, onLine }), { message: /abort/ })
  t.deepEqual(await leftOf(word), [])
})

test('a program of a build may use no more memory than it is given, and no network', async t => {
  const { build } = createAttempt(t)
  await t.throwsAsync(build(`${begin}RUN /usr/bin/python3 -c "bytearray(10 ** 9)"\n`), {
    message: /non-zero code: 137/,
  })
  const lines: string[] = []
  const look = `RUN /usr/bin/python3 -c "import os; print(os.listdir('/sys/class/net'))"\n`
  await build(`${begin}${look}`, { onLine: (_, line) => lines.push(line) })
  t.true(lines.includes("['lo']"), lines.join('\n'))
})
