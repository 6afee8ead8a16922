import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import test from 'ava'
import { pack } from 'tar-stream'
import { renderLicenceFile } from '../../../../packer/release/licence-file.ts'
import { findModules } from '../../../../packer/steps/bundled-modules.ts'
import { parseModules, renderTerms } from '../../../../packer/steps/licences.ts'

test('modules are found by the files of a bundle, the inner ones too, our own are none', t => {
  const inputs = ['server/main.ts', 'node_modules/a/index.js', 'node_modules/a/lib/b.js', 'node_modules/@s/c/x.js']
  const inner = 'node_modules/a/node_modules/d/x.js'
  t.deepEqual(findModules([...inputs, inner]), ['node_modules/@s/c', 'node_modules/a', 'node_modules/a/node_modules/d'])
})

test('a module is listed once, and one that the lock file does not name ends the bake', t => {
  const lock = JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0', license: 'MIT' } } })
  t.deepEqual(parseModules(lock, ['node_modules/a']), [{ name: 'a', version: '1.0.0', license: 'MIT' }])
  const twice = { 'node_modules/a': {}, 'node_modules/x/node_modules/a': {} }
  const locked = Object.keys(twice).map(folder => [folder, { version: '1.0.0', license: 'MIT' }])
  t.is(parseModules(JSON.stringify({ packages: Object.fromEntries(locked) }), Object.keys(twice)).length, 1)
  t.throws(() => parseModules(lock, ['node_modules/b']), { message: /node_modules\/b.*npm ci/ })
})

test('the terms of each module stand under its name', t => {
  const text = renderTerms('Apache License', [{ title: 'a 1.0.0, MIT', texts: ['Permission is granted\n'] }])
  t.regex(text, /Apache License\n-+\na 1\.0\.0, MIT\n\nPermission is granted\n$/)
})

test('the file beside the .ova has every text once, with all packages that have it', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'licences-'))
  t.teardown(() => rm(dir, { recursive: true }))
  const [tar, written] = [join(dir, 'root.tar'), pack()]
  const done = pipeline(written, createWriteStream(tar))
  const image = './var/lib/docker/overlay2/abc/diff'
  const files = {
    './usr/share/doc/bash/copyright': 'GPL',
    './usr/share/doc/sed/copyright': 'GPL\n',
    [`${image}/usr/share/doc/apt/copyright`]: 'GPL-2+',
    './usr/share/doc/bash/changelog': 'no licence',
    './srv/usr/share/doc/other/copyright': 'not installed',
  }
  for (const [name, content] of Object.entries(files)) written.entry({ name }, content)
  written.entry({ name: './usr/share/doc/zsh/copyright', type: 'link', linkname: './usr/share/doc/bash/copyright' })
  written.entry({ name: './usr/share/doc/kmod', type: 'symlink', linkname: 'sed' })
  written.finalize()
  await done
  const rule = '='.repeat(80)
  t.is(
    await renderLicenceFile(tar, 'Heading'),
    `Heading\n\n${rule}\napt\n\nGPL-2+\n\n${rule}\nbash, kmod, sed, zsh\n\nGPL\n`,
  )
})
