/** What containers may do that build images, or run images of others, tried from inside real ones; and what a build leaves. */

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import type { ContainerSpec } from '../../../server/docker/port.ts'
import { createRealDocker } from '../../helpers/real-docker.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { containerSpec, uniqueLabels, uniqueReference } from './samples.ts'

const docker = createRealDocker()
const { dockerImage } = runtimeImage('python3')
const { signal } = new AbortController()
const run = promisify(execFile)

/** Runs the text and resolves with the container and what it printed. */
async function ended(t: ExecutionContext, code: string, changes: Partial<ContainerSpec>) {
  const command = ['/usr/bin/python3', '-c', code]
  const spec = containerSpec({ dockerImage, command, logBytes: 64 * 1024, memoryBytes: 128 * 1024 ** 2, ...changes })
  const id = await docker.createContainer(spec)
  t.teardown(() => docker.removeContainer(id))
  await docker.startContainer(id)
  const lines: string[] = []
  await docker.followLog(id, (_, line) => lines.push(line), signal)
  return { id, end: await docker.waitContainer(id, signal), printed: lines.join('\n') }
}

const inspection = `
import json, os
status = dict(line.split(':\\t') for line in open('/proc/self/status').read().splitlines() if ':\\t' in line)
def attempt(work):
    try:
        work()
        return True
    except OSError as error:
        return os.strerror(error.errno)
print(json.dumps({
    'user': os.getuid(),
    'allowed': status['CapBnd'],
    'noNewPrivileges': status['NoNewPrivs'],
    'seccomp': status['Seccomp'],
    'ownFile': attempt(lambda: open('/tmp/probe', 'w').close()),
    'rootFile': attempt(lambda: open('/probe', 'w').close()),
    'ownedByOther': attempt(lambda: (open('/var/tmp/probe', 'w').close(), os.chown('/var/tmp/probe', 1, 1))),
    'device': attempt(lambda: os.mknod('/tmp/device', 0o20600, os.makedev(1, 3))),
    'mount': attempt(lambda: os.listdir('/sys/kernel/security')),
}))
`

test('a build is root, owns files of all users, and is shut in like the others', async t => {
  const { printed } = await ended(t, inspection, { profile: 'build' })
  t.deepEqual(JSON.parse(printed), {
    user: 0,
    allowed: '00000000000400fb',
    noNewPrivileges: '1',
    seccomp: '2',
    ownFile: true,
    rootFile: true,
    ownedByOther: true,
    device: 'Operation not permitted',
    mount: true,
  })
})

test("a foreign image has its own user, and writes to the container's files as far as that one may", async t => {
  const { printed } = await ended(t, inspection, { profile: 'foreign' })
  t.like(JSON.parse(printed), {
    user: 65534,
    allowed: '00000000000000eb',
    noNewPrivileges: '1',
    seccomp: '2',
    ownFile: true,
    rootFile: 'Permission denied',
    ownedByOther: 'Operation not permitted',
    device: 'Operation not permitted',
  })
})

test('a build that wants too much memory is told from one that fails', async t => {
  const { end } = await ended(t, 'x = bytearray(10 ** 9)', { profile: 'build' })
  t.true(end.outOfMemory)
  t.like((await ended(t, 'raise SystemExit(3)', { profile: 'build' })).end, { exitCode: 3, outOfMemory: false })
})

test('an image that is made of a build is as its base was, with the new files and nothing of the mounts', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-build-'))
  t.teardown(() => rm(dir, { recursive: true }))
  await writeFile(join(dir, 'settings.json'), 'open-sesame')
  const install = "open('/installed', 'w').write('by root'); print(open('/run/dispatch/build/settings.json').read())"
  const { id, printed } = await ended(t, install, {
    profile: 'build',
    env: { TOKEN: 'open-sesame' },
    labels: { ...uniqueLabels(), token: 'open-sesame' },
    mounts: [{ hostPath: dir, path: '/run/dispatch/build', readOnly: true }],
  })
  t.is(printed, 'open-sesame')
  t.true(((await docker.writableBytes(id)) ?? 0) > 0)
  const made = await docker.commitContainer(id, { reference: uniqueReference(), labels: {} })
  t.teardown(async () => {
    await docker.removeContainer(id)
    await docker.removeImage(made)
  })

  const configOf = async (reference: string) => {
    const { stdout } = await run('docker', ['image', 'inspect', '--format', '{{json .Config}}', reference])
    const { Cmd, User, WorkingDir, Env, Entrypoint } = JSON.parse(stdout)
    return { Cmd, User, WorkingDir, Env, Entrypoint: Entrypoint ?? [] }
  }
  const { Env = [], ...rest } = await configOf(dockerImage)
  t.deepEqual(await configOf(made), { ...rest, Env: ['TOKEN=', ...Env] })
  const look = "import os; print(open('/installed').read(), os.listdir('/run/dispatch/build'))"
  t.is((await ended(t, look, { dockerImage: made })).printed, 'by root []')
  const { stdout } = await run('docker', ['image', 'inspect', '--format', '{{json .Config}}', made])
  t.notRegex(stdout, /open-sesame/)
})
