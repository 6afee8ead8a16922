/** Packer itself reads the template with what a bake of each base in each builder would give it. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { Base } from '../../../packer/bases/base.ts'
import { bases } from '../../../packer/bases/table.ts'
import { type Builder, builders, type Environment, type Guest, planGuest } from '../../../packer/builders.ts'
import { planEntrance } from '../../../packer/entrance.ts'
import { packerEnv, planPacker, planScripts } from '../../../packer/packer.ts'
import { CommandFailed, createShell, type Shell } from '../../../packer/shell.ts'
import { repository } from '../../../packer/source.ts'

type Trial = { shell: Shell; dir: string; guest: Guest; variables: Record<string, unknown> }

const vsphere: Environment = {
  ...{ GOVC_URL: 'vcenter.example.com', GOVC_USERNAME: 'baker', GOVC_PASSWORD: 'hunter2-secret' },
  ...{ GOVC_HOST: 'esx1', GOVC_DATASTORE: 'ssd', GOVC_NETWORK: 'VM Network' },
}
const clone: Environment = { ...vsphere, DISPATCH_VSPHERE_TEMPLATE: 'golden' }
const sum = `sha256:${'0'.repeat(64)}`

const trial = async (t: ExecutionContext, base: Base, builder: Builder, env: Environment): Promise<Trial> => {
  const dir = await mkdtemp(join(tmpdir(), 'packer-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const shell = createShell({ logFile: join(dir, 'packer.log'), signal: new AbortController().signal })
  const guest = planGuest(base, builder, env)
  const key = join(dir, 'key')
  await shell.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key])
  const [payload, packages] = [join(dir, 'payload'), join(dir, 'packages.sh')]
  for (const file of [payload, packages]) await writeFile(file, '')
  const publicKey = await readFile(`${key}.pub`, 'utf8')
  const disk = { url: join(dir, 'base.qcow2'), checksum: sum }
  const entrance = await planEntrance({
    shell,
    repository,
    guest,
    dir,
    publicKey,
    archive: { state: '', mirrors: async () => ({ archive: 'http://mirror.test/debian', security: '' }) },
    sshUnit: base.sshUnit,
    disk,
  })
  const variables = {
    ...{ accelerator: 'tcg', payload, sealed: join(dir, 'sealed'), private_key: key },
    ...{ output_directory: join(dir, 'output'), serial_log: join(dir, 'serial.log') },
    ...{ ...planScripts({ repository, guest, packages }), ...entrance },
    // Packer fetches a list of checksums even to validate.
    ...(entrance.medium_checksum?.startsWith('file:') ? { medium_checksum: sum } : {}),
  }
  return { shell, dir, guest, variables }
}

async function validate({ shell, dir, guest, variables }: Trial): Promise<string> {
  const file = join(dir, 'bake.pkrvars.json')
  await writeFile(file, JSON.stringify(variables))
  await shell.run(['mkdir', '-p', join(dir, 'tmp')])
  const command = planPacker('validate', { repository, source: guest.source, variables: file })
  return shell.run(command, { env: packerEnv(dir, guest.settings) })
}

const places: { where: string; builder: Builder; env: Environment }[] = [
  { where: 'QEMU', builder: builders.qemu, env: {} },
  { where: 'VirtualBox', builder: builders.virtualbox, env: {} },
  { where: 'vSphere, by an installer', builder: builders.vsphere, env: vsphere },
  { where: 'vSphere, as a clone', builder: builders.vsphere, env: clone },
]

for (const { where, builder, env } of places) {
  for (const base of Object.values<Base>(bases)) {
    test(`the template is valid with the variables of a bake: ${base.name} in ${where}`, async t => {
      await t.notThrowsAsync(validate(await trial(t, base, builder, env)))
    })
  }
}

test('a variable that is missing is refused by name', async t => {
  const { variables, ...rest } = await trial(t, bases.debian, builders.qemu, {})
  const { sealed: _, ...others } = variables
  await t.throwsAsync(validate({ ...rest, variables: others }), { instanceOf: CommandFailed, message: /sealed/ })
})

test('a checksum that is none is refused', async t => {
  const { variables, ...rest } = await trial(t, bases.photon, builders.qemu, {})
  await t.throwsAsync(validate({ ...rest, variables: { ...variables, medium_checksum: 'sha256:0' } }), {
    instanceOf: CommandFailed,
  })
})

test('no file of a bake holds the password of a platform', async t => {
  const { dir, ...rest } = await trial(t, bases.ubuntu, builders.vsphere, vsphere)
  await validate({ dir, ...rest })
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    t.false((await readFile(join(entry.parentPath, entry.name))).includes('hunter2-secret'), entry.name)
  }
})

test('the plugins that newer releases need are named for each builder, in folders that Packer 1.6 does not read', async t => {
  const templates = join(repository, 'packer/templates')
  const texts = (await readdir(templates)).map(name => readFile(join(templates, name), 'utf8'))
  const template = (await Promise.all(texts)).join('')
  t.notRegex(template, /required_plugins/)
  const sources = [...template.matchAll(/^source "(\w+)/gm)].map(([, name]) => name)
  t.deepEqual([...new Set(sources)].sort(), Object.keys(builders).sort())
  for (const name of Object.keys(builders)) {
    const plugins = await readFile(join(repository, `packer/plugins/${name}/plugins.pkr.hcl`), 'utf8')
    t.deepEqual(
      [...plugins.matchAll(/^ {4}(\w+) = \{$/gm)].map(([, plugin]) => plugin),
      [name],
    )
  }
})

for (const script of ['install', 'prove', 'hand-over']) {
  test(`sh can read ${script}.sh, which runs in the guest`, async t => {
    const { shell, variables } = await trial(t, bases.debian, builders.qemu, {})
    const path = join(repository, `packer/guest/${script}.sh`)
    t.true(Array.isArray(variables.scripts) && variables.scripts.includes(path))
    await t.notThrowsAsync(shell.run(['sh', '-n', path]))
  })
}
