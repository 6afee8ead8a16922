/** How Packer is let into a guest that nobody has logged in to yet: the variables that start it with the bake's key. */
import { join } from 'node:path'
import type { Guest } from './builders.ts'
import { createBakeCredentials, renderSmbios } from './credentials.ts'
import type { DebianArchive } from './debian-archive.ts'
import { writeSeeds } from './seeds.ts'
import type { Shell } from './shell.ts'

export type EntranceOptions = {
  readonly shell: Shell
  readonly repository: string
  readonly guest: Guest
  /** A folder for answers. */
  readonly dir: string
  /** The unit of the base that listens for SSH. */
  readonly sshUnit: string
  readonly publicKey: string
  /** The mirror that Debian's installer is told. */
  readonly archive: DebianArchive
  /** Our own base disk and its checksum, where the guest starts from that. */
  readonly disk?: { readonly url: string; readonly checksum: string }
}

/** Variables of Packer's template. */
export type Entrance = {
  readonly medium?: string
  readonly medium_checksum?: string
  readonly qemu_devices?: readonly (readonly string[])[]
  readonly boot_command?: readonly string[]
  readonly seeds?: string
  readonly guest_type?: string
}

/** Our own disk reads a credential of the firmware; cloud-init and installers read answers. */
export async function planEntrance(options: EntranceOptions): Promise<Entrance> {
  const { shell, repository, guest, dir, publicKey, sshUnit, archive, disk } = options
  if (guest.origin === 'tree') {
    const credentials = Object.entries(createBakeCredentials(publicKey, sshUnit)).map(renderSmbios)
    return { ...planMedium(disk), qemu_devices: credentials.map(credential => ['-smbios', credential]) }
  }
  const seeds = join(dir, 'seeds')
  const answers = guest.origin === 'iso' ? guest.medium.answers : 'cloud'
  const answersDir = join(repository, 'packer/answers', answers)
  const values = { 'public-key': async () => publicKey.trim(), ...planMirror(archive) }
  const disc = await writeSeeds({ shell, answersDir, seedsDir: seeds, values })
  if (guest.origin === 'template') return { seeds }
  if (guest.origin === 'image') return { ...planMedium(guest.medium), seeds, qemu_devices: planDisc(disc) }
  const { bootCommand } = guest.medium
  const variables = { ...planMedium(guest.medium), seeds, boot_command: bootCommand }
  return guest.guestType ? { ...variables, guest_type: guest.guestType } : variables
}

export function planMirror({ mirrors }: Pick<DebianArchive, 'mirrors'>) {
  const address = async () => new URL((await mirrors()).archive)
  return {
    'mirror-protocol': async () => (await address()).protocol.replace(':', ''),
    'mirror-host': async () => (await address()).host,
    'mirror-folder': async () => (await address()).pathname,
  }
}

function planMedium(medium: EntranceOptions['disk']): Entrance {
  return medium ? { medium: medium.url, medium_checksum: medium.checksum } : {}
}

function planDisc(disc: string): string[][] {
  const file = `node-name=seeds,driver=raw,read-only=on,file.driver=file,file.filename=${disc}`
  return [
    ['-blockdev', file],
    ['-device', 'ide-cd,drive=seeds'],
  ]
}
