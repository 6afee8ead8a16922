/** REST operations on functions. */
import { Type } from '@sinclair/typebox'
import { amend } from '../core/amend.ts'
import { type Clock, type Ids, secondsOf } from '../core/clock.ts'
import { checkSameName, createEntity, normalizeTags } from '../core/entity.ts'
import { dispatchError, messageOf, validationError } from '../core/errors.ts'
import { compileJsonSchema } from '../core/json-schema.ts'
import type { RunRemover } from '../core/ports.ts'
import type { AwaitRemoval } from '../core/removal.ts'
import { jsonReply, type Operation, operation } from '../http/operation.ts'
import { pathOf } from '../http/shapes.ts'
import type { Collection } from '../store/port.ts'
import { sourceScheme } from './reconcile.ts'
import {
  type FunctionBody,
  type FunctionEntity,
  functionBody,
  parseLimits,
  parseTerms,
  renderFunction,
  type SourceEntity,
} from './schema.ts'

/** What a function can ask for at most. */
export interface Machine {
  memoryMebibytes: number
  cores: number
}

export interface FunctionRouteDependencies {
  functions: Collection<FunctionEntity>
  sources: Collection<SourceEntity>
  runs: Pick<RunRemover, 'hideOfFunction'>
  awaitRemoval: AwaitRemoval
  clock: Clock
  ids: Ids
  machine: Machine
}

const collection = '/v1/function'
const item = `${collection}/{functionName}`
const pathSchema = pathOf('functionName')

function checkSchema(side: 'in' | 'out', schema: unknown): void {
  try {
    compileJsonSchema(schema)
  } catch (thrown) {
    throw dispatchError('SCHEMA_UNUSABLE', { side, cause: messageOf(thrown) })
  }
}

function checkMaximum(field: string, value: number | undefined, maximum: number): void {
  if (value === undefined || value <= maximum) return
  throw validationError(608, `${field} in body should be less than or equal to ${maximum}`)
}

function checkBody(body: FunctionBody, machine: Machine): void {
  checkMaximum('memory', body.memory, machine.memoryMebibytes)
  checkMaximum('cpu', body.cpu, machine.cores)
  if (!body.source && !body.sourceURL) throw dispatchError('NO_SOURCE', {})
  checkSchema('in', body.schema?.in)
  checkSchema('out', body.schema?.out)
}

export function createFunctionOperations(dependencies: FunctionRouteDependencies): Operation[] {
  const { functions, sources, runs, awaitRemoval, clock, ids, machine } = dependencies
  const present = (name: string, found: FunctionEntity | undefined): FunctionEntity => {
    if (!found || found.status === 'DELETING') throw dispatchError('NOT_FOUND', { kind: 'function', name })
    return found
  }
  /** The code is stored before the function that refers to it: a function never points at nothing. */
  const storeSource = async (org: string, body: FunctionBody): Promise<string[]> => {
    if (!body.source) return []
    const entity = createEntity(org, { name: ids.uuid() }, { ...clock, ...ids })
    const stored = await sources.create({ ...entity, archiveBase64: body.source })
    return [stored.name]
  }
  /** Code whose function could not be written belongs to nobody and goes away again. */
  const withSource = async <T>(org: string, sourceNames: string[], write: () => Promise<T>): Promise<T> => {
    try {
      return await write()
    } catch (thrown) {
      for (const name of sourceNames) await sources.remove(org, name)
      throw thrown
    }
  }
  const fieldsOf = (body: FunctionBody, sourceNames: string[]) => {
    const [stored] = sourceNames
    const sourceUrl = stored === undefined ? (body.sourceURL ?? '') : `${sourceScheme}${stored}`
    return {
      wanted: {
        faasId: ids.uuid(),
        image: body.image,
        handler: body.handler ?? '',
        sourceUrl,
        terms: parseTerms(body),
        limits: parseLimits(body),
      },
      functionImageUrl: null,
      services: body.services ?? [],
    }
  }
  const create = async (org: string, body: FunctionBody): Promise<FunctionEntity> => {
    await awaitRemoval(functions, { kind: 'Function', org, name: body.name })
    if (await functions.get(org, body.name))
      throw dispatchError('ALREADY_EXISTS', { kind: 'function', name: body.name })
    const sourceNames = await storeSource(org, body)
    const entity = {
      ...createEntity(org, body, { ...clock, ...ids }),
      ...fieldsOf(body, sourceNames),
      active: null,
      sourceNames,
    }
    return withSource(org, sourceNames, () => functions.create(entity))
  }
  const replace = async (org: string, name: string, body: FunctionBody): Promise<FunctionEntity> => {
    present(name, await functions.get(org, name))
    checkSameName(name, body.name)
    const sourceNames = await storeSource(org, body)
    const fields = fieldsOf(body, sourceNames)
    const change = (current: FunctionEntity | undefined): FunctionEntity => {
      const entity = present(name, current)
      const modifiedTimeSeconds = secondsOf(clock.nowNs())
      const owned = [...entity.sourceNames, ...sourceNames]
      return {
        ...entity,
        ...fields,
        sourceNames: owned,
        tags: normalizeTags(body.tags),
        status: 'UPDATING',
        reason: null,
        modifiedTimeSeconds,
      }
    }
    return withSource(org, sourceNames, () => amend(functions, { org, name }, change))
  }
  return [
    operation({
      id: 'addFunction',
      method: 'POST',
      path: collection,
      summary: 'Add a function',
      bodySchema: functionBody,
      handle: async ({ org, body }) => {
        checkBody(body, machine)
        return jsonReply(201, renderFunction(await create(org, body)))
      },
    }),
    operation({
      id: 'getFunctions',
      method: 'GET',
      path: collection,
      summary: 'List functions',
      querySchema: Type.Object({ state: Type.Optional(Type.String()) }),
      handle: async ({ org, query }) => {
        const present = (await functions.list(org)).filter(entity => entity.status !== 'DELETING')
        return jsonReply(
          200,
          present.filter(entity => !query.state || entity.status === query.state).map(renderFunction),
        )
      },
    }),
    operation({
      id: 'getFunction',
      method: 'GET',
      path: item,
      summary: 'Get a function',
      pathSchema,
      handle: async ({ org, path: { functionName: name = '' } }) =>
        jsonReply(200, renderFunction(present(name, await functions.get(org, name)))),
    }),
    operation({
      id: 'updateFunction',
      method: 'PUT',
      path: item,
      summary: 'Replace a function',
      pathSchema,
      bodySchema: functionBody,
      handle: async ({ org, path: { functionName: name = '' }, body }) => {
        checkBody(body, machine)
        return jsonReply(200, renderFunction(await replace(org, name, body)))
      },
    }),
    operation({
      id: 'deleteFunction',
      method: 'DELETE',
      path: item,
      summary: 'Delete a function',
      pathSchema,
      handle: async ({ org, path: { functionName: name = '' } }) => {
        let isRepeated = false
        const deleting = await amend(functions, { org, name }, current => {
          if (!current) throw dispatchError('NOT_FOUND', { kind: 'function', name })
          isRepeated = current.status === 'DELETING'
          if (isRepeated) return current
          return { ...current, status: 'DELETING', modifiedTimeSeconds: secondsOf(clock.nowNs()) }
        })
        // When it is repeated the runs may be removed for good already, and would be hidden for ever.
        if (!isRepeated) await runs.hideOfFunction({ org, functionName: name, functionId: deleting.id })
        return jsonReply(200, renderFunction(deleting))
      },
    }),
  ]
}
