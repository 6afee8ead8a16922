import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'ava'
import {
  findDrift,
  parseLockFile,
  planLock,
  refuseDrift,
  renderDrift,
  renderLockFile,
  renderPins,
} from '../../../packer/lock.ts'
import { loadDrift } from '../../../packer/release/drift.ts'
import { findGone, refuseGone } from '../../../packer/steps/lock.ts'

const hash = 'a'.repeat(64)
const bash = { name: 'bash', version: '5.2-1', architecture: 'amd64', sha256: hash }
const zlib = { name: 'zlib1g', version: '1:1.3+b1', architecture: 'amd64', sha256: hash }
const lock = planLock('trixie', [zlib, bash])

test('a lock is read as it was written, a line a package', t => {
  const text = renderLockFile(lock)
  t.deepEqual(parseLockFile(text), lock)
  t.true(text.includes(`\n    "bash": "5.2-1 sha256:${hash}",\n    "zlib1g": "1:1.3+b1 sha256:${hash}"\n`))
})

test('what is no lock is refused with the command that writes one', t => {
  for (const text of ['{}', '[]', '{"suite":"trixie","packages":{"bash":"5.2"}}'])
    t.throws(() => parseLockFile(text), { message: /npm run ova:update/ })
})

test('apt takes the locked version even where a newer one is offered', t => {
  t.true(renderPins(lock).includes('Package: zlib1g\nPin: version 1:1.3+b1\nPin-Priority: 1001\n'))
})

test('a version is gone when the archive has another one, or other bytes under its name', t => {
  const offered = (version: string, sha256: string) => new Set([`bash ${version} ${sha256}`, `zlib1g 1:1.3+b1 ${hash}`])
  t.deepEqual(findGone(lock, offered('5.2-1', hash)), [])
  t.deepEqual(findGone(lock, offered('5.2-2', hash)), ['bash 5.2-1'])
  t.deepEqual(findGone(lock, offered('5.2-1', 'b'.repeat(64))), ['bash 5.2-1'])
})

test('--locked names what is gone and what to do, and takes a complete archive', t => {
  t.notThrows(() => refuseGone([]))
  t.throws(() => refuseGone(['bash 5.2-1']), { message: /bash 5\.2-1.*DISPATCH_DEBIAN_MIRROR.*npm run ova:update/s })
})

test('--locked refuses any drift, a package that nobody locked too, and takes none', t => {
  t.notThrows(() => refuseDrift(findDrift(lock, [bash, zlib])))
  const drift = findDrift(lock, [bash, zlib, { ...bash, name: 'curl', version: '8' }])
  t.throws(() => refuseDrift(drift), { message: /npm run ova:update.*\n {2}curl: not locked -> 8\n/ })
})

test('drift is of the sealed system and of every image, and of the base alone that is locked', async t => {
  const list = join(await mkdtemp(join(tmpdir(), 'drift-')), 'packages')
  t.teardown(() => rm(dirname(list), { recursive: true }))
  await writeFile(list, 'bash\t5.2-1\tamd64\nvim\t9\tamd64\n')
  const done = { file: () => list, hash: () => '', all: () => [] }
  const images = [{ packages: { zlib1g: `1:1.3+b1 sha256:${hash}`, jq: `1.7 sha256:${hash}` } }]
  t.deepEqual(await loadDrift({ done, base: { suite: 'trixie' }, images, lock }), [
    { name: 'jq', installed: '1.7' },
    { name: 'vim', installed: '9' },
  ])
  t.deepEqual(await loadDrift({ done, base: { suite: '5.0' }, images, lock }), [])
})

test('drift is every package that is newer, not locked, or not there any more', t => {
  const installed = [
    { ...bash, version: '5.2-2' },
    { ...bash, name: 'curl', version: '8' },
  ]
  const drift = findDrift(lock, installed)
  t.deepEqual(drift, [
    { name: 'bash', locked: '5.2-1', installed: '5.2-2' },
    { name: 'curl', installed: '8' },
    { name: 'zlib1g', locked: '1:1.3+b1' },
  ])
  t.is(renderDrift(drift).length, 4)
  t.deepEqual(renderDrift(findDrift(lock, [bash, zlib])), [])
})
