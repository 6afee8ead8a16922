/** A folder on disk as a listing, and what sealing mends in it by itself. */
import { chmod, lstat, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { mendTree, planMending } from '../../../../packer/hygiene/mend.ts'
import { listTree } from '../../../../packer/hygiene/tree.ts'

async function createTree(t: ExecutionContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tree-'))
  t.teardown(() => rm(dir, { recursive: true }))
  for (const name of ['etc', 'usr/bin', 'usr/share/doc/app']) await mkdir(join(dir, name), { recursive: true })
  return dir
}

test('a listing has the root too, types, modes, owners, capabilities, targets, and the texts of settings alone', async t => {
  const dir = await createTree(t)
  await writeFile(join(dir, 'etc/hostname'), 'solo\n')
  await writeFile(join(dir, 'etc/large'), Buffer.alloc(100_000))
  await writeFile(join(dir, 'usr/bin/tool'), 'program')
  await chmod(join(dir, 'usr/bin/tool'), 0o4755)
  await symlink('../nowhere', join(dir, 'etc/link'))
  await symlink('usr/bin', join(dir, 'bin'))
  await chmod(dir, 0o751)
  const listing = await listTree(dir, new Map([['/usr/bin/tool', 'cap_net_raw=ep']]))
  const { uid, gid } = await lstat(dir)
  t.deepEqual(listing.get('/usr/bin/tool'), {
    ...{ type: 'file', mode: 0o4755, uid, gid, capabilities: 'cap_net_raw=ep' },
  })
  t.deepEqual(listing.get('/'), { type: 'directory', mode: 0o751, uid, gid })
  t.deepEqual(listing.get('/etc/link'), { type: 'link', mode: 0o777, uid, gid, target: '../nowhere' })
  t.is(listing.get('/etc')?.type, 'directory')
  t.false(listing.has('/bin/tool'))
  t.is(listing.get('/etc/hostname')?.text, 'solo\n')
  t.is(listing.get('/etc/large')?.text, undefined)
})

test('programs lose the rights that nobody needs, and links to documents that are not shipped go', async t => {
  const dir = await createTree(t)
  for (const name of ['su', 'chsh', 'plain']) await writeFile(join(dir, 'usr/bin', name), '')
  await chmod(join(dir, 'usr/bin/su'), 0o4755)
  await chmod(join(dir, 'usr/bin/chsh'), 0o6755)
  await symlink('NEWS.gz', join(dir, 'usr/share/doc/app/changelog.gz'))
  await symlink('nowhere', join(dir, 'etc/stays'))
  await mendTree(dir, planMending(await listTree(dir)))
  const listing = await listTree(dir)
  t.is(listing.get('/usr/bin/su')?.mode, 0o4755)
  t.is(listing.get('/usr/bin/chsh')?.mode, 0o755)
  t.false(listing.has('/usr/share/doc/app/changelog.gz'))
  t.true(listing.has('/etc/stays'))
})
