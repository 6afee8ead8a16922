/** REST operations on runs. */
import { Type } from '@sinclair/typebox'
import { normalizeTags } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import { memberText } from '../core/json.ts'
import { hasTags } from '../core/tags.ts'
import { createFilter, tagCondition } from '../http/filter.ts'
import { type Operation, type OperationRequest, operation } from '../http/operation.ts'
import { pathName, runNameInPath } from '../http/shapes.ts'
import type { RunRecord, RunStore } from '../store/port.ts'
import { listRuns, pageParameters, planNextLink, readPage } from './page.ts'
import type { Runner } from './runner.ts'
import { parseTags, runBody, shownRun } from './schema.ts'

const collection = '/v1/runs'
const ofFunction = (description: string) => Type.String({ ...pathName, description, examples: ['hello'] })
const functionName = Type.Optional(ofFunction('Keeps runs of this function'))
const filter = createFilter<RunRecord>({ state: ({ status }) => status }, parseTags)
const since = Type.Optional(
  Type.String({ format: 'int64', description: 'Keeps what was modified later, Unix seconds' }),
)

/** Each run has a name of its own: told by those, no two requests would be alike. */
const functionNameOf = ({ query }: Pick<OperationRequest, 'query'>): string => query.functionName ?? ''

/** No run was modified before 1970, so that an earlier time asks for all. Clients send the year 1 for that. */
function parseSince(text: string | undefined): bigint | undefined {
  const seconds = text === undefined ? undefined : BigInt(text)
  return seconds === undefined || seconds < 0n ? undefined : seconds
}

export function createRunOperations({ runner, runs }: { runner: Runner; runs: RunStore }): Operation[] {
  return [
    operation({
      id: 'runFunction',
      group: 'runs',
      method: 'POST',
      path: collection,
      summary: 'Run a function',
      description: 'A run that fails is answered like any other: its error and status say so.',
      answers: {
        200: { description: 'The run, which has ended, when it is blocking', schema: shownRun },
        202: { description: 'The run, which has not begun, when it is not', schema: shownRun },
      },
      errors: [
        'NO_FUNCTION_NAMED',
        'NO_PAYLOAD',
        'NOT_FOUND',
        'NOT_READY',
        'BUSY',
        'DRAINING',
        'INTERNAL',
        'DISK_FULL',
      ],
      audit: 'counted',
      auditedName: functionNameOf,
      bodySchema: runBody,
      bodyOptional: true,
      // Whoever leaves it out is told so by an error of its own.
      querySchema: Type.Object(
        { functionName: Type.Optional(ofFunction('Name of the function')) },
        { shownAs: { required: ['functionName'] } },
      ),
      handle: async ({ org, query, body, bodyText }) => {
        if (!query.functionName) throw dispatchError('NO_FUNCTION_NAMED', {})
        if (bodyText === '') throw dispatchError('NO_PAYLOAD', {})
        const { blocking = false, httpContext, event, secrets } = body
        const run = runner.run({
          ...{ org, functionName: query.functionName, blocking },
          inputJson: memberText(bodyText, 'input', body.input),
          ...(httpContext && { httpContext }),
          ...(event && { event }),
          ...(secrets && { secrets }),
          tags: normalizeTags(body.tags),
        })
        // Not awaited here: that would keep the parsed body, many times its text, for as long as the call takes.
        return run.then(json => ({ status: blocking ? 200 : 202, json }))
      },
    }),
    operation({
      id: 'getRuns',
      auditedName: functionNameOf,
      group: 'runs',
      method: 'GET',
      path: collection,
      summary: 'List runs, newest first',
      description: 'When there are more than were asked for, the header Link says where the next page is.',
      answers: { 200: { description: 'The runs', schema: Type.Array(shownRun) } },
      errors: ['NOT_FOUND', 'INTERNAL'],
      querySchema: Type.Object({ functionName, since, ...filter.schema.properties, ...pageParameters }),
      handle: async ({ org, query, tags }) => {
        const sinceSeconds = parseSince(query.since)
        const asked = await readPage(runs, org, query)
        const records = await listRuns(runs, {
          query: { org, functionName: query.functionName, sinceSeconds, ...asked },
          keeps: filter.asked({ query, tags }),
        })
        const link = planNextLink({ query, tags, records, asked })
        const json = `[${records.map(record => record.body).join(',')}]`
        return { status: 200, json, ...(link && { headers: { link } }) }
      },
    }),
    operation({
      id: 'getRun',
      group: 'runs',
      method: 'GET',
      path: `${collection}/{runName}`,
      summary: 'Get a run',
      answers: { 200: { description: 'The run', schema: shownRun } },
      auditedName: functionNameOf,
      errors: ['NOT_FOUND', 'INTERNAL'],
      pathSchema: Type.Object({ runName: runNameInPath }),
      querySchema: Type.Object({ functionName, since, tags: tagCondition }),
      handle: async ({ org, path: { runName: name = '' }, query, tags }) => {
        const record = await runs.get(org, name)
        const afterSeconds = parseSince(query.since)
        const isOther = query.functionName !== undefined && record?.functionName !== query.functionName
        const isOlder = record && afterSeconds !== undefined && record.modifiedNs <= afterSeconds * 1_000_000_000n
        if (!record || isOther || isOlder || !hasTags({ tags: parseTags(record) }, tags))
          throw dispatchError('NOT_FOUND', { kind: 'function run', name })
        return { status: 200, json: record.body }
      },
    }),
  ]
}
