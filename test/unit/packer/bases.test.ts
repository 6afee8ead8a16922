/** The bases as data: whole, and such that their plans hold together. Nothing here runs a guest. */
import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { type Base, listPackages } from '../../../packer/bases/base.ts'
import { bases } from '../../../packer/bases/table.ts'
import { planGuestPackages } from '../../../packer/guest-packages.ts'
import { nameOva } from '../../../packer/release/publish.ts'
import { repository } from '../../../packer/source.ts'
import { applyOverlay } from '../../../packer/steps/payload.ts'

const checksum = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}|file:https:\/\/\S+)$/

for (const [name, base] of Object.entries<Base>(bases)) {
  test(`${name} brings a package for everything that the appliance needs`, t => {
    t.is(base.name, name)
    const unmet = Object.entries(base.packages).filter(([role, names]) => names.length === 0 && role !== 'kernel')
    t.deepEqual(unmet, [])
    t.deepEqual(Object.keys(base.packages), Object.keys(bases.debian.packages))
    const all = listPackages(base)
    t.is(new Set(all).size, all.length)
    t.deepEqual(
      all.filter(each => base.removedPackages.includes(each)),
      [],
    )
  })

  test(`${name} is fetched by https, by a checksum`, t => {
    for (const { url, checksum: sum } of [base.iso, ...(base.image ? [base.image] : [])]) {
      t.regex(url, /^https:\/\/\S+\.(iso|img)$/)
      t.regex(sum, checksum)
    }
  })

  test(`${name}: the overlay's words that differ are there to be replaced, once`, async t => {
    const stage = await mkdtemp(join(tmpdir(), 'overlay-'))
    t.teardown(() => rm(stage, { recursive: true }))
    await cp(join(repository, 'provisioning/rootfs'), stage, { recursive: true, verbatimSymlinks: true })
    await t.notThrowsAsync(applyOverlay(stage, base.overlay))
    for (const [path, text] of Object.entries(base.overlay.files)) t.is(await readFile(join(stage, path), 'utf8'), text)
    for (const { path, text, by } of base.overlay.replacements) {
      const now = await readFile(join(stage, path), 'utf8')
      t.true(now.includes(by))
      t.false(now.includes(text), `${path} still says ${text}`)
    }
  })

  test(`${name}: the script that installs its packages is one that sh can read`, t => {
    const script = planGuestPackages(base)
    const { status, stderr } = spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' })
    t.is(status, 0, stderr)
    t.true(script.includes(`${base.packageTool.install} ${listPackages(base, 'kernel').join(' ')}\n`))
    for (const module of base.initrdModules) t.regex(script, new RegExp(`\\b${module}\\b`))
  })
}

test('a guest keeps the kernel that it runs', t => {
  for (const base of Object.values<Base>(bases)) {
    for (const kernel of base.packages.kernel) t.false(listPackages(base, 'kernel').includes(kernel))
  }
})

test('what is in use during a bake is not removed before sealing', t => {
  for (const base of Object.values<Base>(bases)) {
    const removal = planGuestPackages(base)
      .split('\n')
      .find(line => line.startsWith('cd / && rm -rf'))
    t.notRegex(removal ?? '', /ssh_host_| tmp\/\*/)
  }
})

test('an overlay that names words which are gone is a fault', async t => {
  const stage = await mkdtemp(join(tmpdir(), 'overlay-'))
  t.teardown(() => rm(stage, { recursive: true }))
  await cp(join(repository, 'provisioning/rootfs/etc/hosts'), join(stage, 'hosts'))
  const replacements = [{ path: 'hosts', text: 'not in it', by: '' }]
  await t.throwsAsync(applyOverlay(stage, { files: {}, replacements }), { message: /does not say "not in it"/ })
})

test('each base has an .ova of its own, and the published one the plain name', t => {
  const names = Object.values<Base>(bases).map(base => nameOva('1.2.3', base))
  t.is(new Set(names).size, names.length)
  t.is(nameOva('1.2.3', bases.debian), 'dispatch-solo-1.2.3-amd64.ova')
})
