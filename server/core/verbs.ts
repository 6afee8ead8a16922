/** What clients do to the resources of a kind: create, get, replace, remove; the same rules for all kinds. */
import { amend } from './amend.ts'
import { type Clock, type Ids, secondsOf } from './clock.ts'
import { checkSameName, createEntity, type Entity, type Kind, normalizeTags } from './entity.ts'
import { dispatchError } from './errors.ts'
import { kindLabels } from './kind-labels.ts'
import type { AwaitRemoval } from './removal.ts'

export interface NamedBody {
  name: string
  tags?: { key?: string; value?: string }[]
}

/** What the store has of the kind. */
interface Entities<T extends Entity> {
  get(org: string, name: string): Promise<T | undefined>
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
  /** What is there without having been made: shown with the rest, until one of its name is made. */
  builtIn?(org: string): T[]
  /** Once, after the removal was stored. */
  onRemoved?(entity: T): Promise<void>
}

export interface KindContext {
  awaitRemoval: AwaitRemoval
  clock: Clock
  ids: Ids
}

export interface Verbs<T, Body> {
  list(org: string): Promise<T[]>
  create(org: string, body: Body): Promise<T>
  get(org: string, name: string): Promise<T>
  replace(org: string, name: string, body: Body): Promise<T>
  remove(org: string, name: string): Promise<T>
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

  /** What is being removed is out of sight already. */
  const present = (name: string, found: T | undefined): T => {
    if (!found || found.status === 'DELETING') throw notFound(name)
    return found
  }

  const made = (org: string, name: string, found: T | undefined): T => {
    if (!found && findBuiltIn(org, name)) throw dispatchError('BUILT_IN', { kind: kindLabels[kind], name })
    return present(name, found)
  }

  const removeNow = async (org: string, name: string): Promise<T> => {
    const held = made(org, name, await entities.get(org, name))
    if (!(await entities.remove(org, name))) throw notFound(name)
    return held
  }

  /** May be repeated while what is removed is being cleared away. */
  const removeLater = async (org: string, name: string): Promise<T> => {
    let isRepeated = false
    const removed = await amend(entities, { org, name }, held => {
      if (!held) throw notFound(name)
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
      await awaitRemoval(entities, { kind, org, name })
      if (await entities.get(org, name)) throw dispatchError('ALREADY_EXISTS', { kind: kindLabels[kind], name })
      const common = { ...createEntity(org, body, { ...clock, ...ids }), status: rules.firstStatus }
      return write(draft, () => entities.create(draft.complete(common, undefined)))
    },

    list: async org => {
      const stored = (await entities.list(org)).filter(({ status }) => status !== 'DELETING')
      const builtIn = builtInOf(org).filter(({ name }) => !stored.some(entity => entity.name === name))
      return builtIn.length === 0 ? stored : [...stored, ...builtIn].sort((a, b) => (a.name < b.name ? -1 : 1))
    },

    get: async (org, name) => present(name, (await entities.get(org, name)) ?? findBuiltIn(org, name)),

    replace: async (org, name, body) => {
      const draft = await rules.draft(org, body)
      const check = (found: T | undefined): T => {
        const held = made(org, name, found)
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
      return write(draft, () => amend(entities, { org, name }, change))
    },

    remove: isImmediate ? removeNow : removeLater,
  }
}
