/** DOCKER_HOST is understood as the docker command does, except that ssh is refused. */
import test from 'ava'
import { parseDockerHost } from '../../../../server/docker/host.ts'

const cases: [Record<string, string>, object][] = [
  [{}, { kind: 'unix', socketPath: '/var/run/docker.sock' }],
  [{ DOCKER_HOST: '' }, { kind: 'unix', socketPath: '/var/run/docker.sock' }],
  [{ DOCKER_HOST: 'unix:///a/b.sock' }, { kind: 'unix', socketPath: '/a/b.sock' }],
  [{ DOCKER_HOST: 'tcp://10.0.0.1' }, { kind: 'tcp', host: '10.0.0.1', port: 2375 }],
  [{ DOCKER_HOST: '10.0.0.1:99' }, { kind: 'tcp', host: '10.0.0.1', port: 99 }],
  [
    { DOCKER_HOST: 'tcp://h:2376', DOCKER_CERT_PATH: '/certs' },
    { kind: 'tcp', host: 'h', port: 2376, certificatesDir: '/certs' },
  ],
  [
    { DOCKER_HOST: 'tcp://h', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' },
    { kind: 'tcp', host: 'h', port: 2376, certificatesDir: '/certs' },
  ],
]
for (const [env, expected] of cases) {
  test(`${JSON.stringify(env)} is understood`, t => {
    t.like(parseDockerHost(env), expected)
  })
}

const refused: [Record<string, string>, RegExp][] = [
  [{ DOCKER_HOST: 'ssh://me@far' }, /does not reach Docker over ssh/],
  [{ DOCKER_HOST: 'tcp://h:2376' }, /DOCKER_CERT_PATH names no directory/],
  [{ DOCKER_HOST: 'ftp://h' }, /is no address: write unix:\/\/\/path or tcp:\/\/host:port/],
  [{ DOCKER_HOST: 'tcp://' }, /is no address/],
]
for (const [env, message] of refused) {
  test(`${JSON.stringify(env)} is refused`, t => {
    t.throws(() => parseDockerHost(env), { message })
  })
}
