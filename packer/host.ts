/** What the machine that bakes brings: tools with their versions, KVM or not, room; and what to do when it does not fit. */
import { access, constants, statfs } from 'node:fs/promises'
import type { Command, Shell } from './shell.ts'
import type { Accelerator } from './vm.ts'

export type Host = {
  readonly accelerator: Accelerator
  /** Why there is no KVM; absent where there is. */
  readonly withoutKvm?: string
  /** Tool to the first line of what it says about its version. */
  readonly tools: Readonly<Record<string, string>>
}

/** The machine lacks something that only its owner can bring; ends the program with exit code 2. */
export class HostUnfit extends Error {
  override readonly name = 'HostUnfit'
}

const versionCommands: Readonly<Record<string, Command>> = {
  packer: ['packer', 'version'],
  mmdebstrap: ['mmdebstrap', '--version'],
  qemu: ['qemu-system-x86_64', '--version'],
  'qemu-img': ['qemu-img', '--version'],
  e2fsprogs: ['dpkg-query', '--show', '--showformat=$' + '{Version}', 'e2fsprogs'],
  grub: ['grub-mkimage', '--version'],
  mtools: ['mformat', '--version'],
  sgdisk: ['sgdisk', '--version'],
  tar: ['tar', '--version'],
  strip: ['strip', '--version'],
  genisoimage: ['genisoimage', '--version'],
}

const advice: Readonly<Record<string, string>> = {
  packer:
    'Packer is not on the PATH. Debian 12 has it as a package (`apt-get install packer`); elsewhere install any ' +
    'version from 1.6.6 on as its makers describe and put it on the PATH, then run `npm run ova` again.',
  VBoxManage:
    'VBoxManage is not on the PATH. Install VirtualBox (https://www.virtualbox.org/wiki/Linux_Downloads), or take another ' +
    'builder, then run `npm run ova` again.',
}

/** A bake writes a tree, a disk and archives of both, for two bakes in the cache. */
export const neededBytes = 12 * 1024 ** 3

export type HostOptions = {
  readonly shell: Shell
  readonly repository: string
  /** The builder of the bake: its folder of plugins, and the tools that it alone takes. */
  readonly builder: { readonly name: string; readonly tools: Readonly<Record<string, Command>> }
}

/** Comes before anything is written: what an earlier bake of root's has left is not others' to write to. */
export function checkUser(uid: number | undefined): void {
  if (uid === 0) return
  throw new HostUnfit(
    'A bake makes a tree with the owners and devices of a system, which only root can: run it as root.',
  )
}

/** Looks at the machine before anything is made; where Packer keeps its builders apart, installs the template's. */
export async function loadHost({ shell, repository, builder }: HostOptions): Promise<Host> {
  const tools: Record<string, string> = {}
  for (const [tool, command] of Object.entries({ ...versionCommands, ...builder.tools })) {
    const output = await shell.run(command).catch(() => undefined)
    if (output === undefined) throw new HostUnfit(advice[tool] ?? `${tool} is missing: run \`npm run setup\` as root.`)
    tools[tool] = output.trim().split('\n')[0] ?? ''
  }
  await installPlugins(tools.packer ?? '', { shell, repository, builder })
  const withoutKvm = await findKvmFault(shell)
  return withoutKvm ? { accelerator: 'tcg', withoutKvm, tools } : { accelerator: 'kvm', tools }
}

/** From 1.7 on builders are plugins, which `packer init` fetches once; what is installed it leaves as it is, offline too. */
async function installPlugins(version: string, { shell, repository, builder }: HostOptions): Promise<void> {
  const [, major = 0, minor = 0] = (/v(\d+)\.(\d+)/.exec(version) ?? []).map(Number)
  if (major * 1000 + minor < 1007) return
  const folder = `packer/plugins/${builder.name}`
  const options = { cwd: repository, env: { CHECKPOINT_DISABLE: '1' } }
  await shell.run(['packer', 'init', folder], options).catch(error => {
    const why = error instanceof Error ? error.message : String(error)
    throw new HostUnfit(
      `${version} has no plugin for the builder and could not fetch it. Run \`packer init ${folder}\` in ${repository} where the plugin's address can be reached, then \`npm run ova\` again.\n${why}`,
    )
  })
}

/** A device node is no promise: only a virtual machine that starts is. */
export async function findKvmFault(shell: Shell): Promise<string | undefined> {
  const usable = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!usable) return '/dev/kvm is absent or not ours to use'
  const probe = ['qemu-system-x86_64', '-accel', 'kvm', '-machine', 'q35', '-cpu', 'max', '-S', '-display', 'none']
  return shell.run([...probe, '-monitor', 'stdio'], { input: 'quit\n' }).then(
    () => undefined,
    () => '/dev/kvm is there, but QEMU cannot start a machine on it',
  )
}

export async function checkRoom(dir: string, wantedBytes = neededBytes): Promise<void> {
  const { bavail, bsize } = await statfs(dir)
  const freeBytes = bavail * bsize
  if (freeBytes >= wantedBytes) return
  const [free, wanted] = [freeBytes, wantedBytes].map(bytes => `${(bytes / 1024 ** 3).toFixed(1)} GiB`)
  throw new HostUnfit(
    `A bake needs ${wanted} of disk space and ${dir} has ${free}. Free some, or remove build/cache to begin anew.`,
  )
}
