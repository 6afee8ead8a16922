/** Owns `create schedule`. */
import type { ApiClient } from '../client.ts'
import { defineCommand, exactly } from '../command.ts'
import { UsageError } from '../failure.ts'
import { applicationFlag } from '../flag.ts'
import { type JsonObject, renderJson } from '../format/json.ts'
import { loadInput } from '../invocation.ts'
import { renderObject } from '../output.ts'
import { resources } from '../resources.ts'
import { eventTypeOf, findSchedule, renderSchedule } from '../schedules.ts'
import { startPatience, waitFlags, waitUntilReady } from '../wait.ts'
import { applicationTags, tagsOrNull } from './create-object.ts'

const settingsOf = (values: Readonly<Record<string, string>>): JsonObject[] =>
  Object.entries(values)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => ({ key, value }))

interface Parts {
  readonly subscription: JsonObject & { name: string }
  readonly driver: JsonObject & { name: string }
}

/** The subscription first: nothing is emitted before it is there. It does not stay without its driver. */
async function createParts(client: ApiClient, { subscription, driver }: Parts): Promise<void> {
  const { path } = resources.subscription
  await client.request({ method: 'POST', path, body: subscription })
  try {
    await client.request({ method: 'POST', path: resources.driver.path, body: driver })
  } catch (thrown) {
    await client.request({ method: 'DELETE', path: [...path, subscription.name] }).catch(() => undefined)
    throw thrown
  }
}

export const command = defineCommand({
  usage: 'NAME',
  description:
    'Create a schedule: a function that is run at certain times. It is an event driver of the type cron and a subscription, both of its name.',
  examples: [
    `dispatch create schedule report --cron '0 9 * * MON-FRI' --timezone Europe/Berlin --function report`,
    `dispatch create schedule poll --cron '@every 5m' --function poll --input '{"site": "a"}' --wait`,
  ],
  arity: exactly(1),
  flags: {
    ...applicationFlag,
    cron: {
      kind: 'text',
      value: 'EXPRESSION',
      summary: 'when: minute, hour, day of the month, month, day of the week; or @hourly, @daily, @every 5m',
    },
    function: { kind: 'text', value: 'NAME', completes: 'Function', summary: 'function that is run' },
    input: {
      kind: 'text',
      value: 'JSON',
      summary: 'input of the function: any JSON value, @FILE that holds it, or - for standard input',
    },
    timezone: { kind: 'text', value: 'ZONE', summary: 'time zone of the times, such as Europe/Berlin; UTC without' },
    'catch-up': {
      kind: 'text',
      value: 'POLICY',
      completes: ['none', 'last', 'all'],
      summary:
        'which of the times run late that the server was down for: none, the last one (without), or all, up to 100',
    },
    ...waitFlags,
  },
  async run({ args: [name = ''], flags, session, io }) {
    const { cron, function: functionName, application } = flags
    if (cron === '' || functionName === '') throw new UsageError('a schedule needs --cron and --function')
    const data = flags.input === '' ? '' : renderJson(await loadInput(flags.input, io))
    const { timezone, 'catch-up': catchUp } = flags
    const eventType = eventTypeOf(name)
    const config = settingsOf({ cron, timezone, 'catch-up': catchUp, 'event-type': eventType, data })
    const subscription = { name, eventType, function: functionName, secrets: [], tags: tagsOrNull(application) }
    const driver = { name, type: 'cron', config, secrets: [], tags: applicationTags(application) }
    const { output } = await session.settings()
    const client = await session.client()
    const patience = startPatience(flags, io)
    await createParts(client, { subscription, driver })
    if (output === 'table') session.report(`Created schedule: ${name}`)
    for (const resource of [resources.driver, resources.subscription])
      if (patience) await waitUntilReady({ session, io, resource, name, patience })
    if (output !== 'table')
      io.stdout.write(await renderObject(renderSchedule(await findSchedule(client, name)), {}, output))
    return 0
  },
})
