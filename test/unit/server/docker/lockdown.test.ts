/** Every container is locked down, whatever it is asked for. */
import test from 'ava'
import { planCreateRequest } from '../../../../server/docker/lockdown.ts'
import type { ContainerSpec } from '../../../../server/docker/port.ts'

const spec: ContainerSpec = {
  name: 'n',
  dockerImage: 'i',
  command: [],
  env: { A: 'b=c' },
  labels: { l: 'v' },
  mounts: [{ hostPath: '/h', path: '/p', readOnly: true }],
  memoryBytes: 1024,
  cpus: 0.5,
  maxProcesses: 7,
  network: 'none',
}

test('no rights, no swap, bounded processes and temporary files', t => {
  t.like(planCreateRequest(spec, 'none'), {
    User: '65534:65534',
    Env: ['A=b=c'],
    HostConfig: {
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      NetworkMode: 'none',
      PidsLimit: 7,
      Memory: 1024,
      MemorySwap: 1024,
      NanoCpus: 500_000_000,
      LogConfig: { Type: 'none' },
      Mounts: [{ Type: 'bind', Source: '/h', Target: '/p', ReadOnly: true }],
    },
  })
  t.regex(planCreateRequest(spec, 'none').HostConfig?.Tmpfs?.['/tmp'] ?? '', /noexec,nosuid,nodev,size=67108864/)
})

test('defect "a port on every address": no port of a container is published', t => {
  for (const network of ['none', 'own'])
    t.notRegex(JSON.stringify(planCreateRequest(spec, network)), /PortBindings|PublishAllPorts|ExposedPorts/)
})

test('without a command the image has its own', t => {
  t.false('Cmd' in planCreateRequest(spec, 'none'))
  t.deepEqual(planCreateRequest({ ...spec, command: ['a'] }, 'none').Cmd, ['a'])
})
