import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { openMark } from '../../../../provisioning/appliance/marks.ts'
import { createFiles, type Files } from '../../../../provisioning/firstboot/files.ts'

async function createStage(t: { teardown(end: () => unknown): void }) {
  const root = await mkdtemp(join(tmpdir(), 'marks-'))
  t.teardown(() => rm(root, { recursive: true }))
  const { uid, gid } = userInfo()
  await mkdir(join(root, 'etc'))
  await writeFile(join(root, 'etc/passwd'), `root:x:${uid}:${gid}::/:/bin/sh\n`)
  await writeFile(join(root, 'etc/group'), `root:x:${gid}:\n`)
  const files = createFiles(root)
  const open = (by: Files = files) => openMark(by, '/state/claimed', 'it is claimed')
  return { files, open, found: () => readdir(join(root, 'state')) }
}

test('a mark that is set is found again, until it is taken away', async t => {
  const { open } = await createStage(t)
  const mark = await open()
  t.false(mark.isSet())
  await mark.set(true)
  t.true(mark.isSet())
  t.true((await open()).isSet())
  await mark.set(false)
  t.false((await open()).isSet())
})

test('one that is there but could not be made durable is taken away again: it would count after the next start', async t => {
  const { files, open, found } = await createStage(t)
  const mark = await open({
    ...files,
    write: async step => {
      await files.write(step)
      if (step.kind === 'file') throw new Error('EIO: i/o error, fsync')
    },
  })
  await t.throwsAsync(mark.set(true), { message: /fsync/ })
  t.false(mark.isSet())
  t.deepEqual(await found(), [])
})
