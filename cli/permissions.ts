/** Owns what policies and scopes call the kinds of objects: a server takes any word there, also one that allows nothing. */
import { nearestOf } from './parser/edit-distance.ts'
import type { Session } from './session.ts'

/** As in docs/reference/permissions.md. */
export const permissionResources = [
  ...['api', 'archive', 'audit', 'baseimage', 'event', 'function', 'iam', 'image', 'runs', 'secret', 'usage'],
] as const

/** A newer server may know others: it is no error. */
export function noteUnknownResources(session: Session, named: readonly string[]): void {
  for (const word of named) {
    if (word === '*' || permissionResources.some(known => known === word)) continue
    const start = word.replaceAll('*', '')
    const near = permissionResources.find(known => known.startsWith(start)) ?? nearestOf(start, permissionResources)
    const advice = near === undefined ? `known are ${permissionResources.join(', ')} and *` : `did you mean ${near}?`
    session.note(`Note: ${JSON.stringify(word)} is no kind of objects, and allows nothing; ${advice}`)
  }
}
