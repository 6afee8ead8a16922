/** The disc with the answers, as a guest would read it. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { planMirror } from '../../../packer/entrance.ts'
import { writeSeeds } from '../../../packer/seeds.ts'
import { createShell } from '../../../packer/shell.ts'
import { repository } from '../../../packer/source.ts'

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 bake'
const mirrors = async () => ({ archive: 'http://mirror.test:8080/debian', security: '' })
const values = { 'public-key': async () => publicKey, ...planMirror({ mirrors }) }

for (const answers of ['cloud', 'autoinstall', 'preseed', 'kickstart']) {
  test(`${answers}: the disc is labelled cidata and holds every answer under its own name, with the key`, async t => {
    const dir = await mkdtemp(join(tmpdir(), 'seeds-'))
    t.teardown(() => rm(dir, { recursive: true, force: true }))
    const shell = createShell({ logFile: join(dir, 'log'), signal: new AbortController().signal })
    const [answersDir, seedsDir] = [join(repository, 'packer/answers', answers), join(dir, 'seeds')]
    const disc = await writeSeeds({ shell, answersDir, seedsDir, values })
    t.regex(await shell.run(['isoinfo', '-d', '-i', disc]), /^Volume id: cidata$/m)
    // Rock Ridge is what Linux reads; Joliet is for others.
    const names = await readdir(answersDir)
    for (const list of ['-R', '-J']) {
      const listed = (await shell.run(['isoinfo', list, '-f', '-i', disc])).trim().split('\n')
      t.deepEqual(listed.sort(), names.map(name => `/${name}`).sort())
    }
    const texts = await Promise.all(names.map(name => shell.run(['isoinfo', '-R', '-x', `/${name}`, '-i', disc])))
    for (const [index, name] of names.entries()) t.is(texts[index], await readFile(join(seedsDir, name), 'utf8'))
    t.is(texts.join('').split(publicKey).length, 2)
    t.notRegex(texts.join(''), /@[a-z-]+@/)
  })
}

test("Debian's installer is told the mirror of this machine", async t => {
  const dir = await mkdtemp(join(tmpdir(), 'seeds-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const shell = createShell({ logFile: join(dir, 'log'), signal: new AbortController().signal })
  const [answersDir, seedsDir] = [join(repository, 'packer/answers/preseed'), join(dir, 'seeds')]
  await writeSeeds({ shell, answersDir, seedsDir, values })
  const lines = (await readFile(join(seedsDir, 'preseed.cfg'), 'utf8')).split('\n')
  for (const line of ['protocol string http', 'http/hostname string mirror.test:8080', 'http/directory string /debian'])
    t.true(lines.includes(`d-i mirror/${line}`), line)
  await t.throwsAsync(writeSeeds({ shell, answersDir, seedsDir, values: {} }), {
    message: /@mirror-protocol@|@public-key@/,
  })
})
