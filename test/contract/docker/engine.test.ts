/** Docker itself keeps the promises of the Docker port. */

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { writeArchive } from '../../helpers/docker-archive.ts'
import { createRealDocker } from '../../helpers/real-docker.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { testBuilds } from './build-cases.ts'
import { testBuilder } from './builder-cases.ts'
import { testDocker } from './docker-cases.ts'
import { containerSpec } from './samples.ts'

const docker = createRealDocker()
const { dockerImage } = runtimeImage('python3')

const run = promisify(execFile)

async function addImage(reference: string, labels: Record<string, string>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-archive-'))
  await writeArchive(join(dir, 'image.tar'), { reference, labels })
  await run('docker', ['load', '--quiet', '--input', join(dir, 'image.tar')])
  await rm(dir, { recursive: true })
}

const runnable = { dockerImage, command: ['/usr/bin/python3', '-c', 'import time; time.sleep(600)'] }
const printing = `import sys
print('on stdout 1', flush=True)
print('on stderr ä', file=sys.stderr, flush=True)
print('on stdout 3', flush=True)
sys.exit(7)`
const ending = { dockerImage, command: ['/usr/bin/python3', '-c', printing] }
const cases = { docker, addImage, runnable, ending, folder: { path: '/runtime', file: 'main.py' } }
testDocker(test, cases)
testBuilds(test, cases)
testBuilder(test, cases)

test('a folder of an image that is no folder to be read is the fault of the image', async t => {
  await t.throwsAsync(docker.readFolder(dockerImage, '/'), { name: 'BuildError', message: /more than 64 MiB/ })
})

test('lines of a log are whole, however long they are', async t => {
  const code = "for length in range(60, 300): print('x' * length)"
  const command = ['/usr/bin/python3', '-c', code]
  const id = await docker.createContainer(containerSpec({ dockerImage, command, logBytes: 1024 ** 2 }))
  t.teardown(() => docker.removeContainer(id))
  await docker.startContainer(id)
  const lengths: number[] = []
  await docker.followLog(
    id,
    (_, line) => lengths.push(/^x+$/.test(line) ? line.length : -1),
    new AbortController().signal,
  )
  t.deepEqual(
    lengths,
    Array.from({ length: 240 }, (_, index) => index + 60),
  )
})
