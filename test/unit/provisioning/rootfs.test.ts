/** The appliance's own configuration: of its server, and of root's command line, which meet at the local socket. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { resolveSettings } from '../../../cli/config/settings.ts'
import { publicPorts } from '../../../provisioning/ports.ts'
import { run } from '../../helpers/config-sources.ts'

const rootfs = fileURLToPath(new URL('../../../provisioning/rootfs/', import.meta.url))
const read = (path: string): string => readFileSync(join(rootfs, path), 'utf8')

const load = () =>
  run({ argv: ['--config', '/config.yaml'], files: { '/config.yaml': read('etc/dispatch/config.yaml') } })

test('the server takes its configuration, and has its socket where nobody but its group finds it', t => {
  const { config, withoutEffect } = load()
  t.deepEqual(config.socket, { path: '/run/dispatch/api.sock', isDefault: false })
  t.is(config.auth, 'required')
  t.deepEqual(withoutEffect, [])
  t.regex(
    read('etc/systemd/system/dispatch-server.service'),
    /^RuntimeDirectory=dispatch\n[^\n]*\nRuntimeDirectoryMode=0750$/m,
  )
})

test("root's command line goes by that socket", t => {
  const { contexts, current } = JSON.parse(read('root/.dispatch/config.json'))
  const parsed = { values: {}, given: new Set<string>(), args: [] }
  const settings = resolveSettings({ parsed, env: {}, context: contexts[current], socketPath: '' })
  t.is(settings.socket?.path, load().config.socket?.path)
  t.is(settings.organization, 'dispatch')
})

test('no core dump of the server is left behind, which would hold secrets in clear', t => {
  t.regex(read('etc/systemd/system/dispatch-server.service'), /^LimitCORE=0$/m)
})

test('with a domain alone the server orders a certificate, and is asked for it at the gateway, where port 80 leads', t => {
  const file = `${read('etc/dispatch/config.yaml')}lets-encrypt-domain: solo.example.com\n`
  const { config } = run({ argv: ['--config', '/config.yaml'], files: { '/config.yaml': file } })
  t.is(config.gatewayPort, publicPorts.gateway)
  t.like(config.tls?.certificate, { kind: 'lets-encrypt', domain: 'solo.example.com', port: undefined })
})
