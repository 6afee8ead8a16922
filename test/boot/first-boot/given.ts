/** Values that an appliance is given, with all that is hard to carry to the letter, and the proof that it has taken them. */
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Workshop } from '../bench.ts'
import { isSshOpen, waitFor } from '../outside.ts'
import { createSshKey, runOverSsh, type SshKey } from '../ssh.ts'
import { type Appliance, expect, readFingerprint, type Testimony } from './appliance.ts'
import { tellsOfSecrets, type Values } from './discs.ts'

export const adminPassword = 'wïnter $is "not\' coming \\ yet & <soon> '
export const rootPassword = ' $(reboot) `&&` "räin" \\n \'<!--# '

export interface Pair {
  readonly certificate: string
  readonly key: string
}

/** `days` below zero: it has ended. */
export async function createPair({ shell, dir }: Workshop, name: string, days = 30): Promise<Pair> {
  const [certificate, key] = [join(dir, `${name}.crt`), join(dir, `${name}.key`)]
  const extensions = ['subjectAltName=DNS:solo.example.com', 'basicConstraints=critical,CA:FALSE']
  await shell.run([
    ...['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=solo.example.com'],
    ...[...extensions.flatMap(extension => ['-addext', extension]), '-out', certificate, '-keyout', key],
  ])
  // What `req` makes ends later than it begins.
  await shell.run(['openssl', 'x509', '-in', certificate, '-signkey', key, '-days', String(days), '-out', certificate])
  return { certificate: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') }
}

/** QEMU's own network, in which 10.0.2.2 is the host. */
const staticNetwork: Values = {
  'network.ip0': '10.0.2.15',
  'network.netmask0': '24',
  'network.gateway': '10.0.2.2',
  'network.DNS': '10.0.2.3',
  'network.fqdn': 'solo.example.com',
}

export interface Given {
  readonly key: SshKey
  /** Of the certificate. */
  readonly fingerprint: string
  /** Without a password of the administrator: that would claim it. */
  readonly values: Values
}

export async function createGiven(bench: Workshop, name: string): Promise<Given> {
  const [pair, key] = [await createPair(bench, name), await createSshKey(bench, name)]
  const values = {
    ...staticNetwork,
    'appliance.root_pwd': rootPassword,
    'appliance.permit_root_login': 'True',
    'appliance.ssh_keys': key.publicKey,
    // As it arrives through a form of one line, and as one that has been through base64.
    'appliance.tls_cert': pair.certificate.replaceAll('\n', ' '),
    'appliance.tls_cert_key': Buffer.from(pair.key).toString('base64'),
  }
  return { key, fingerprint: new X509Certificate(pair.certificate).fingerprint256, values }
}

/** Network, name, certificate, root's password and keys; it does not matter whether it is claimed. */
export async function checkGiven({ ports }: Appliance, { status }: Testimony, given: Given): Promise<void> {
  const matches = status.addresses.some(({ asked }) => asked?.matches === true)
  expect(matches, `the address differs: ${JSON.stringify(status.addresses)}`)
  expect(status.hostName === 'solo', `the host name is ${status.hostName}`)
  for (const port of [ports.https, ports.apiTls]) {
    const shown = await readFingerprint(port)
    expect(shown === given.fingerprint, `port ${port.guestPort} shows another certificate: ${shown}`)
  }
  expect(status.fingerprints.tls === given.fingerprint, `the console tells of ${status.fingerprints.tls}`)
  const others = status.faults.filter(fault => !tellsOfSecrets(fault))
  expect(others.length === 0, `not taken: ${JSON.stringify(others)}`)
  const root = { port: ports.ssh.hostPort, user: 'root', key: given.key }
  for (const login of [root, { ...root, password: rootPassword }])
    expect((await runOverSsh(login, 'id -un')).trim() === 'root', 'root is somebody else')
}

/** It makes its keys when it starts for the first time. */
export const awaitSsh = ({ name, ports }: Appliance): Promise<void> =>
  waitFor(`${name}: SSH`, () => isSshOpen(ports.ssh))

/** By key and by password, as `admin`; and the command line is theirs at once. */
export async function checkAdminLogins(machine: Appliance, key: SshKey, password = adminPassword): Promise<void> {
  await awaitSsh(machine)
  const { ports } = machine
  const admin = { port: ports.ssh.hostPort, user: 'admin', key }
  const byKey = await runOverSsh(admin, 'dispatch get functions')
  expect(byKey.includes('NAME'), `by key: ${byKey}`)
  const byPassword = await runOverSsh({ ...admin, password }, 'dispatch appliance status -o json')
  expect(JSON.parse(byPassword).state === 'ready', `by password: ${byPassword}`)
}
