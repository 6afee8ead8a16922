/** REST operations on functions. */
import { dispatchError, type ErrorName, messageOf, validationError } from '../core/errors.ts'
import type { SchemaCompiler } from '../core/json-schema.ts'
import type { RunRemover } from '../core/ports.ts'
import type { Draft, KindContext } from '../core/verbs.ts'
import type { Operation } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import { sha256Of, sourceUrlOf } from './revision.ts'
import {
  type FunctionBody,
  type FunctionEntity,
  type FunctionVersion,
  functionBody,
  parseLimits,
  parseTerms,
  renderFunction,
  shownFunction,
} from './schema.ts'
import { checkSource } from './source.ts'
import type { Sources } from './sources.ts'

/** What a function can ask for at most. */
export interface Machine {
  memoryMebibytes: number
  cores: number
}

export interface FunctionRouteDependencies extends KindContext {
  functions: Collection<FunctionEntity>
  sources: Pick<Sources, 'storeAround'>
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

/** Where the version's code is; of an update without any it stays where it was. Throws without code at all. */
function codeOf(body: FunctionBody, sourceName: string | undefined, held: FunctionEntity | undefined): Code {
  if (sourceName !== undefined) return { sourceUrl: sourceUrlOf(sourceName), sourceSha256: sourceName }
  if (body.sourceURL) return { sourceUrl: body.sourceURL }
  if (held === undefined) throw dispatchError('NO_SOURCE', {})
  const { sourceUrl, sourceSha256 } = held.wanted
  return { sourceUrl, ...(sourceSha256 !== undefined && { sourceSha256 }) }
}

const refusals: ErrorName[] = ['NO_SOURCE', 'SOURCE_REFUSED', 'SCHEMA_UNUSABLE']

export function createFunctionOperations(dependencies: FunctionRouteDependencies): Operation[] {
  const { functions, sources, runs, machine, schemaCheck, ...context } = dependencies

  const draft = async (org: string, body: FunctionBody): Promise<Draft<FunctionEntity>> => {
    checkBody(body, { machine, schemaCheck })
    const { source: archiveBase64, name: functionName } = body
    if (archiveBase64) await checkSource(Buffer.from(archiveBase64, 'base64'))
    const sourceName = archiveBase64 ? sha256Of(archiveBase64) : undefined
    const wanted = {
      faasId: context.ids.uuid(),
      image: body.image,
      handler: body.handler ?? '',
      terms: parseTerms(body),
      limits: parseLimits(body),
    }
    const fields = { functionImageUrl: null, refused: null, services: body.services ?? [] }
    return {
      complete: (entity, held) => ({
        ...entity,
        ...fields,
        wanted: { ...wanted, ...codeOf(body, sourceName, held) },
        active: held?.active ?? null,
        sourceNames: [...new Set([...(held?.sourceNames ?? []), ...(sourceName ? [sourceName] : [])])],
      }),
      around: write => (archiveBase64 ? sources.storeAround({ org, functionName, archiveBase64 }, write) : write()),
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
      errors: { create: refusals, replace: refusals },
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
