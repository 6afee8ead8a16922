/** A file is written whole or not at all, for whom it is meant, and without a trace beside it. */
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { readIfThere, syncDirectory, writeDurably } from '../../../../server/disk/files.ts'
import { temporaryDir } from '../../../contract/store/samples.ts'

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777

test('a file takes the place of another, with its own mode', async t => {
  const directory = temporaryDir(t)
  const file = join(directory, 'a')
  await writeDurably(file, 'first', { mode: 0o400 })
  t.is(await modeOf(file), 0o400)
  await writeDurably(file, Buffer.from('second'), { mode: 0o644 })
  t.is(await modeOf(file), 0o644)
  t.is(await readIfThere(file), 'second')
  t.deepEqual(await readdir(directory), ['a'])
})

test('a file is of its owner before it has its name', async t => {
  const file = join(temporaryDir(t), 'a')
  const [uid, gid] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0]
  const owner = uid === 0 ? { uid: 65_534, gid: 65_534 } : { uid, gid }
  await writeDurably(file, 'x', { mode: 0o640, owner })
  t.like(await stat(file), owner)
  t.is(await modeOf(file), 0o640)
})

test('what lies in the place of the draft is replaced, never followed', async t => {
  const directory = temporaryDir(t)
  const [file, other] = [join(directory, 'a'), join(directory, 'other')]
  await writeFile(other, 'of somebody else')
  await symlink(other, join(directory, '.a.new'))
  await writeDurably(file, 'mine', { mode: 0o600 })
  t.is(await readFile(other, 'utf8'), 'of somebody else')
  t.is(await readFile(file, 'utf8'), 'mine')
})

test('a file that cannot be put there leaves what was, and no draft', async t => {
  const directory = temporaryDir(t)
  const file = join(directory, 'a')
  await mkdir(join(file, 'in it'), { recursive: true })
  await t.throwsAsync(writeDurably(file, 'x', { mode: 0o600 }), { message: /EISDIR|ENOTEMPTY|EEXIST/ })
  t.deepEqual(await readdir(directory), ['a'])
})

test('what is not there is none; what cannot be read is told', async t => {
  const directory = temporaryDir(t)
  t.is(await readIfThere(join(directory, 'none')), undefined)
  await writeFile(join(directory, 'file'), '')
  t.is(await readIfThere(join(directory, 'file/none')), undefined)
  await t.throwsAsync(readIfThere(directory), { code: 'EISDIR' })
  await t.throwsAsync(syncDirectory(join(directory, 'none')), { code: 'ENOENT' })
})
