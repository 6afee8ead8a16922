/** REST operations on functions. */
import { createHash } from 'node:crypto'
import { createEntity } from '../core/entity.ts'
import { dispatchError, messageOf, validationError } from '../core/errors.ts'
import type { SchemaCompiler } from '../core/json-schema.ts'
import type { RunRemover } from '../core/ports.ts'
import type { Draft, KindContext } from '../core/verbs.ts'
import type { Operation } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import { sourceUrlOf } from './revision.ts'
import {
  type FunctionBody,
  type FunctionEntity,
  type FunctionVersion,
  functionBody,
  parseLimits,
  parseTerms,
  renderFunction,
  type SourceEntity,
  shownFunction,
} from './schema.ts'

/** What a function can ask for at most. */
export interface Machine {
  memoryMebibytes: number
  cores: number
}

export interface FunctionRouteDependencies extends KindContext {
  functions: Collection<FunctionEntity>
  sources: Collection<SourceEntity>
  runs: Pick<RunRemover, 'hideOfFunction'>
  machine: Machine
  schemaCheck: SchemaCompiler
}

function checkSchema(side: 'in' | 'out', compile: () => unknown): void {
  try {
    compile()
  } catch (thrown) {
    throw dispatchError('SCHEMA_UNUSABLE', { side, cause: messageOf(thrown) })
  }
}

function checkMaximum(field: string, value: number | undefined, maximum: number): void {
  if (value === undefined || value <= maximum) return
  throw validationError(608, `${field} in body should be less than or equal to ${maximum}`)
}

function checkBody(
  body: FunctionBody,
  { machine, schemaCheck }: Pick<FunctionRouteDependencies, 'machine' | 'schemaCheck'>,
): void {
  checkMaximum('memory', body.memory, machine.memoryMebibytes)
  checkMaximum('cpu', body.cpu, machine.cores)
  if (!body.source && !body.sourceURL && !body.keepSource) throw dispatchError('NO_SOURCE', {})
  checkSchema('in', () => schemaCheck(body.schema?.in))
  checkSchema('out', () => schemaCheck(body.schema?.out))
}

type Code = Pick<FunctionVersion, 'sourceUrl' | 'sourceSha256'>

const sha256Of = (base64: string): string => createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex')

/** Where the version's code is; of an update without any it stays where it was. Throws without code at all. */
function codeOf(body: FunctionBody, sourceName: string | undefined, held: FunctionEntity | undefined): Code {
  if (body.source && sourceName !== undefined)
    return { sourceUrl: sourceUrlOf(sourceName), sourceSha256: sha256Of(body.source) }
  if (body.sourceURL) return { sourceUrl: body.sourceURL }
  if (held === undefined) throw dispatchError('NO_SOURCE', {})
  const { sourceUrl, sourceSha256 } = held.wanted
  return { sourceUrl, ...(sourceSha256 !== undefined && { sourceSha256 }) }
}

export function createFunctionOperations(dependencies: FunctionRouteDependencies): Operation[] {
  const { functions, sources, runs, machine, schemaCheck, ...context } = dependencies

  /** The code is stored before the function that refers to it; when that cannot be written, the code goes away again. */
  const withSource = async <T>(source: SourceEntity, write: () => Promise<T>): Promise<T> => {
    await sources.create(source)
    try {
      return await write()
    } catch (thrown) {
      // What cannot be removed now is removed at the next start; what is told is why the function was not stored.
      await sources.remove(source.org, source.name).catch(() => undefined)
      throw thrown
    }
  }

  const draft = (org: string, body: FunctionBody): Draft<FunctionEntity> => {
    checkBody(body, dependencies)
    const { clock, ids } = context
    const common = createEntity(org, { name: ids.uuid() }, { ...clock, ...ids })
    const source = body.source ? { ...common, archiveBase64: body.source } : undefined
    const sourceNames = source ? [source.name] : []
    const wanted = {
      faasId: ids.uuid(),
      image: body.image,
      handler: body.handler ?? '',
      terms: parseTerms(body),
      limits: parseLimits(body),
    }
    const fields = { functionImageUrl: null, services: body.services ?? [] }
    return {
      complete: (entity, held) => {
        return {
          ...entity,
          ...fields,
          wanted: { ...wanted, ...codeOf(body, source?.name, held) },
          active: held?.active ?? null,
          sourceNames: [...(held?.sourceNames ?? []), ...sourceNames],
        }
      },
      around: write => (source ? withSource(source, write) : write()),
    }
  }

  return createResourceOperations<FunctionEntity, FunctionBody>(
    {
      kind: 'Function',
      path: '/v1/function',
      parameter: 'functionName',
      operationIds: {
        create: 'addFunction',
        list: 'getFunctions',
        get: 'getFunction',
        replace: 'updateFunction',
        remove: 'deleteFunction',
      },
      words: { one: 'a function', many: 'functions' },
      bodySchema: functionBody,
      shownSchema: shownFunction,
      errors: { create: ['NO_SOURCE', 'SCHEMA_UNUSABLE'], replace: ['NO_SOURCE', 'SCHEMA_UNUSABLE'] },
      notes: {
        create: 'It can be called once it is READY.',
        replace: 'The version that is READY goes on answering until the new one is.',
        remove: 'Its runs go with it. Calls under way may end first.',
      },
      entities: functions,
      firstStatus: 'INITIALIZED',
      filters: { state: ({ status }) => status },
      draft,
      render: renderFunction,
      // When it is repeated the runs may be removed for good already, and would be hidden for ever.
      onRemoved: ({ org, name, id }) => runs.hideOfFunction({ org, functionName: name, functionId: id }),
    },
    context,
  )
}
