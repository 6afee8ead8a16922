/** Docker itself keeps the promises of the Docker port, and the lock-down of its containers holds inside them. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { createDockerEngine } from '../../../server/docker/engine.ts'
import { writeArchive } from '../../helpers/docker-archive.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { until } from '../../helpers/wait.ts'
import { testDocker } from './docker-cases.ts'

const docker = createDockerEngine({ env: process.env })
const { dockerImage } = runtimeImage('python3')
const python = (code: string) => ['/usr/bin/python3', '-c', code]

const run = promisify(execFile)

async function addImage(reference: string, labels: Record<string, string>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-archive-'))
  await writeArchive(join(dir, 'image.tar'), { reference, labels })
  await run('docker', ['load', '--quiet', '--input', join(dir, 'image.tar')])
  await rm(dir, { recursive: true })
}

const runnable = { dockerImage, command: python('import time; time.sleep(600)') }
testDocker(test, { docker, addImage, runnable })

/** Tells from inside what the container may do. The directory that it writes to is the test's own. */
const inspection = `
import json, os
status = dict(line.split(':\\t') for line in open('/proc/self/status').read().splitlines() if ':\\t' in line)
def writable(path):
    try:
        open(path + '/probe', 'w').close()
        return True
    except OSError as error:
        return os.strerror(error.errno)
def executable(path):
    with open(path, 'w') as file: file.write('#!/usr/bin/python3\\n')
    os.chmod(path, 0o755)
    try:
        os.posix_spawn(path, [path], {})
        return True
    except OSError as error:
        return os.strerror(error.errno)
def read(*paths):
    return next(open(path).read().strip() for path in paths if os.path.exists(path))
report = {
    'user': [os.getuid(), os.getgid()],
    'capabilities': status['CapEff'].strip('0'),
    'noNewPrivileges': status['NoNewPrivs'],
    'seccomp': status['Seccomp'],
    'root': writable('/'),
    'tmp': writable('/tmp'),
    'tmpExecutable': executable('/tmp/program'),
    'interfaces': os.listdir('/sys/class/net'),
    'memory': read('/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'),
    'processes': read('/sys/fs/cgroup/pids.max', '/sys/fs/cgroup/pids/pids.max'),
    'env': os.environ['GREETING'],
}
with open('/out/report.part', 'w') as file: json.dump(report, file)
os.rename('/out/report.part', '/out/report')
`

test('a container has no rights, no network and limits', async t => {
  const out = await mkdtemp(join(tmpdir(), 'dispatch-inspection-'))
  t.teardown(() => rm(out, { recursive: true }))
  await chmod(out, 0o777)
  const id = await docker.createContainer({
    name: `dispatch-test-${randomUUID()}`,
    dockerImage,
    command: python(inspection),
    env: { GREETING: 'hello = ä' },
    labels: {},
    mounts: [{ hostPath: out, path: '/out', readOnly: false }],
    memoryBytes: 64 * 1024 * 1024,
    cpus: 1,
    maxProcesses: 32,
    network: 'none',
  })
  t.teardown(() => docker.removeContainer(id))
  await docker.startContainer(id)
  const report = await until('the report', () => readFile(join(out, 'report'), 'utf8').catch(() => undefined))
  t.deepEqual(JSON.parse(report), {
    user: [65534, 65534],
    capabilities: '',
    noNewPrivileges: '1',
    seccomp: '2',
    root: 'Read-only file system',
    tmp: true,
    tmpExecutable: 'Permission denied',
    interfaces: ['lo'],
    memory: String(64 * 1024 * 1024),
    processes: '32',
    env: 'hello = ä',
  })
})
