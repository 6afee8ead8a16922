import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { ordersCertificate } from '../../../../provisioning/appliance/acme.ts'

const shipped = await readFile(
  new URL('../../../../provisioning/rootfs/etc/dispatch/config.yaml', import.meta.url),
  'utf8',
)

test('a certificate is ordered when the configuration names a domain, and else not', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'acme-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const file = join(directory, 'config.yaml')
  for (const unreadable of [file, directory]) t.false(await ordersCertificate(unreadable))
  for (const [text, expected] of [
    [shipped, false],
    [`${shipped}lets-encrypt-domain: solo.example.com\n`, true],
    [`${shipped}# lets-encrypt-domain: solo.example.com\n`, false],
    [`${shipped}lets-encrypt-domain: ''\n`, false],
    ['{ "lets-encrypt-domain": "solo.example.com" }', true],
    ['a: [', false],
    ['', false],
  ] as const) {
    await writeFile(file, text)
    t.is(await ordersCertificate(file), expected, text)
  }
})
