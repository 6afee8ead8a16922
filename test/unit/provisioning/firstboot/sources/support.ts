/** Guest tools that are scripts, and discs that are real images, for tests of where values come from. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type { DiscPlaces } from '../../../../../provisioning/firstboot/sources/discs.ts'
import { createRun, type Run, run } from '../../../../../provisioning/run.ts'

export function createFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sources-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const escapeXml = (text: string): string =>
  text.replace(/[&<"\n]/g, character => ({ '&': '&amp;', '<': '&lt;', '"': '&quot;' })[character] ?? '&#10;')

/** As ESXi writes it. */
export const renderEnvironment = (
  values: Readonly<Record<string, string>>,
): string => `<?xml version="1.0" encoding="UTF-8"?>
<Environment
     xmlns="http://schemas.dmtf.org/ovf/environment/1"
     xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
     xmlns:oe="http://schemas.dmtf.org/ovf/environment/1"
     xmlns:ve="http://www.vmware.com/schema/ovfenv"
     oe:id=""
     ve:esxId="vm-42">
   <PlatformSection>
      <Kind>VMware ESXi</Kind>
   </PlatformSection>
   <PropertySection>
${Object.entries(values)
  .map(([key, value]) => `         <Property oe:key="${key}" oe:value="${escapeXml(value)}"/>\n`)
  .join('')}   </PropertySection>
   <ve:EthernetAdapterSection>
      <ve:Adapter ve:mac="00:50:56:aa:bb:cc" ve:network="VM Network &amp; more" ve:unitNumber="7"/>
   </ve:EthernetAdapterSection>
</Environment>`

export interface GuestTools {
  readonly run: Run
  /** What `info-get` gives now. */
  variable(): string
}

/** `script` of each tool, in which `$1` is the command and `$variable` a file with what is held; undefined: not installed. */
export function stubGuestTools(
  t: ExecutionContext,
  held: string,
  scripts: { vmtoolsd?: string; rpctool?: string },
): GuestTools {
  const folder = createFolder(t)
  const file = join(folder, 'variable')
  writeFileSync(file, held)
  const install = (name: string, shift: string, script?: string): void => {
    if (script === undefined) return
    writeFileSync(join(folder, name), `#!/bin/sh\nvariable='${file}'\n${shift}\n${script}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  install('vmtoolsd', '[ "$1" = --cmd ] && shift', scripts.vmtoolsd)
  install('vmware-rpctool', '', scripts.rpctool)
  return { run: createRun(`${folder}:/usr/bin:/bin`), variable: () => readFileSync(file, 'utf8') }
}

/** A tool that works. */
export const workingTool = `case "$1" in
  'info-get guestinfo.ovfEnv') cat "$variable" ;;
  'info-set guestinfo.ovfEnv '*) printf %s "\${1#info-set guestinfo.ovfEnv }" >"$variable" ;;
esac`

export interface Drives {
  readonly run: Run
  readonly places: DiscPlaces
  /** Each as it was run. */
  readonly commands: string[]
}

interface Disc {
  readonly label: string
  readonly files: Readonly<Record<string, string>>
  /** What genisoimage is told besides. */
  readonly options?: readonly string[]
  /** Of the disk, as the kernel finds them: `vda1`. */
  readonly partitions?: readonly string[]
}

function writeDisc(folder: string, device: string, { label, files, options = ['-J', '-r'] }: Disc): void {
  const tree = mkdtempSync(join(folder, 'tree-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(tree, name), text)
  execFileSync('genisoimage', ['-quiet', '-V', label, ...options, '-o', device, tree], { stdio: 'pipe' })
}

/**
 * Drives and disks by their names, with discs; undefined is an empty one, and `loop0` no hardware. Where the tests run no kernel can mount: `mount` is
 * recorded, and done by unpacking the image.
 */
export function createDrives(t: ExecutionContext, discs: Readonly<Record<string, Disc | undefined>>): Drives {
  const folder = createFolder(t)
  const places = { blockDevices: join(folder, 'block'), devices: join(folder, 'dev'), mounts: join(folder, 'mounts') }
  for (const place of Object.values(places)) mkdirSync(place)
  for (const [name, disc] of Object.entries(discs)) {
    mkdirSync(join(places.blockDevices, name))
    writeFileSync(join(places.blockDevices, name, 'removable'), name.startsWith('sr') ? '1\n' : '0\n')
    for (const entry of [...(name.startsWith('loop') ? [] : ['device']), ...(disc?.partitions ?? [])])
      mkdirSync(join(places.blockDevices, name, entry))
    const device = join(places.devices, name)
    if (disc === undefined) writeFileSync(device, Buffer.alloc(65536))
    else writeDisc(folder, device, disc)
  }
  const commands: string[] = []
  return { places, commands, run: createMounting(commands, folder) }
}

function createMounting(commands: string[], folder: string): Run {
  const done = { exitCode: 0, stdout: '', stderr: '' }
  return async (argv, options) => {
    commands.push(
      argv
        .join(' ')
        .replaceAll(folder, '')
        .replace(/disc-\w+/, 'disc-X'),
    )
    const [program, last = ''] = [argv[0], argv.at(-1)]
    if (program === 'mount') {
      unpack(argv.at(-2) ?? '', last)
      return done
    }
    if (program !== 'umount') return await run(argv, options)
    rmSync(last, { recursive: true })
    mkdirSync(last)
    return done
  }
}

function unpack(image: string, folder: string): void {
  const read = (...args: string[]): Buffer => execFileSync('isoinfo', ['-R', '-i', image, ...args], { stdio: 'pipe' })
  for (const path of read('-f').toString().split('\n').filter(Boolean))
    writeFileSync(join(folder, path), read('-x', path))
}
