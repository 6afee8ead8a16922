/** `packer/lock.json`: which version of each Debian package the appliance and its runtime images are made of. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ListedPackage } from './listed-package.ts'

export type LockedPackage = { readonly version: string; readonly sha256: string }

export type Lock = { readonly suite: string; readonly packages: Readonly<Record<string, LockedPackage>> }

/** A difference between the lock and what was installed; `locked` or `installed` is absent for a package of one side. */
export type Drift = { readonly name: string; readonly locked?: string; readonly installed?: string }

export const lockFile = 'packer/lock.json'

export async function loadLock(repository: string): Promise<Lock> {
  return parseLockFile(await readFile(join(repository, lockFile), 'utf8'))
}

/** Throws with what to do when the text is no lock. */
export function parseLockFile(text: string): Lock {
  const value: unknown = JSON.parse(text)
  if (
    typeof value === 'object' &&
    value &&
    'suite' in value &&
    'packages' in value &&
    typeof value.packages === 'object'
  ) {
    const packages = Object.entries(value.packages ?? {}).map(([name, entry]) => [name, parseLocked(name, entry)])
    return { suite: String(value.suite), packages: Object.fromEntries(packages) }
  }
  throw new Error(`${lockFile} names no suite and packages; write it anew by \`npm run ova:update\``)
}

function parseLocked(name: string, entry: unknown): LockedPackage {
  const [, version, sha256] = /^(\S+) sha256:([0-9a-f]{64})$/.exec(String(entry)) ?? []
  if (version && sha256) return { version, sha256 }
  throw new Error(`${lockFile}: ${name} has no "VERSION sha256:HASH"; write it anew by \`npm run ova:update\``)
}

/** A line a package, so that a change of it is read as one. */
export function renderLockFile({ suite, packages }: Lock): string {
  const names = Object.keys(packages).sort()
  const lines = names.map(name => [name, `${packages[name]?.version} sha256:${packages[name]?.sha256}`])
  return `${JSON.stringify({ suite, packages: Object.fromEntries(lines) }, undefined, 2)}\n`
}

export function planLock(suite: string, installed: readonly ListedPackage[]): Lock {
  const entries = installed.flatMap(({ name, version, sha256 }) => (sha256 ? [[name, { version, sha256 }]] : []))
  return { suite, packages: Object.fromEntries(entries) }
}

/** apt's preferences: above 1000, so that the locked version is taken even where a newer one is offered (apt_preferences(5)). */
export function renderPins({ packages }: Lock): string {
  const pins = Object.entries(packages).map(
    ([name, { version }]) => `Package: ${name}\nPin: version ${version}\nPin-Priority: 1001\n`,
  )
  return pins.join('\n')
}

export function findDrift({ packages }: Lock, installed: readonly ListedPackage[]): Drift[] {
  const found = new Map(installed.map(({ name, version }) => [name, version]))
  const names = [...new Set([...Object.keys(packages), ...found.keys()])].sort()
  return names.flatMap(name => {
    const [locked, actual] = [packages[name]?.version, found.get(name)]
    if (locked === actual) return []
    return [{ name, ...(locked ? { locked } : {}), ...(actual ? { installed: actual } : {}) }]
  })
}

export function renderDrift(drift: readonly Drift[]): string[] {
  if (drift.length === 0) return []
  const lines = drift.map(
    ({ name, locked, installed }) => `  ${name}: ${locked ?? 'not locked'} -> ${installed ?? 'gone'}`,
  )
  return [`${drift.length} Debian packages differ from ${lockFile} (npm run ova:update takes them in):`, ...lines]
}

/** For `--locked`: a package that the lock does not name was taken as new as it is, which is not what was asked for. */
export function refuseDrift(drift: readonly Drift[]): void {
  if (drift.length > 0) throw new Error(`${renderDrift(drift).join('\n')}\nWith --locked nothing is published of this.`)
}
