/** What a container may do, tried from inside a real one. */

import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createRealDocker } from '../../helpers/real-docker.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { until } from '../../helpers/wait.ts'

const docker = createRealDocker()
const { dockerImage } = runtimeImage('python3')
const mebibyte = 1024 * 1024

/** The directory /out is the test's own. */
const inspection = `
import json, os, socket
status = dict(line.split(':\\t') for line in open('/proc/self/status').read().splitlines() if ':\\t' in line)
def writable(path):
    try:
        open(path + '/probe', 'w').close()
        os.unlink(path + '/probe')
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
    finally:
        os.unlink(path)
def read(*paths):
    return next(open(path).read().strip() for path in paths if os.path.exists(path))
def cores():
    if os.path.exists('/sys/fs/cgroup/cpu.max'):
        quota, period = read('/sys/fs/cgroup/cpu.max').split()
    else:
        quota, period = read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'), read('/sys/fs/cgroup/cpu/cpu.cfs_period_us')
    return int(quota) / int(period)
def room(path):
    size = os.statvfs(path)
    return size.f_blocks * size.f_frsize
def filled(path, limit):
    written = 0
    try:
        with open(path, 'wb') as file:
            while written < limit: written += file.write(bytes(1024 * 1024))
    except OSError as error:
        return os.strerror(error.errno)
    finally:
        os.unlink(path)
places = [root for root, _, _ in os.walk('/') if not root.startswith(('/proc', '/out'))]
mounts = [line.split() for line in open('/proc/mounts')]
report = {
    'user': [os.getuid(), os.getgid(), os.getgroups()],
    'capabilities': ''.join(status['Cap' + which].strip('0') for which in ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb']),
    'noNewPrivileges': status['NoNewPrivs'],
    'seccomp': status['Seccomp'],
    'root': writable('/'),
    'writable': sorted(place for place in places if writable(place) is True),
    'executable': [executable(place + '/program') for place in ['/tmp', '/dev/shm']],
    'rooms': [room(place) for place in ['/tmp', '/dev/shm']],
    'filled': filled('/tmp/large', 100 * 1024 * 1024),
    'leftovers': os.listdir('/tmp') + os.listdir('/function'),
    'disks': [name for name in os.listdir('/dev') if name.startswith(('sd', 'vd', 'nvme', 'xvd', 'mem', 'kmsg'))],
    'sockets': [path for path in ['/var/run/docker.sock', '/run/docker.sock', '/run/containerd'] if os.path.exists(path)],
    'hosts': [mount[1] for mount in mounts if mount[1] not in ('/out', '/etc/resolv.conf', '/etc/hostname', '/etc/hosts', '/usr/sbin/docker-init', '/sbin/docker-init') and mount[2] not in ('overlay', 'tmpfs', 'proc', 'sysfs', 'devpts', 'mqueue', 'cgroup', 'cgroup2')],
    'interfaces': os.listdir('/sys/class/net'),
    'memory': read('/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'),
    'cores': cores(),
    'processes': read('/sys/fs/cgroup/pids.max', '/sys/fs/cgroup/pids/pids.max'),
    'env': os.environ['GREETING'],
}
with open('/out/report.part', 'w') as file: json.dump(report, file)
os.rename('/out/report.part', '/out/report')
`

/** Runs the text in a container of its own and resolves with what it leaves in /out/report. */
async function report(t: ExecutionContext, code: string): Promise<unknown> {
  const out = await mkdtemp(join(tmpdir(), 'dispatch-inspection-'))
  t.teardown(() => rm(out, { recursive: true }))
  await chmod(out, 0o777)
  const id = await docker.createContainer({
    name: `dispatch-test-${randomUUID()}`,
    dockerImage,
    command: ['/usr/bin/python3', '-c', code],
    env: { GREETING: 'hello = ä' },
    labels: {},
    mounts: [{ hostPath: out, path: '/out', readOnly: false }],
    memoryBytes: 128 * mebibyte,
    cpus: 0.75,
    maxProcesses: 32,
    network: 'none',
  })
  t.teardown(() => docker.removeContainer(id))
  await docker.startContainer(id)
  return JSON.parse(await until('the report', () => readFile(join(out, 'report'), 'utf8').catch(() => undefined)))
}

test('a container has no rights, no network, limits, and nothing of the machine', async t => {
  t.deepEqual(await report(t, inspection), {
    user: [65534, 65534, [65534]],
    capabilities: '',
    noNewPrivileges: '1',
    seccomp: '2',
    root: 'Read-only file system',
    writable: ['/dev/mqueue', '/dev/shm', '/tmp'],
    executable: ['Permission denied', 'Permission denied'],
    rooms: [64 * mebibyte, 16 * mebibyte],
    filled: 'No space left on device',
    leftovers: [],
    disks: [],
    sockets: [],
    hosts: [],
    interfaces: ['lo'],
    memory: String(128 * mebibyte),
    cores: 0.75,
    processes: '32',
    env: 'hello = ä',
  })
})
