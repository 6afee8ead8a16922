/** Owns `get audit`: who asked the server for what, and with which result. */

import { planAudit, planAuditTable } from '../audit.ts'
import { defineCommand, exactly } from '../command.ts'
import { formatWithoutNames } from '../config/settings.ts'
import { auditLine } from '../format/models.ts'
import { renderTable } from '../format/table.ts'
import { renderObject } from '../output.ts'

export const command = defineCommand({
  usage: '',
  description:
    'Show who asked the server for what, the newest first, and with which result: 2xx it was done, 401 nobody was recognized, 403 it was not allowed. Equal requests of a minute share a line.',
  examples: [
    'dispatch get audit --since 1h',
    'dispatch get audit --user jon --resource secret',
    'dispatch get audit --all-organizations --operation login --status 401',
    'dispatch get audit --all-organizations -o json',
  ],
  arity: exactly(0),
  flags: {
    since: { kind: 'duration', value: 'DURATION', summary: 'only what came within this time' },
    user: {
      kind: 'text',
      value: 'USER',
      summary:
        'only of this user, or account as ORGANIZATION/ACCOUNT, or unknown, local and so on as the list shows it',
    },
    status: { kind: 'text', value: 'STATUS', summary: 'only with this result: 403, or 4xx for all that was refused' },
    name: { kind: 'text', value: 'NAME', summary: 'only on the object of this name' },
    operation: { kind: 'text', value: 'OPERATION', summary: 'only of this operation, as the list shows it' },
    resource: { kind: 'text', value: 'RESOURCE', summary: 'only on resources of this kind, as policies name it' },
    limit: { kind: 'integer', value: 'COUNT', summary: 'only so many of the newest, up to 1000; 100 when left out' },
    before: { kind: 'text', value: 'NUMBER', summary: 'only lines older than the one of this number' },
    'all-organizations': { kind: 'toggle', short: 'A', summary: 'of all organizations, and what belongs to none' },
  },
  async run({ flags, session, io }) {
    const output = formatWithoutNames(await session.settings())
    const since = flags.since === undefined ? undefined : new Date(io.now().getTime() - flags.since)
    const allOrganizations = flags['all-organizations']
    const client = await session.client()
    const lines = await client.request(planAudit({ ...flags, since, allOrganizations }))
    if (output !== 'table') io.stdout.write(await renderObject(lines, auditLine, output))
    else io.stdout.write(renderTable(planAuditTable([lines].flat(), io.timeZone)))
    return 0
  },
})
