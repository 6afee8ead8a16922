/** Authorities that the machine trusts besides those of its distribution. */
import { createHash } from 'node:crypto'
import type { Settings } from '../settings.ts'
import { type Facts, planAbsent, planFile, type Step } from './step.ts'

interface Store {
  folder: string
  /** Names of files that it takes end with it. */
  ending: string
  rebuild: readonly string[]
  /** All authorities in one file. */
  bundle: string
}

const stores: Readonly<Record<Facts['base'], Store>> = {
  debian: {
    folder: '/usr/local/share/ca-certificates',
    ending: '.crt',
    // Fresh, so that those that are gone from the folder are gone from the bundle.
    rebuild: ['update-ca-certificates', '--fresh'],
    bundle: '/etc/ssl/certs/ca-certificates.crt',
  },
  // Photon.
  other: {
    folder: '/etc/ssl/certs',
    ending: '.pem',
    rebuild: ['rehash_ca_certificates.sh'],
    bundle: '/etc/pki/tls/certs/ca-bundle.crt',
  },
}

/** Where the files are that `Facts` names. */
export const authorityFolder = (base: Facts['base']): string => stores[base].folder
export const authorityFilePattern = /^appliance-[0-9a-f]{12}\.(crt|pem)$/

export function planAuthorities({ authorities }: Settings, { base, authorityFiles }: Facts): Step[] {
  const { folder, ending, rebuild } = stores[base]
  const wanted = new Map(authorities.map(pem => [`appliance-${hash(pem)}${ending}`, pem]))
  const why = 'an authority that was given'
  const files = [...wanted].map(([name, pem]) => planFile({ path: `${folder}/${name}`, text: `${pem.trim()}\n`, why }))
  const gone = authorityFiles.filter(name => !wanted.has(name))
  const removals = gone.map(name => planAbsent(`${folder}/${name}`, 'an authority that is not given any more'))
  const when = [`${folder}/`]
  return [...files, ...removals, { kind: 'command', argv: rebuild, when, why: 'programs read all from one file' }]
}

/** Node knows only its own authorities; tools in builds of images get all of the machine's. */
export function environmentOfAuthorities({ authorities }: Settings, { base }: Facts) {
  const { bundle } = stores[base]
  if (authorities.length === 0) return []
  return [['NODE_EXTRA_CA_CERTS', bundle] as const, ['DISPATCH_BUILD_CA_FILE', bundle] as const]
}

const hash = (text: string): string => createHash('sha256').update(text.trim()).digest('hex').slice(0, 12)
