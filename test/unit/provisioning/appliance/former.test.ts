import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createCertificateKeeper } from '../../../../provisioning/appliance/certificate.ts'
import { createFormer } from '../../../../provisioning/appliance/former.ts'
import { createFiles } from '../../../../provisioning/firstboot/files.ts'

const { uid, gid } = userInfo()
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const pair = { chainPem: 'the former chain', keyPem: 'the former key' }
const other = { chainPem: 'of the claim', keyPem: 'of the claim' }

/** A machine whose files belong to whoever runs the test; each call of `start` is a power-on. */
async function createMachine(t: ExecutionContext) {
  const root = await mkdtemp(join(tmpdir(), 'former-'))
  t.teardown(() => rm(root, { recursive: true }))
  await mkdir(join(root, 'etc'))
  await writeFile(join(root, 'etc/passwd'), `root:x:${uid}:${gid}::/:/bin/sh\n`)
  await writeFile(join(root, 'etc/group'), `root:x:${gid}:\n`)
  return () => {
    const places = { ownDir: join(root, 'own'), shownDir: join(root, 'shown'), groupId: gid }
    const certificate = createCertificateKeeper(places, { names: () => ['localhost'], nowMs: Date.now, log })
    return { certificate, former: createFormer({ files: createFiles(root), directory: '/state', certificate }) }
  }
}

test('after a power cut the former values and the former certificate count again', async t => {
  const start = await createMachine(t)
  const before = start()
  t.is(await before.former.read(), undefined)
  await before.certificate.keep(pair)
  await before.former.keep({ 'network.ntp': '10.0.0.1' })
  await before.certificate.keep(other)

  const { former, certificate } = start()
  t.deepEqual(await former.read(), { 'network.ntp': '10.0.0.1' })
  await former.restoreCertificate()
  t.deepEqual(await certificate.given(), pair)
  await former.drop()
  await former.drop()
  t.is(await start().former.read(), undefined)
})

test('where the appliance made its own certificate it does so again', async t => {
  const { former, certificate } = (await createMachine(t))()
  await former.keep({})
  await certificate.keep(other)
  await former.restoreCertificate()
  t.is(await certificate.given(), undefined)
})
