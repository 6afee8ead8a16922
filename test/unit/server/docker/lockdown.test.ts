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
      Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
      Memory: 1024,
      MemorySwap: 1024,
      NanoCpus: 500_000_000,
      LogConfig: { Type: 'none' },
      Mounts: [{ Type: 'bind', Source: '/h', Target: '/p', ReadOnly: true }],
    },
  })
  t.regex(planCreateRequest(spec, 'none').HostConfig?.Tmpfs?.['/tmp'] ?? '', /noexec,nosuid,nodev,size=67108864/)
})

test('defect "a port on every address": no port of a container is published unless that is asked for', t => {
  for (const network of ['none', 'own'])
    t.notRegex(JSON.stringify(planCreateRequest(spec, network)), /PortBindings|PublishAllPorts|ExposedPorts/)
})

test('a published port is one on the address named, which a program without rights can listen on', t => {
  const { ExposedPorts, HostConfig } = planCreateRequest(
    { ...spec, publish: { port: 80, hostAddress: '127.0.0.1', hostPort: 0 } },
    'own',
  )
  t.deepEqual(ExposedPorts, { '80/tcp': {} })
  t.deepEqual(HostConfig.PortBindings, { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] })
  t.deepEqual(HostConfig.Sysctls, { 'net.ipv4.ip_unprivileged_port_start': '0' })
  t.deepEqual(HostConfig.CapDrop, ['ALL'])
})

test('what a container prints is kept where that is asked for, and no more than that', t => {
  t.deepEqual(planCreateRequest({ ...spec, logBytes: 4096 }, 'none').HostConfig.LogConfig, {
    Type: 'local',
    Config: { 'max-size': '4096b', 'max-file': '1', compress: 'false' },
  })
})

test('without a command the image has its own', t => {
  t.false('Cmd' in planCreateRequest(spec, 'none'))
  t.deepEqual(planCreateRequest({ ...spec, command: ['a'] }, 'none').Cmd, ['a'])
})

for (const profile of ['build', 'foreign'] as const) {
  test(`with the profile ${profile} files can be written, and rights and limits are bounded all the same`, t => {
    const { HostConfig } = planCreateRequest({ ...spec, profile }, 'none')
    t.like(HostConfig, {
      ReadonlyRootfs: false,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      PidsLimit: 7,
      Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
      Memory: 1024,
      MemorySwap: 1024,
    })
    t.deepEqual(HostConfig.Tmpfs, {})
    for (const name of ['SYS_ADMIN', 'NET_ADMIN', 'NET_RAW', 'MKNOD', 'SYS_PTRACE', 'SETPCAP'])
      t.false(HostConfig.CapAdd.includes(name), name)
  })
}

test('a build is root and has its command alone, a foreign image its own user', t => {
  t.like(planCreateRequest({ ...spec, profile: 'build', command: ['a'] }, 'none'), {
    User: '0:0',
    Entrypoint: ['a'],
    Cmd: [],
  })
  t.false('User' in planCreateRequest({ ...spec, profile: 'foreign' }, 'none'))
})
