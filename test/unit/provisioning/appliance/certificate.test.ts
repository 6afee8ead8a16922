import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createCertificateKeeper, keyFile } from '../../../../provisioning/appliance/certificate.ts'

const { uid, gid } = userInfo()
/** Another group that whoever runs the test may give files to. */
const otherGroup = uid === 0 ? gid + 1 : (process.getgroups?.().find(each => each !== gid) ?? gid)

const log = { info: () => undefined, warn: () => undefined, error: () => undefined }

async function createFolders(t: ExecutionContext) {
  const root = await mkdtemp(join(tmpdir(), 'certificate-'))
  t.teardown(() => rm(root, { recursive: true }))
  return { ownDir: join(root, 'own'), shownDir: join(root, 'shown') }
}

const open = (folders: { ownDir: string; shownDir: string }, groupId: number) =>
  createCertificateKeeper({ ...folders, groupId }, { names: () => ['localhost'], nowMs: Date.now, log })

test('a pair is made, shown to its group, and left alone from then on', async t => {
  const folders = await createFolders(t)
  t.true(await open(folders, gid).refresh())
  const { mode } = await stat(join(folders.shownDir, keyFile))
  t.is(mode & 0o7777, 0o640)
  t.false(await open(folders, gid).refresh())
})

test('a pair that was written when the power was cut is still shown to its group', async t => {
  const folders = await createFolders(t)
  await open(folders, gid).refresh()
  // Who may give files to no other group sees at least that the group is looked at.
  if (otherGroup === gid) return t.throwsAsync(open(folders, gid + 1).refresh(), { code: 'EPERM' })
  t.true(await open(folders, otherGroup).refresh())
  for (const path of [folders.shownDir, join(folders.shownDir, keyFile)]) t.is((await stat(path)).gid, otherGroup)
})
