/** Which units are ours, and how the words of systemd-analyze are read. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import {
  exposureLimits,
  findExposed,
  listOwnUnits,
  planSecurity,
  planVerify,
} from '../../../../packer/hygiene/units.ts'

const own = { units: ['app.service', 'app.timer', 'console@.service'], changed: ['docker.service'] }

test('units are those of the folder, and those that a folder of drop-ins changes', async t => {
  const rootfs = await mkdtemp(join(tmpdir(), 'rootfs-'))
  t.teardown(() => rm(rootfs, { recursive: true }))
  const folder = join(rootfs, 'etc/systemd/system')
  for (const name of ['docker.service.d', 'multi-user.target.wants'])
    await mkdir(join(folder, name), { recursive: true })
  for (const name of ['app.service', 'app.timer', 'console@.service', 'README']) await writeFile(join(folder, name), '')
  await symlink('/dev/null', join(folder, 'masked.service'))
  t.deepEqual(await listOwnUnits(rootfs), own)
})

test('all are verified, services are judged, a template by an instance of it', t => {
  t.deepEqual(planVerify(own).slice(2), ['app.service', 'app.timer', 'console@1.service', 'docker.service'])
  t.deepEqual(planSecurity(own).slice(3), ['app.service', 'console@1.service'])
})

const level = (unit: string, text: string) => `\n→ Overall exposure level for ${unit}: ${text} OK 🙂\n`

test('what is more open than 3.5 is named, with what to do', t => {
  const printed = level('app.service', '3.6') + level('console@1.service', '3.5')
  t.deepEqual(findExposed(own, printed), [
    'app.service is open by 3.6 of 10, where 3.5 are allowed: close it (see dispatch-server.service), or name it in packer/hygiene/units.ts with a reason',
  ])
})

test('a unit of which nothing is said is not taken for a closed one', t => {
  t.throws(() => findExposed(own, level('app.service', '1.0')), { message: /console@\.service/ })
})

test('every limit of its own has a reason', t => {
  for (const { reason } of Object.values(exposureLimits)) t.true(reason.length > 10)
})
