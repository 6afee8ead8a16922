/** Packer starts a guest and provisions the appliance inside it; what leaves the guest is a tar of its root. */
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Base, Medium } from '../bases/base.ts'
import type { Guest } from '../builders.ts'
import type { DebianArchive } from '../debian-archive.ts'
import { planEntrance } from '../entrance.ts'
import { planGuestPackages } from '../guest-packages.ts'
import { hashText, hashTree } from '../hash.ts'
import { packerEnv, parseTarBytes, planPacker, planScripts } from '../packer.ts'
import type { Done, Step, Workbench } from '../step.ts'
import type { Accelerator } from '../vm.ts'
import { baseDisk } from './base-disk.ts'
import { payload } from './payload.ts'
import { programPaths, programs } from './programs.ts'

export const bake = { name: 'bake', tar: 'guest.tar' }

export type BakeOptions = {
  readonly repository: string
  readonly base: Base
  readonly guest: Guest
  readonly archive: DebianArchive
  readonly accelerator: Accelerator
  readonly tools: Readonly<Record<string, string>>
  /** The guest's serial log, kept for a failed bake. */
  readonly serialLog: string
}

/** Room for the guest's tar; a hole until it is written. */
const sealedBytes = 4 * 1024 ** 3

const sources = [
  'answers',
  'guest',
  'templates',
  'steps/bake.ts',
  'credentials.ts',
  'entrance.ts',
  'packer.ts',
  'seeds.ts',
]

export function createBakeStep(options: BakeOptions): Step {
  const { repository, base, guest, tools } = options
  return {
    name: bake.name,
    inputs: async done => ({
      ...nameOrigin(guest, done),
      payload: done.hash(payload.name, payload.tar),
      // Not their content: seal puts in place what they are by then, and the guest keeps nothing of its try with them.
      programs: hashText(programPaths.join('\n')),
      builder: guest.source,
      packages: hashText(planGuestPackages(base)),
      step: await hashTree(join(repository, 'packer'), sources),
      packer: tools.packer ?? 'unknown',
      qemu: tools.qemu ?? 'unknown',
    }),
    outputs: [bake.tar],
    run: bench => runPacker(options, bench),
  }
}

/** What the guest starts from. A template of a platform is known to the platform alone. */
function nameOrigin(guest: Guest, done: Done): Record<string, string> {
  if (guest.origin === 'tree') return { disk: done.hash(baseDisk.name, baseDisk.diskImage) }
  if (guest.origin === 'template') return { template: guest.settings.vsphere_template ?? '' }
  return { medium: `${guest.medium.url} ${guest.medium.checksum}` }
}

function nameDisk(done: Done): Medium {
  const { name, diskImage } = baseDisk
  return { url: done.file(name, diskImage), checksum: `sha256:${done.hash(name, diskImage)}` }
}

async function runPacker(options: BakeOptions, { dir, shell, done }: Workbench): Promise<void> {
  const { repository, base, guest, archive, accelerator, serialLog } = options
  const key = join(dir, 'key')
  await mkdir(join(dir, 'tmp'))
  await shell.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'bake', '-f', key])
  const publicKey = await readFile(`${key}.pub`, 'utf8')
  await writeFile(join(dir, bake.tar), '')
  await truncate(join(dir, bake.tar), guest.hasDisks ? sealedBytes : 0)
  // A disk's size is a multiple of its sectors; tar ends at its own end mark.
  const payloadDisk = join(dir, 'payload.img')
  await shell.run(['cp', '--sparse=always', done.file(payload.name, payload.tar), payloadDisk])
  await shell.run(['tar', '--concatenate', `--file=${payloadDisk}`, done.file(programs.name, programs.tar)])
  await shell.run(['truncate', '--size=%1M', payloadDisk])
  const packages = join(dir, 'packages.sh')
  await writeFile(packages, planGuestPackages(base))
  const entrance = await planEntrance({
    ...{ shell, repository, guest, dir, publicKey, sshUnit: base.sshUnit, archive },
    ...(guest.origin === 'tree' ? { disk: nameDisk(done) } : {}),
  })
  const variables = {
    ...{ accelerator, payload: payloadDisk, sealed: join(dir, bake.tar), private_key: key, serial_log: serialLog },
    ...{ output_directory: join(dir, 'output'), ...planScripts({ repository, guest, packages }), ...entrance },
  }
  await writeFile(join(dir, 'bake.pkrvars.json'), JSON.stringify(variables))
  const command = planPacker('build', { repository, source: guest.source, variables: join(dir, 'bake.pkrvars.json') })
  const output = await shell.run(command, { env: packerEnv(dir, guest.settings) })
  await truncate(join(dir, bake.tar), parseTarBytes(output))
}
