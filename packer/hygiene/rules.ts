/** What a sealed tree must be: each rule with what to do about a path that breaks it. Pure. */
import { dirname, join } from 'node:path/posix'
import { machineId } from '../identity.ts'
import { absentPaths } from './absent.ts'
import { type Breach, findPasswords, findPeople, findStrangers } from './accounts.ts'
import { leadsSomewhere } from './links.ts'
import { specialBitsRule } from './privileged.ts'
import type { Entry, Tree } from './tree.ts'

export type Rule = {
  readonly name: string
  readonly mend: string
  readonly find: (tree: Tree) => readonly Breach[]
  /** Not held against layers of images. */
  readonly isOfSystemAlone?: boolean
}

export const specialBits = 0o6000
const sticky = 0o1000
const writableByAll = 0o002

function each(breaks: (entry: Entry, path: string, tree: Tree) => boolean): Rule['find'] {
  return tree => [...tree.entries].flatMap(([path, entry]) => (breaks(entry, path, tree) ? [{ path }] : []))
}

export const hasSpecialBits = ({ type, mode }: Entry): boolean => type === 'file' && (mode & specialBits) !== 0

export const isBrokenLink = ({ target = '' }: Entry, path: string, tree: Tree): boolean =>
  target !== '' && !leadsSomewhere(tree, target.startsWith('/') ? target : join(dirname(path), target))

const isOpenToAll = ({ type, mode }: Entry): boolean =>
  (mode & writableByAll) !== 0 && (type === 'file' || (type === 'directory' && (mode & sticky) === 0))

/** Whoever writes to it replaces whatever is in it. */
function findOtherRoot({ entries }: Tree): Breach[] {
  const { type, mode, uid, gid } = entries.get('/') ?? { type: 'none', mode: 0, uid: 0, gid: 0 }
  if (type === 'directory' && mode === 0o755 && uid === 0 && gid === 0) return []
  return [{ path: '/', detail: `${type} ${mode.toString(8)} ${uid}:${gid}` }]
}

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{16}/

const remove = 'name it in removedPaths of packer/identity.ts'
const ofPackage = 'remove the package or its file (removedPaths of the base in packer/bases)'

export const rules: readonly Rule[] = [
  ...absentPaths.map(({ pattern, isFolderAllowed, ...rule }) => ({
    ...{ ...rule, mend: remove },
    find: each(({ type }, path) => pattern.test(path) && !(isFolderAllowed && type === 'directory')),
  })),
  {
    name: 'no private key in a file of settings',
    mend: `it is made at the first boot; ${remove}`,
    find: each(({ text = '' }) => privateKey.test(text)),
  },
  {
    name: 'the machine id is not made yet',
    mend: `sealing writes "${machineId.trim()}" into it: see packer/steps/seal.ts`,
    find: ({ entries }) => (entries.get('/etc/machine-id')?.text === machineId ? [] : [{ path: '/etc/machine-id' }]),
    isOfSystemAlone: true,
  },
  { name: 'no password', mend: "lock the account (`usermod --password '!*'`) where it is made", find: findPasswords },
  { name: 'no account of a person', mend: 'delete it in the guest (packer/guest-packages.ts)', find: findPeople },
  {
    name: 'no owner without a name',
    mend: 'make the user by sysusers.d, or chown the path to root',
    find: findStrangers,
  },
  {
    name: specialBitsRule,
    mend: 'take the bit away, or name it in packer/hygiene/privileged.ts with a reason',
    find: each(hasSpecialBits),
  },
  {
    name: 'no rights by file capabilities',
    mend: 'take them away (`setcap -r`), or name it in packer/hygiene/exceptions.ts with a reason',
    find: ({ entries }) =>
      [...entries].flatMap(([path, { capabilities }]) =>
        capabilities === undefined ? [] : [{ path, detail: capabilities }],
      ),
  },
  {
    name: "the root folder is root's, and nobody else writes to it",
    mend: 'set owner and mode of / in the guest to root and 0755',
    find: findOtherRoot,
    isOfSystemAlone: true,
  },
  {
    name: 'nothing that everybody can write',
    mend: 'set its mode where it is made; a folder for all takes the sticky bit',
    find: each(isOpenToAll),
  },
  {
    name: 'no broken link',
    mend: `${ofPackage}, or name it in packer/hygiene/exceptions.ts with a reason`,
    find: each(isBrokenLink),
  },
  {
    name: 'no device outside of /dev',
    mend: ofPackage,
    find: each(({ type }) => type === 'device'),
    isOfSystemAlone: true,
  },
]
