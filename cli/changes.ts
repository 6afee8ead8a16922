/** Owns how two listings of objects differ. Pure. */
import { type JsonObject, renderJson, sortKeys, textOf } from './format/json.ts'

export type ObjectChange = 'present' | 'added' | 'changed' | 'deleted'

export interface Seen {
  readonly change: ObjectChange
  readonly object: JsonObject
}

export type Listing = ReadonlyMap<string, JsonObject>

export const listingOf = (objects: readonly JsonObject[]): Listing =>
  new Map(objects.map(object => [textOf(object.name), object]))

const textFor = (object: JsonObject): string => renderJson(sortKeys(object))

/** Without a listing from before everything is just there. Deletions come last. */
export function findChanges(before: Listing | undefined, after: Listing): Seen[] {
  if (before === undefined) return [...after.values()].map(object => ({ change: 'present', object }))
  const news = [...after].flatMap(([name, object]): Seen[] => {
    const known = before.get(name)
    if (known === undefined) return [{ change: 'added', object }]
    return textFor(known) === textFor(object) ? [] : [{ change: 'changed', object }]
  })
  const deleted = [...before]
    .filter(([name]) => !after.has(name))
    .map(([, object]): Seen => ({ change: 'deleted', object }))
  return [...news, ...deleted]
}
