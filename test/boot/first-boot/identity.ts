/** Machines of one .ova, compared: what makes each of them another one must differ from every other. */
import type { Identity } from './appliance.ts'

type Machines = Readonly<Record<string, Identity>>

/** By path, which machines have it; of two they can be compared. */
export function findOwners(machines: Machines): ReadonlyMap<string, readonly string[]> {
  const pairs = Object.entries(machines).flatMap(([name, identity]) =>
    Object.keys(identity).map(path => ({ path, name })),
  )
  const byPath = Map.groupBy(pairs, ({ path }) => path)
  return new Map([...byPath].map(([path, found]) => [path, found.map(({ name }) => name)]))
}

/** In words; nothing where no two have anything in common. */
export function findShared(machines: Machines): string[] {
  return [...findOwners(machines)].flatMap(([path, owners]) =>
    [...Map.groupBy(owners, name => machines[name]?.[path]).values()]
      .filter(({ length }) => length > 1)
      .map(names => `${path} is the same in ${names.join(' and ')}`),
  )
}
