/** Files of discs, which anybody may have made. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { maxFileBytes, readDiscFile } from '../../../../../provisioning/firstboot/sources/disc-file.ts'
import { createFolder } from './support.ts'

test('a file is found by its name, also as discs without long names have it', async t => {
  for (const name of ['user-data', 'USER_DATA', 'USER_DATA.;1', 'User-Data;1']) {
    const folder = createFolder(t)
    writeFileSync(join(folder, name), 'ü')
    t.is(await readDiscFile(folder, 'user-data'), name === 'USER_DATA.;1' ? undefined : 'ü', name)
  }
  t.is(await readDiscFile(createFolder(t), 'user-data'), undefined)
})

test('links, folders, pipes, what is too large and what is no text are refused', async t => {
  const spoil: Readonly<Record<string, (path: string) => void>> = {
    link: path => symlinkSync('/etc/hostname', path),
    'dangling link': path => symlinkSync('/no/such/file', path),
    folder: path => mkdirSync(path),
    pipe: path => execFileSync('mkfifo', [path]),
    large: path => writeFileSync(path, Buffer.alloc(maxFileBytes + 1, 'a')),
    bytes: path => writeFileSync(path, Buffer.of(0xff, 0xfe)),
  }
  for (const [what, make] of Object.entries(spoil)) {
    const folder = createFolder(t)
    make(join(folder, 'user-data'))
    await t.throwsAsync(readDiscFile(folder, 'user-data'), undefined, what)
  }
})

test('the largest file that is read is read whole', async t => {
  const folder = createFolder(t)
  writeFileSync(join(folder, 'user-data'), 'a'.repeat(maxFileBytes))
  t.is((await readDiscFile(folder, 'user-data'))?.length, maxFileBytes)
})
