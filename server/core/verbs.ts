/** What clients do to the resources of a kind: create, get, replace, remove; the same rules for all kinds. */
import { amend } from './amend.ts'
import { type Clock, type Ids, secondsOf } from './clock.ts'
import { checkSameName, createEntity, type Entity, type Kind, normalizeTags } from './entity.ts'
import { dispatchError } from './errors.ts'
import { kindLabels } from './kind-labels.ts'
import type { AwaitRemoval } from './removal.ts'
import { hasTags } from './tags.ts'

export interface NamedBody {
  name: string
  tags?: { key?: string; value?: string }[]
}

/** What the store has of the kind. */
interface Entities<T extends Entity> {
  get(org: string, name: string): Promise<T | undefined>
  /** Also what cannot be opened. */
  peek(org: string, name: string): Promise<T | undefined>
  list(org: string): Promise<T[]>
  create(entity: T): Promise<T>
  update(entity: T): Promise<T>
  remove(org: string, name: string): Promise<boolean>
}

/** What a body asks for, once all that it refers to was looked up. */
export interface Draft<T extends Entity> {
  /** Adds what is the kind's own to what all kinds have; `held` is the present entity when one is replaced. */
  complete(common: Entity, held: T | undefined): T
  /** Does what must be done before the entity is written, and undoes it when that fails. */
  around?(write: () => Promise<T>): Promise<T>
}

export interface KindRules<T extends Entity, Body extends NamedBody> {
  kind: Kind
  entities: Entities<T>
  /** READY: there is nothing to reconcile, so that it is usable at once, and removed at once. */
  firstStatus: 'INITIALIZED' | 'CREATING' | 'READY'
  /** Throws when the body asks for what cannot be. */
  draft(org: string, body: Body): Draft<T> | Promise<Draft<T>>
  /** Throws when this is not the moment to replace or to remove it. */
  check?(held: T, verb: 'replace' | 'remove'): void
  /** What is there without having been made, until one of its name is made; in lists only when it is asked for. */
  builtIn?(org: string): T[]
  /** Once, after the removal was stored. */
  onRemoved?(entity: T): Promise<void>
}

export interface KindContext {
  awaitRemoval: AwaitRemoval
  clock: Clock
  ids: Ids
}

/** The resource that a request is about; one that does not carry all of the tags, `key=value` or `key`, is not there for it. */
export interface Place {
  org: string
  name: string
  tags: string[]
}

export interface Verbs<T, Body> {
  list(org: string, withBuiltIn?: boolean): Promise<T[]>
  create(org: string, body: Body): Promise<T>
  get(place: Place): Promise<T>
  replace(place: Place, body: Body): Promise<T>
  remove(place: Place): Promise<T>
}

export function createVerbs<T extends Entity, Body extends NamedBody>(
  rules: KindRules<T, Body>,
  { awaitRemoval, clock, ids }: KindContext,
): Verbs<T, Body> {
  const { kind, entities } = rules
  const isImmediate = rules.firstStatus === 'READY'
  const notFound = (name: string) => dispatchError('NOT_FOUND', { kind: kindLabels[kind], name })
  const nowSeconds = (): number => secondsOf(clock.nowNs())
  const write = (draft: Draft<T>, work: () => Promise<T>): Promise<T> => (draft.around ? draft.around(work) : work())

  const builtInOf = (org: string): T[] => rules.builtIn?.(org) ?? []
  const findBuiltIn = (org: string, wanted: string): T | undefined => builtInOf(org).find(({ name }) => name === wanted)

  const meant = ({ name, tags }: Place, found: T | undefined): T => {
    if (!found || !hasTags(found, tags)) throw notFound(name)
    return found
  }

  /** What is being removed is out of sight already. */
  const present = (place: Place, found: T | undefined): T => {
    if (found?.status === 'DELETING') throw notFound(place.name)
    return meant(place, found)
  }

  const made = (place: Place, found: T | undefined): T => {
    const { org, name } = place
    if (!found && findBuiltIn(org, name)) throw dispatchError('BUILT_IN', { kind: kindLabels[kind], name })
    return present(place, found)
  }

  const removeNow = async (place: Place): Promise<T> => {
    const { org, name } = place
    const held = made(place, await entities.peek(org, name))
    if (!(await entities.remove(org, name))) throw notFound(name)
    return held
  }

  /** May be repeated while what is removed is being cleared away. */
  const removeLater = async (place: Place): Promise<T> => {
    let isRepeated = false
    const removed = await amend({ get: entities.peek, update: entities.update }, place, found => {
      const held = meant(place, found)
      rules.check?.(held, 'remove')
      isRepeated = held.status === 'DELETING'
      return isRepeated ? held : { ...held, status: 'DELETING', modifiedTimeSeconds: nowSeconds() }
    })
    if (!isRepeated) await rules.onRemoved?.(removed)
    return removed
  }

  return {
    create: async (org, body) => {
      const { name } = body
      const draft = await rules.draft(org, body)
      await awaitRemoval({ get: entities.peek }, { kind, org, name })
      if (await entities.peek(org, name)) throw dispatchError('ALREADY_EXISTS', { kind: kindLabels[kind], name })
      const common = { ...createEntity(org, body, { ...clock, ...ids }), status: rules.firstStatus }
      return write(draft, () => entities.create(draft.complete(common, undefined)))
    },

    list: async (org, withBuiltIn = false) => {
      const stored = (await entities.list(org)).filter(({ status }) => status !== 'DELETING')
      if (!withBuiltIn) return stored
      const builtIn = builtInOf(org).filter(({ name }) => !stored.some(entity => entity.name === name))
      return [...stored, ...builtIn].sort((a, b) => (a.name < b.name ? -1 : 1))
    },

    get: async place => {
      const { org, name } = place
      return present(place, (await entities.get(org, name)) ?? findBuiltIn(org, name))
    },

    replace: async (place, body) => {
      const { org, name } = place
      const draft = await rules.draft(org, body)
      const check = (found: T | undefined): T => {
        const held = made(place, found)
        checkSameName(name, body.name)
        rules.check?.(held, 'replace')
        return held
      }
      const change = (found: T | undefined): T => {
        const held = check(found)
        const status = isImmediate ? held.status : 'UPDATING'
        const changed = { status, reason: null, tags: normalizeTags(body.tags), modifiedTimeSeconds: nowSeconds() }
        return draft.complete({ ...held, ...changed }, held)
      }
      check(await entities.get(org, name))
      return write(draft, () => amend(entities, place, change))
    },

    remove: isImmediate ? removeNow : removeLater,
  }
}
