/** Rules about who may log in: users, passwords, and owners of files that are nobody's. Pure. */
import { find, type Tree } from './tree.ts'

/** What breaks a rule: the path, and what of it where that does not say enough. */
export type Breach = { readonly path: string; readonly detail?: string }

const rowsOf = (tree: Tree, path: string): string[][] => {
  const text = find(tree, path)?.text ?? ''
  return text.split('\n').flatMap(line => (line === '' ? [] : [line.split(':')]))
}

/** A lock and nothing behind it: `!` before a hash keeps the hash for whoever unlocks the account. */
const isLocked = (hash: string): boolean => /^[!*]+$/.test(hash)

/** Nothing at all is an open door. In gshadow it is none: a group without password takes members alone. */
const isFineIn: Readonly<Record<string, (hash: string) => boolean>> = {
  '/etc/shadow': isLocked,
  '/etc/gshadow': hash => hash === '' || isLocked(hash),
  '/etc/passwd': hash => hash === 'x' || isLocked(hash),
}

export function findPasswords(tree: Tree): Breach[] {
  return Object.entries(isFineIn).flatMap(([path, isFine]) => {
    const entry = tree.entries.get(path)
    if (!entry) return []
    if (entry.text === undefined) return [{ path, detail: 'not a small file' }]
    return rowsOf(tree, path).flatMap(([name = '', hash = '']) => (isFine(hash) ? [] : [{ path, detail: name }]))
  })
}

const firstPersonUid = 1000
/** `nobody`, and the user that apt and NFS mean by it. */
const nobodyUid = 65_534

/** Who bakes has an account in the guest; the appliance's own are of the system. */
export function findPeople(tree: Tree): Breach[] {
  const path = '/etc/passwd'
  if (!tree.entries.has(path)) return []
  return rowsOf(tree, path).flatMap(([name = '', , id = '']) => {
    const uid = Number(id)
    const isPerson = uid >= firstPersonUid && uid !== nobodyUid
    return isPerson || (uid === 0 && name !== 'root') ? [{ path, detail: name }] : []
  })
}

export function findStrangers(tree: Tree): Breach[] {
  const ids = (path: string) => new Set(rowsOf(tree, path).map(([, , id]) => Number(id)))
  const [users, groups] = [ids('/etc/passwd'), ids('/etc/group')]
  return [...tree.entries].flatMap(([path, { uid, gid }]) =>
    users.has(uid) && groups.has(gid) ? [] : [{ path, detail: `${uid}:${gid}` }],
  )
}
