/** How Packer is called: command, environment, the scripts that it runs in the guest, and what it answers. */
import { join } from 'node:path'
import type { Guest } from './builders.ts'
import type { Command } from './shell.ts'

type PackerCall = {
  readonly repository: string
  /** The one of the template's sources that is taken. */
  readonly source: string
  /** A file of the template's variables. */
  readonly variables: string
}

export function planPacker(verb: 'build' | 'validate', { repository, source, variables }: PackerCall): Command {
  const flags = verb === 'build' ? ['-color=false'] : []
  return ['packer', verb, ...flags, `-only=${source}`, `-var-file=${variables}`, join(repository, 'packer/templates')]
}

/** Packer asks nobody for news of itself, and keeps its cache and temporary files in the step's folder. */
export function packerEnv(dir: string, settings: Guest['settings'] = {}): Record<string, string> {
  const variables = Object.entries(settings).map(([name, value]) => [`PKR_VAR_${name}`, value])
  return {
    ...{ CHECKPOINT_DISABLE: '1', PACKER_CACHE_DIR: join(dir, 'tmp'), PACKER_LOG: '', TMPDIR: join(dir, 'tmp') },
    ...Object.fromEntries(variables),
  }
}

type Scripts = {
  readonly repository: string
  readonly guest: Guest
  /** Path of the script that installs the base's packages. */
  readonly packages: string
}

/** Our own disk has its packages already; every other guest installs them first. */
export function planScripts({ repository, guest, packages }: Scripts): { scripts: string[]; environment: string[] } {
  const ours = ['install', 'prove', 'hand-over'].map(name => join(repository, `packer/guest/${name}.sh`))
  const places = guest.hasDisks
    ? { PAYLOAD: '/dev/disk/by-id/virtio-payload', SEALED: '/dev/disk/by-id/virtio-sealed' }
    : { PAYLOAD: '/var/tmp/payload.tar', SEALED: '/var/tmp/sealed.tar' }
  return {
    scripts: guest.origin === 'tree' ? ours : [packages, ...ours],
    environment: Object.entries(places).map(([name, place]) => `${name}=${place}`),
  }
}

/** The last line of tar's own `--totals`; the disk that it wrote to is longer. */
export function parseTarBytes(output: string): number {
  const bytes = Number([...output.matchAll(/Total bytes written: (\d+)/g)].at(-1)?.[1])
  if (!Number.isInteger(bytes)) throw new Error('The guest did not say how many bytes of its root it wrote')
  return bytes
}
