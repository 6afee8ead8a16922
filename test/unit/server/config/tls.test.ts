/** Which certificates and ports a configuration stands for. */
import test from 'ava'
import { run } from '../../../helpers/config-sources.ts'

test('what protects nothing without TLS is told', t => {
  const argv = ['--disable-http', '--tls-certificate=c', '--tls-certificate-key=k', '--lets-encrypt-domain=d']
  const told = (...more: string[]) => run({ argv: [...argv, ...more] }).withoutEffect
  t.is(told().length, 4)
  t.is(told()[0], 'disable-http from flag --disable-http has no effect: it needs enable-tls')
  t.deepEqual(told('--enable-tls'), [])
})

test('TLS has its files and ports, and HTTP is there unless it is switched off', t => {
  const files = ['--enable-tls', '--tls-certificate=c.pem', '--tls-certificate-key=/k.pem', '--tls-port=1']
  const certificate = { kind: 'files', certificateFile: '/srv/c.pem', keyFile: '/k.pem' }
  const tls = { certificate, clients: undefined, port: 1, gatewayPort: 8444 }
  t.like(run({ argv: files }).config, { tls, port: 8080, gatewayPort: 8081 })
  t.like(run({ argv: [...files, '--disable-http'] }).config, { tls, port: undefined, gatewayPort: 8081 })
  t.like(run({ argv: ['--disable-http', '--tls-port=8080'] }).config, { tls: undefined, port: 8080 })
})

test('without files the certificate is made beside the database, by the names that it is given', t => {
  const { config } = run({ argv: ['--enable-tls', '--db-file=/d/x.db', '--tls-names= Solo.example,,10.0.0.7 '] })
  t.deepEqual(config.tls?.certificate, { kind: 'self-made', directory: '/d', names: ['Solo.example', '10.0.0.7'] })
})

test('a domain is asked for at its authority, whose questions the gateway answers where it listens itself', t => {
  const flags = ['--enable-tls', '--lets-encrypt-domain=Solo.example', '--lets-encrypt-directory=https://ca.example/d']
  const certificate = {
    kind: 'lets-encrypt',
    domain: 'solo.example',
    directoryUrl: 'https://ca.example/d',
    port: 80,
    directory: '/srv/lets_encrypt',
    selfMade: { directory: '/srv', names: ['solo.example'] },
  } as const
  t.deepEqual(run({ argv: flags }).config.tls?.certificate, certificate)
  const { config } = run({ argv: [...flags, '--gateway-port=80'] })
  t.deepEqual(config.tls?.certificate, { ...certificate, port: undefined })
})

test('clients are asked for certificates of an authority, or may show one', t => {
  const flags = ['--enable-tls', '--tls-client-ca=ca.pem']
  const clientsBy = (...more: string[]) => run({ argv: [...flags, ...more] }).config.tls?.clients
  t.deepEqual(clientsBy('--disable-http'), { caFile: '/srv/ca.pem', auth: 'required' })
  t.deepEqual(clientsBy('--tls-client-auth=optional'), { caFile: '/srv/ca.pem', auth: 'optional' })
})
